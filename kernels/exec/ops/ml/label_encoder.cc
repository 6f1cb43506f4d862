#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/strings.h"
#include "kernels/exec/ops/ml/ml.h"

namespace hone {
namespace {

// Numbers or strings, with the type that they are written as.
struct Labels {
  DType dtype = DType::kUndefined;
  std::vector<double> numbers;
  std::vector<std::string> strings;

  size_t size() const {
    return dtype == DType::kString ? strings.size() : numbers.size();
  }
};

absl::StatusOr<Labels> LabelsOf(const std::string& label, const Tensor& t) {
  Labels labels;
  labels.dtype = t.dtype();
  if (t.dtype() == DType::kString) {
    labels.strings = t.Strings();
    return labels;
  }
  const Tensor aligned = t.Aligned();
  TensorView view;
  view.dtype = t.dtype();
  view.dims = t.dims();
  view.size = t.size();
  view.data = aligned.bytes().data();
  HONE_ASSIGN_OR_RETURN(labels.numbers, ReadNumbers(label, view));
  return labels;
}

// The attribute of one of the names: PREFIX_tensor, _strings, _int64s, _floats.
absl::StatusOr<Labels> ListOf(const Node& node, const std::string& prefix) {
  Labels labels;
  if (const Attribute* a = node.FindAttribute(prefix + "_tensor")) {
    const auto* tensor = std::get_if<Tensor>(&a->data);
    if (tensor == nullptr) return NodeError(node, a->name, "a tensor");
    return LabelsOf(NodeLabel(node), *tensor);
  }
  HONE_ASSIGN_OR_RETURN(labels.strings,
                        StringsAttribute(node, prefix + "_strings"));
  labels.dtype = DType::kString;
  if (!labels.strings.empty()) return labels;
  const auto ints = node.IntsAttribute(prefix + "_int64s");
  if (!ints.empty()) {
    labels.dtype = DType::kS64;
    labels.numbers.assign(ints.begin(), ints.end());
    return labels;
  }
  const auto floats = node.FloatsAttribute(prefix + "_floats");
  labels.dtype = floats.empty() ? DType::kUndefined : DType::kF32;
  labels.numbers.assign(floats.begin(), floats.end());
  return labels;
}

class Encoder {
 public:
  static absl::StatusOr<Encoder> Of(const Node& node) {
    Encoder encoder;
    Labels keys;
    if (node.op_type == "CategoryMapper") {
      HONE_RETURN_IF_ERROR(encoder.OfCategories(node));
      return encoder;
    }
    if (node.FindAttribute("classes_strings") != nullptr) {
      HONE_RETURN_IF_ERROR(encoder.OfClasses(node));
      return encoder;
    }
    HONE_ASSIGN_OR_RETURN(keys, ListOf(node, "keys"));
    HONE_ASSIGN_OR_RETURN(encoder.values_, ListOf(node, "values"));
    if (keys.size() != encoder.values_.size() || keys.size() == 0) {
      return NodeError(
          node, "keys and values", "as many, at least one",
          absl::StrCat(keys.size(), " and ", encoder.values_.size()));
    }
    encoder.of_strings_ = keys.dtype == DType::kString;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (encoder.of_strings_) {
        encoder.by_string_.emplace(keys.strings[i], i);
      } else if (std::isnan(keys.numbers[i])) {
        encoder.nan_ = static_cast<int64_t>(i);
      } else {
        encoder.by_number_.emplace(keys.numbers[i], i);
      }
    }
    HONE_RETURN_IF_ERROR(encoder.ReadDefault(node));
    return encoder;
  }

