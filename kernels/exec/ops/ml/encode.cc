#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
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

// A 1 at the category of each element, along one axis more. Numbers are
// compared as integers. An element of no category gives zeros, or an error when
// `zeros` is 0.
absl::Status RunOneHot(const Node& node, const std::vector<std::string>& names,
                       const KernelContext& context) {
  if (context.values.empty() || !context.values[0].is_tensor()) {
    return NodeError(node, "the input", "a tensor");
  }
  const Tensor& x = context.values[0].tensor();
  const std::string label = NodeLabel(node);
  const std::vector<int64_t> numbers = node.IntsAttribute("cats_int64s");
  const bool strings = x.dtype() == DType::kString;
  if (strings ? names.empty() : numbers.empty()) {
    return NodeError(node, "categories", "those of the input's type",
                     DTypeName(x.dtype()));
  }
  const size_t count = strings ? names.size() : numbers.size();
  std::vector<double> values;
  if (!strings) {
    HONE_ASSIGN_OR_RETURN(values, ReadNumbers(label, context.inputs[0]));
  }
  std::vector<double> y(static_cast<size_t>(x.size()) * count, 0);
  const bool zeros = node.IntAttribute("zeros", 1) != 0;
  for (size_t i = 0; i < static_cast<size_t>(x.size()); ++i) {
    size_t at = 0;
    if (strings) {
      at = static_cast<size_t>(
          std::find(names.begin(), names.end(), x.Strings()[i]) -
          names.begin());
    } else {
      // Truncated as a cast to int64 does; what no int64 holds is no category.
      const bool fits = values[i] > -9.2e18 && values[i] < 9.2e18;
      at =
          fits
              ? static_cast<size_t>(std::find(numbers.begin(), numbers.end(),
                                              static_cast<int64_t>(values[i])) -
                                    numbers.begin())
              : count;
    }
    if (at < count) {
      y[i * count + at] = 1;
    } else if (!zeros) {
      return NodeError(node, "an element", "one of the categories",
                       strings ? x.Strings()[i] : absl::StrCat(values[i]));
    }
  }
  Dims dims = x.dims();
  dims.push_back(static_cast<int64_t>(count));
  HONE_ASSIGN_OR_RETURN(Tensor made,
                        TensorOfNumbers(label, DType::kF32, dims, y));
  context.results[0] = std::move(made);
  return absl::OkStatus();
}

// The inputs' columns side by side, each cut or filled with zeros to the number
// that inputdimensions says.
absl::Status RunFeatures(const Node& node, const KernelContext& context) {
  const std::vector<int64_t> widths = node.IntsAttribute("inputdimensions");
  if (widths.size() != context.inputs.size()) {
    return NodeError(node, "inputdimensions", "one number an input",
                     absl::StrCat(widths.size()));
  }
  int64_t columns = 0, rows = -1;
  std::vector<std::vector<double>> parts;
  for (size_t i = 0; i < widths.size(); ++i) {
    const TensorView& x = context.inputs[i];
    const int64_t n = x.dims.size() < 2 ? 1 : x.dims[0];
    if (rows < 0) rows = n;
    if (!x.present() || widths[i] < 0 || widths[i] > (1 << 30) || n != rows) {
      return NodeError(node, "the inputs", "equal numbers of rows",
                       DimsToString(x.dims));
    }
    columns += widths[i];
    HONE_ASSIGN_OR_RETURN(std::vector<double> part,
                          ReadNumbers(NodeLabel(node), x));
    parts.push_back(std::move(part));
  }
  if (columns > (int64_t{1} << 40) / std::max<int64_t>(1, rows)) {
    return NodeError(node, "inputdimensions", "at most 2^40 features");
  }
  std::vector<double> y;
  for (int64_t r = 0; r < rows; ++r) {
    for (size_t i = 0; i < widths.size(); ++i) {
      const int64_t found = static_cast<int64_t>(parts[i].size()) / rows;
      for (int64_t c = 0; c < widths[i]; ++c) {
        y.push_back(c < found ? parts[i][static_cast<size_t>(r * found + c)]
                              : 0);
      }
    }
  }
  HONE_ASSIGN_OR_RETURN(
      Tensor made,
      TensorOfNumbers(NodeLabel(node), DType::kF32, {rows, columns}, y));
  context.results[0] = std::move(made);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeOneHotEncoder(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(std::vector<std::string> names,
                        StringsAttribute(*spec.node, "cats_strings"));
  return MakeFunctionKernel({"one_hot_encoder", false, true, true},
                            [names = std::move(names),
                             node = *spec.node](const KernelContext& context) {
                              return RunOneHot(node, names, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeFeatureVectorizer(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"feature_vectorizer", false, true},
                            [node = *spec.node](const KernelContext& context) {
                              return RunFeatures(node, context);
                            });
}

}  // namespace hone
