#include "kernels/exec/ops/loss/loss.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/loss/loss.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

struct LossOptions {
  LossReduction reduction = LossReduction::kMean;
  std::optional<int64_t> ignore;
  bool softmax = false;  // x holds scores, not log-probabilities
};

absl::Status RunLoss(const LossOptions& options, const Node& node,
                     const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const TensorView& x = context.inputs[0];
  if (x.dims.size() < 2) {
    return NodeError(node, "rank of the scores", "at least 2",
                     absl::StrCat(x.dims.size()));
  }
  const LossShape shape = {x.dims[0], x.dims[1],
                           Product(x.dims, 2, x.dims.size())};
  Dims target_dims = x.dims;
  target_dims.erase(target_dims.begin() + 1);
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "target", target_dims, context.inputs[1].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> target,
                        IndexElements(label, context.inputs[1]));
  for (const int64_t c : target) {
    if (c != options.ignore && (c < 0 || c >= shape.classes)) {
      return NodeError(node, "a target",
                       absl::StrCat("0 to ", shape.classes - 1),
                       absl::StrCat(c));
    }
  }
  std::vector<double> weight;
  if (context.inputs.size() > 2 && context.inputs[2].present()) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "weight", {shape.classes}, context.inputs[2].dims));
    HONE_ASSIGN_OR_RETURN(weight, ReadNumbers(label, context.inputs[2]));
  }
  HONE_ASSIGN_OR_RETURN(std::vector<double> p, ReadNumbers(label, x));
  if (options.softmax) p = LogSoftmaxOverClasses(p, shape);
  if (context.outputs.size() > 1) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, p, context.outputs[1]));
  }
  return WriteNumbers(label,
                      NegativeLogLikelihood(p, target, weight, shape,
                                            options.ignore, options.reduction),
                      context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeLoss(const KernelSpec& spec) {
  static constexpr absl::string_view kReductions[] = {"none", "sum", "mean"};
  AttributeReader read(*spec.node);
  LossOptions options;
  options.reduction = static_cast<LossReduction>(
      read.Choice("reduction", "mean", absl::MakeConstSpan(kReductions)));
  if (read.Has("ignore_index")) options.ignore = read.Int("ignore_index", 0);
  options.softmax = spec.node->op_type == "SoftmaxCrossEntropyLoss";
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"loss"}, [options, node = *spec.node,
                 label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunLoss(options, node, label, context);
      });
}

}  // namespace hone