  absl::Status Run(const Node& node, const std::string& label,
                   const KernelContext& context) const {
    if (context.values.empty() || !context.values[0].is_tensor()) {
      return NodeError(node, "the input", "a tensor", "something else");
    }
    const Tensor& x = context.values[0].tensor();
    const bool strings = x.dtype() == DType::kString;
    // Of version 1, numbers go back to the names.
    const bool back = classes_ && !strings;
    if (!back && strings != of_strings_) {
      return NodeError(node, "the input", of_strings_ ? "strings" : "numbers",
                       DTypeName(x.dtype()));
    }
    HONE_ASSIGN_OR_RETURN(const Labels input, LabelsOf(label, x));
    std::vector<std::string> names;
    std::vector<double> numbers;
    const bool to_names = back || values_.dtype == DType::kString;
    for (size_t i = 0; i < input.size(); ++i) {
      const int64_t at = back      ? PlaceOf(input.numbers[i])
                         : strings ? Find(by_string_, input.strings[i])
                         : std::isnan(input.numbers[i])
                             ? nan_
                             : Find(by_number_, input.numbers[i]);
      if (to_names) {
        const auto& list = back ? names_ : values_.strings;
        names.push_back(at < 0 ? default_string_
                               : list[static_cast<size_t>(at)]);
      } else {
        numbers.push_back(at < 0 ? default_number_
                                 : values_.numbers[static_cast<size_t>(at)]);
      }
    }
    if (to_names) {
      context.results[0] = Tensor::FromStrings(x.dims(), std::move(names));
      return absl::OkStatus();
    }
    HONE_ASSIGN_OR_RETURN(
        Tensor y, TensorOfNumbers(label, values_.dtype, x.dims(), numbers));
    context.results[0] = std::move(y);
    return absl::OkStatus();
  }

 private:
  template <typename Map, typename Key>
  static int64_t Find(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? -1 : static_cast<int64_t>(found->second);
  }
  int64_t PlaceOf(double number) const {
    if (!by_number_.empty()) return Find(by_number_, number);
    return number >= 0 && number < static_cast<double>(names_.size())
               ? static_cast<int64_t>(number)
               : -1;
  }

  // Strings become the numbers at their places, and numbers the strings.
  absl::Status OfCategories(const Node& node) {
    HONE_ASSIGN_OR_RETURN(names_, StringsAttribute(node, "cats_strings"));
    const std::vector<int64_t> numbers = node.IntsAttribute("cats_int64s");
    if (numbers.size() != names_.size() || names_.empty()) {
      return NodeError(node, "cats_strings and cats_int64s",
                       "as many, at least one",
                       absl::StrCat(names_.size(), " and ", numbers.size()));
    }
    classes_ = of_strings_ = true;
    values_.dtype = DType::kS64;
    for (size_t i = 0; i < names_.size(); ++i) {
      by_string_.emplace(names_[i], i);
      by_number_.emplace(static_cast<double>(numbers[i]), i);
      values_.numbers.push_back(static_cast<double>(numbers[i]));
    }
    return ReadDefault(node);
  }

  absl::Status OfClasses(const Node& node) {
    HONE_ASSIGN_OR_RETURN(names_, StringsAttribute(node, "classes_strings"));
    classes_ = of_strings_ = true;
    values_.dtype = DType::kS64;
    for (size_t i = 0; i < names_.size(); ++i) {
      by_string_.emplace(names_[i], i);
      values_.numbers.push_back(static_cast<double>(i));
    }
    default_number_ =
        static_cast<double>(node.IntAttribute("default_int64", -1));
    default_string_ = node.StringAttribute("default_string", "_Unused");
    return absl::OkStatus();
  }

  absl::Status ReadDefault(const Node& node) {
    if (const Attribute* a = node.FindAttribute("default_tensor")) {
      const auto* tensor = std::get_if<Tensor>(&a->data);
      if (tensor == nullptr || tensor->size() != 1) {
        return NodeError(node, "default_tensor", "one element");
      }
      HONE_ASSIGN_OR_RETURN(const Labels one,
                            LabelsOf(NodeLabel(node), *tensor));
      if (one.dtype == DType::kString) {
        default_string_ = one.strings[0];
      } else {
        default_number_ = one.numbers[0];
      }
      return absl::OkStatus();
    }
    default_string_ = node.StringAttribute("default_string", "_Unused");
    default_number_ =
        values_.dtype == DType::kS64
            ? static_cast<double>(node.IntAttribute("default_int64", -1))
            : node.FloatAttribute("default_float", -0.0f);
    return absl::OkStatus();
  }

  bool of_strings_ = false, classes_ = false;
  std::map<std::string, size_t> by_string_;
  std::map<double, size_t> by_number_;
  int64_t nan_ = -1;  // the place of the key NaN
  Labels values_;
  std::vector<std::string> names_;
  std::string default_string_;
  double default_number_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeLabelEncoder(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(Encoder encoder, Encoder::Of(*spec.node));
  return MakeFunctionKernel(
      {"label_encoder", false, true, true},
      [encoder = std::move(encoder), node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return encoder.Run(node, label, context);
      });
}

}  // namespace hone
