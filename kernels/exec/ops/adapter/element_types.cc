#include "kernels/exec/ops/adapter/element_types.h"

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"

namespace hone {

absl::Status UnimplementedError(const KernelSpec& spec, absl::string_view what,
                                absl::string_view expected,
                                absl::string_view found) {
  const Node& node = *spec.node;
  ErrorDetail detail;
  detail.node = NodeLabel(node);
  detail.expected = std::string(expected);
  detail.found = std::string(found);
  return MakeError(
      absl::StatusCode::kUnimplemented,
      absl::StrCat(what, " of ", node.domain, node.domain.empty() ? "" : ".",
                   node.op_type, " (opset ", spec.opset, ") has no kernel"),
      detail);
}

absl::Status UnimplementedDType(absl::string_view label, DType dtype) {
  ErrorDetail detail;
  detail.node = std::string(label);
  detail.found = std::string(DTypeName(dtype));
  return MakeError(absl::StatusCode::kUnimplemented,
                   "the element type has no kernel", detail);
}

size_t ElementBytes(DType dtype) {
  const int bits = BitsPerElement(dtype);
  return bits >= 8 ? static_cast<size_t>(bits) / 8 : 0;
}

absl::Status CheckMovable(const KernelSpec& spec, size_t index) {
  if (index >= spec.input_types.size()) return absl::OkStatus();
  const DType dtype = spec.input_types[index].dtype;
  if (dtype == DType::kUndefined || ElementBytes(dtype) != 0) {
    return absl::OkStatus();
  }
  return UnimplementedError(spec, "the element type", {}, DTypeName(dtype));
}

}  // namespace hone
