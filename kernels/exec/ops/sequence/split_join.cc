#include <algorithm>
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
#include "kernels/exec/ops/sequence/pieces.h"
#include "kernels/exec/ops/sequence/sequence.h"

namespace hone {
namespace {

// Where each piece ends.
absl::StatusOr<std::vector<int64_t>> Ends(const Node& node,
                                          const KernelContext& context,
                                          int64_t extent) {
  std::vector<int64_t> ends;
  int64_t step = 1;
  if (!node.Input(1).empty()) {
    if (!context.values[1].is_tensor()) {
      return NodeError(node, "split", "a tensor", "something else");
    }
    const Tensor& split = context.values[1].tensor();
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> sizes,
                          IntegerElements(split));
    if (split.rank() > 0) {
      int64_t end = 0;
      for (const int64_t size : sizes) {
        if (size < 0 || size > extent - end) {
          return NodeError(node, "sum of split", absl::StrCat(extent),
                           "another");
        }
        ends.push_back(end += size);
      }
      if (end != extent) {
        return NodeError(node, "sum of split", absl::StrCat(extent),
                         absl::StrCat(end));
      }
      return ends;
    }
    step = sizes[0];
    if (step < 1) {
      return NodeError(node, "split", "at least 1", absl::StrCat(step));
    }
  }
  for (int64_t end = 0; end < extent;) {
    end += std::min(step, extent - end);
    ends.push_back(end);
  }
  return ends;
}

absl::Status RunSplit(const Node& node, const KernelContext& context) {
  if (!context.values[0].is_tensor()) {
    return NodeError(node, "the first input", "a tensor", "something else");
  }
  const Tensor& x = context.values[0].tensor();
  HONE_ASSIGN_OR_RETURN(
      const int64_t axis,
      FrontAxis(node, node.IntAttribute("axis", 0), x.rank()));
  const bool drop =
      node.Input(1).empty() && node.IntAttribute("keepdims", 1) == 0;
  HONE_ASSIGN_OR_RETURN(
      const std::vector<int64_t> ends,
      Ends(node, context, x.dims()[static_cast<size_t>(axis)]));
  std::vector<Value> pieces;
  int64_t begin = 0;
  for (const int64_t end : ends) {
    HONE_ASSIGN_OR_RETURN(Tensor piece, CutPiece(x, axis, begin, end));
    if (drop) {
      Dims dims = piece.dims();
      dims.erase(dims.begin() + axis);
      piece = piece.Reshaped(std::move(dims));
    }
    pieces.emplace_back(std::move(piece));
    begin = end;
  }
  context.results[0] = Value::Sequence(std::move(pieces));
  return absl::OkStatus();
}

absl::Status RunConcat(const Node& node, const KernelContext& context) {
  const Value& sequence = context.values[0];
  if (sequence.kind() != Value::Kind::kSequence ||
      sequence.sequence().empty()) {
    return NodeError(node, "the first input", "a sequence of tensors",
                     sequence.kind() == Value::Kind::kSequence
                         ? "an empty sequence"
                         : "something else");
  }
  const bool stack = node.IntAttribute("new_axis", 0) != 0;
  std::vector<Tensor> parts;
  for (const Value& value : sequence.sequence()) {
    if (!value.is_tensor()) {
      return NodeError(node, "an element", "a tensor", "something else");
    }
    parts.push_back(value.tensor());
  }
  HONE_ASSIGN_OR_RETURN(const int64_t axis,
                        FrontAxis(node, node.IntAttribute("axis", 0),
                                  parts[0].rank() + (stack ? 1 : 0)));
  if (stack) {
    for (Tensor& part : parts) {
      Dims dims = part.dims();
      if (axis <= static_cast<int64_t>(dims.size())) {
        dims.insert(dims.begin() + axis, 1);
      }
      part = part.Reshaped(std::move(dims));
    }
  }
  HONE_ASSIGN_OR_RETURN(Tensor joined, JoinPieces(parts, axis));
  context.results[0] = std::move(joined);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeSplitToSequence(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"split_to_sequence", false, true, true},
                            [node = *spec.node](const KernelContext& context) {
                              return RunSplit(node, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeConcatFromSequence(
    const KernelSpec& spec) {
  return MakeFunctionKernel({"concat_from_sequence", false, true, true},
                            [node = *spec.node](const KernelContext& context) {
                              return RunConcat(node, context);
                            });
}

}  // namespace hone
