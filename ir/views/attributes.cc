#include "ir/views/attributes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"

namespace hone {
namespace {

template <typename T>
std::vector<int64_t> Widen(const Tensor& tensor) {
  const Tensor aligned = tensor.Aligned();
  const absl::Span<const T> values = aligned.Values<T>();
  return {values.begin(), values.end()};
}

}  // namespace

std::vector<const Tensor*> ConstantInputsOf(const Node& node,
                                            const GraphIndex& index) {
  std::vector<const Tensor*> constants;
  constants.reserve(node.inputs.size());
  for (const std::string& input : node.inputs) {
    constants.push_back(input.empty() ? nullptr : index.ConstantTensor(input));
  }
  return constants;
}

absl::Status NodeError(const Node& node, absl::string_view what,
                       absl::string_view expected, absl::string_view found) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, what,
      {"", NodeLabel(node), std::string(expected), std::string(found)});
}

absl::StatusOr<std::vector<int64_t>> IntegerElements(const Tensor& tensor) {
  if (tensor.rank() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected at most one axis, found shape ",
                     DimsToString(tensor.dims())));
  }
  switch (tensor.dtype()) {
    case DType::kS64:
      return Widen<int64_t>(tensor);
    case DType::kS32:
      return Widen<int32_t>(tensor);
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("expected int64 or int32 elements, found ",
                       DTypeName(tensor.dtype())));
  }
}

absl::StatusOr<double> ScalarElement(const Tensor& tensor) {
  if (tensor.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected one element, found shape ", DimsToString(tensor.dims())));
  }
  if (HasRealElements(tensor.dtype())) return RealElement(tensor, 0);
  if (HasIntegerElements(tensor.dtype())) {
    return static_cast<double>(IntegerElement(tensor, 0));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected a number, found ", DTypeName(tensor.dtype())));
}

absl::StatusOr<int64_t> FrontAxis(const Node& node, int64_t axis,
                                  int64_t rank) {
  if (axis < -rank || axis >= rank) {
    return NodeError(node, "axis out of range",
                     absl::StrCat("an axis in [", -rank, ", ", rank, ")"),
                     absl::StrCat(axis));
  }
  return axis < 0 ? axis + rank : axis;
}

absl::StatusOr<std::vector<int64_t>> FrontAxes(const Node& node,
                                               absl::Span<const int64_t> axes,
                                               int64_t rank) {
  std::vector<int64_t> front;
  front.reserve(axes.size());
  for (int64_t axis : axes) {
    HONE_ASSIGN_OR_RETURN(const int64_t f, FrontAxis(node, axis, rank));
    front.push_back(f);
  }
  std::sort(front.begin(), front.end());
  if (std::adjacent_find(front.begin(), front.end()) != front.end()) {
    return NodeError(node, "an axis is named twice", "distinct axes",
                     absl::StrJoin(axes, ", "));
  }
  return front;
}

template <typename T>
const T* AttributeReader::Find(absl::string_view name, absl::string_view kind) {
  const Attribute* attribute = node_.FindAttribute(name);
  if (attribute == nullptr) return nullptr;
  if (!attribute->ref_attr_name.empty()) {
    Fail(absl::StrCat("attribute ", name), "a value",
         absl::StrCat("a reference to the function's attribute ",
                      attribute->ref_attr_name));
    return nullptr;
  }
  const T* value = std::get_if<T>(&attribute->data);
  // An empty list is written without a type that tells it from another list.
  if (value == nullptr) {
    Fail(absl::StrCat("attribute ", name), kind,
         absl::StrCat("kind ", static_cast<int>(attribute->kind)));
  }
  return value;
}

bool AttributeReader::Has(absl::string_view name) const {
  return node_.FindAttribute(name) != nullptr;
}

int64_t AttributeReader::Int(absl::string_view name, int64_t otherwise) {
  const int64_t* value = Find<int64_t>(name, "an int");
  return value == nullptr ? otherwise : *value;
}

bool AttributeReader::Bool(absl::string_view name, bool otherwise) {
  return Int(name, otherwise ? 1 : 0) != 0;
}

int64_t AttributeReader::IntIn(absl::string_view name, int64_t otherwise,
                               int64_t low, int64_t high) {
  const int64_t value = Int(name, otherwise);
  if (value < low || value > high) {
    Fail(absl::StrCat("attribute ", name),
         absl::StrCat("a number in [", low, ", ", high, "]"),
         absl::StrCat(value));
  }
  return value;
}

float AttributeReader::Float(absl::string_view name, float otherwise) {
  const float* value = Find<float>(name, "a float");
  return value == nullptr ? otherwise : *value;
}

std::string AttributeReader::String(absl::string_view name,
                                    absl::string_view otherwise) {
  const std::string* value = Find<std::string>(name, "a string");
  return value == nullptr ? std::string(otherwise) : *value;
}

std::vector<int64_t> AttributeReader::Ints(absl::string_view name) {
  const auto* value = Find<std::vector<int64_t>>(name, "a list of ints");
  return value == nullptr ? std::vector<int64_t>() : *value;
}

std::vector<float> AttributeReader::Floats(absl::string_view name) {
  const auto* value = Find<std::vector<float>>(name, "a list of floats");
  return value == nullptr ? std::vector<float>() : *value;
}

size_t AttributeReader::Choice(absl::string_view name,
                               absl::string_view otherwise,
                               absl::Span<const absl::string_view> choices) {
  const std::string value = String(name, otherwise);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (value == choices[i]) return i;
  }
  Fail(absl::StrCat("attribute ", name),
       absl::StrCat("one of ", absl::StrJoin(choices, ", ")), value);
  return 0;
}

std::optional<std::vector<int64_t>> AttributeReader::InputInts(
    size_t index, ConstantInputs constants) {
  if (index >= constants.size() || constants[index] == nullptr ||
      !HasInput(index)) {
    return std::nullopt;
  }
  absl::StatusOr<std::vector<int64_t>> values =
      IntegerElements(*constants[index]);
  if (!values.ok()) {
    Fail(absl::StrCat("input ", node_.Input(index), ": ",
                      values.status().message()));
    return std::nullopt;
  }
  return *std::move(values);
}

std::optional<double> AttributeReader::InputScalar(size_t index,
                                                   ConstantInputs constants) {
  if (index >= constants.size() || constants[index] == nullptr ||
      !HasInput(index)) {
    return std::nullopt;
  }
  const absl::StatusOr<double> value = ScalarElement(*constants[index]);
  if (!value.ok()) {
    Fail(absl::StrCat("input ", node_.Input(index), ": ",
                      value.status().message()));
    return std::nullopt;
  }
  return *value;
}

void AttributeReader::Fail(absl::string_view what, absl::string_view expected,
                           absl::string_view found) {
  if (status_.ok()) status_ = NodeError(node_, what, expected, found);
}

void AttributeReader::Fail(const absl::Status& status) {
  if (status_.ok()) status_ = WithNode(status, NodeLabel(node_));
}

}  // namespace hone
