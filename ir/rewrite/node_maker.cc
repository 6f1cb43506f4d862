#include "ir/rewrite/node_maker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {

std::string NodeMaker::In(size_t index) const {
  return std::string(node_.Input(index));
}

std::string NodeMaker::Out(size_t index) const {
  return std::string(node_.Output(index));
}

DType NodeMaker::DTypeOf(absl::string_view value) const {
  const Type& type = types_.TypeOf(value);
  return type.is_tensor() ? type.dtype : DType::kUndefined;
}

std::optional<int64_t> NodeMaker::RankOf(absl::string_view value) const {
  const Type& type = types_.TypeOf(value);
  if (!type.is_tensor() || !type.shape.has_value()) return std::nullopt;
  return static_cast<int64_t>(type.shape->size());
}

int64_t NodeMaker::ExtentOf(absl::string_view value, int64_t axis) const {
  const std::optional<int64_t> rank = RankOf(value);
  if (!rank.has_value() || axis < 0 || axis >= *rank) return -1;
  const Dim& dim = (*types_.TypeOf(value).shape)[static_cast<size_t>(axis)];
  return dim.known() ? dim.value : -1;
}

NodeMaker::Attributes NodeMaker::Keep(
    std::initializer_list<absl::string_view> names) const {
  Attributes kept;
  for (const absl::string_view name : names) {
    const Attribute* attribute = node_.FindAttribute(name);
    if (attribute != nullptr) kept.push_back(*attribute);
  }
  return kept;
}

NodeMaker::Names NodeMaker::AddMany(absl::string_view op_type, Names inputs,
                                    size_t outputs, Attributes attributes,
                                    absl::string_view domain) {
  Names names;
  for (size_t i = 0; i < outputs; ++i) {
    names.push_back(names_.Fresh(absl::StrCat(node_.op_type, "/", op_type)));
  }
  AddAs(names, op_type, std::move(inputs), std::move(attributes), domain);
  return names;
}

std::string NodeMaker::Add(absl::string_view op_type, Names inputs,
                           Attributes attributes, absl::string_view domain) {
  return AddMany(op_type, std::move(inputs), 1, std::move(attributes),
                 domain)[0];
}

void NodeMaker::AddAs(Names outputs, absl::string_view op_type, Names inputs,
                      Attributes attributes, absl::string_view domain) {
  if (std::all_of(outputs.begin(), outputs.end(),
                  [](const std::string& name) { return name.empty(); })) {
    return;
  }
  while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();
  Node made;
  made.op_type = std::string(op_type);
  made.domain = std::string(domain);
  // Errors speak of the node that the user wrote.
  made.name = NodeLabel(node_);
  made.inputs = std::move(inputs);
  made.outputs = std::move(outputs);
  made.attributes = std::move(attributes);
  out_.push_back(std::move(made));
}

std::string NodeMaker::Constant(Tensor tensor) {
  return Add("Constant", {}, {Attribute::OfTensor("value", std::move(tensor))});
}

std::string NodeMaker::Ints(std::vector<int64_t> values) {
  return Constant(Tensor::FromVector<int64_t>(
      {static_cast<int64_t>(values.size())}, absl::MakeConstSpan(values)));
}

absl::StatusOr<std::string> NodeMaker::Scalar(DType dtype, float value) {
  if (dtype == DType::kF32) return Constant(Tensor::Scalar<float>(value));
  if (dtype == DType::kF64) {
    return Constant(Tensor::Scalar<double>(static_cast<double>(value)));
  }
  if (dtype != DType::kF16 && dtype != DType::kBF16) {
    return Unimplemented("the element type is not known to be a float");
  }
  const std::string single = Constant(Tensor::Scalar<float>(value));
  return Add("Cast", {single},
             {Attribute::Int("to", static_cast<int64_t>(dtype))});
}

std::string NodeMaker::Unsqueeze(const std::string& x, int64_t axis) {
  if (opset_ < 13) {
    return Add("Unsqueeze", {x}, {Attribute::Ints("axes", {axis})});
  }
  return Add("Unsqueeze", {x, Ints({axis})});
}

std::string NodeMaker::Transpose(const std::string& x,
                                 std::vector<int64_t> perm) {
  return Add("Transpose", {x}, {Attribute::Ints("perm", std::move(perm))});
}

std::string NodeMaker::ChannelsFirst(const std::string& x, int64_t rank) {
  std::vector<int64_t> perm = {0, rank - 1};
  for (int64_t i = 1; i < rank - 1; ++i) perm.push_back(i);
  return Transpose(x, std::move(perm));
}

std::string NodeMaker::ChannelsLast(const std::string& x, int64_t rank) {
  std::vector<int64_t> perm = {0};
  for (int64_t i = 2; i < rank; ++i) perm.push_back(i);
  perm.push_back(1);
  return Transpose(x, std::move(perm));
}

absl::Status NodeMaker::Unimplemented(absl::string_view what) const {
  ErrorDetail detail;
  detail.node = NodeLabel(node_);
  return MakeError(absl::StatusCode::kUnimplemented,
                   absl::StrCat(node_.domain, node_.domain.empty() ? "" : ".",
                                node_.op_type, ": ", what),
                   detail);
}

}  // namespace hone
