#include "kernels/exec/ops/sequence/sequence.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"

namespace hone {
namespace {

constexpr FunctionKernelOptions kOfValues = {"sequence", false, true, true};

absl::StatusOr<std::vector<Value>> Elements(const Node& node,
                                            const Value& value) {
  if (value.kind() != Value::Kind::kSequence) {
    return NodeError(node, "the first input", "a sequence", "something else");
  }
  return value.sequence();
}

// The position that input `index` tells, counted from the front; `otherwise`
// when it is absent. At most `last`.
absl::StatusOr<int64_t> Position(const Node& node, const KernelContext& context,
                                 size_t index, int64_t otherwise, int64_t size,
                                 int64_t last) {
  if (node.Input(index).empty()) return otherwise;
  const Value& value = context.values[index];
  std::optional<double> number;
  if (value.is_tensor()) {
    HONE_ASSIGN_OR_RETURN(number, ScalarElement(value.tensor()));
  }
  if (!number.has_value() || !(*number >= -size && *number <= last)) {
    return NodeError(node, "position", absl::StrCat(-size, " to ", last),
                     number.has_value() ? absl::StrCat(*number) : "no number");
  }
  const auto position = static_cast<int64_t>(*number);
  return position < 0 ? position + size : position;
}

absl::Status RunSequence(const Node& node, const KernelContext& context) {
  if (node.op_type == "SequenceEmpty") {
    context.results[0] = Value::Sequence({});
    return absl::OkStatus();
  }
  if (node.op_type == "SequenceConstruct") {
    context.results[0] = Value::Sequence(
        std::vector<Value>(context.values.begin(), context.values.end()));
    return absl::OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(std::vector<Value> elements,
                        Elements(node, context.values[0]));
  const auto size = static_cast<int64_t>(elements.size());
  if (node.op_type == "SequenceLength") {
    context.results[0] = Tensor::Scalar<int64_t>(size);
  } else if (node.op_type == "SequenceAt") {
    HONE_ASSIGN_OR_RETURN(const int64_t at,
                          Position(node, context, 1, 0, size, size - 1));
    context.results[0] = elements[static_cast<size_t>(at)];
  } else if (node.op_type == "SequenceErase") {
    if (size == 0) return NodeError(node, "elements of the sequence", "some");
    HONE_ASSIGN_OR_RETURN(const int64_t at,
                          Position(node, context, 1, size - 1, size, size - 1));
    elements.erase(elements.begin() + at);
    context.results[0] = Value::Sequence(std::move(elements));
  } else {  // SequenceInsert
    HONE_ASSIGN_OR_RETURN(const int64_t at,
                          Position(node, context, 2, size, size, size));
    elements.insert(elements.begin() + at, context.values[1]);
    context.results[0] = Value::Sequence(std::move(elements));
  }
  return absl::OkStatus();
}

absl::Status RunOptional(const Node& node, const KernelContext& context) {
  const bool given = !node.Input(0).empty();
  const Value value = given ? context.values[0] : Value();
  const bool has = value.kind() != Value::Kind::kNone;
  if (node.op_type == "OptionalHasElement") {
    context.results[0] = Tensor::Scalar<bool>(has);
    return absl::OkStatus();
  }
  if (node.op_type == "OptionalGetElement" && !has) {
    return NodeError(node, "the optional", "a value", "none");
  }
  context.results[0] = value;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeSequence(const KernelSpec& spec) {
  return MakeFunctionKernel(kOfValues,
                            [node = *spec.node](const KernelContext& context) {
                              return RunSequence(node, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeOptional(const KernelSpec& spec) {
  FunctionKernelOptions options = kOfValues;
  options.name = "optional";
  return MakeFunctionKernel(options,
                            [node = *spec.node](const KernelContext& context) {
                              return RunOptional(node, context);
                            });
}

}  // namespace hone
