#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/normalization_view.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/norm/norm.h"

namespace hone {
namespace {

// Outputs: y, then running = running * momentum + batch * (1 - momentum) of
// mean and (population) variance.
absl::Status Run(const BatchNormalizationView& view, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 5));
  const Dims& dims = context.inputs[0].dims;
  if (dims.size() < 2) return NodeError(node, "rank of the input", "2 up");
  const int64_t channels = dims[1];
  const int64_t inner = Product(dims, 2, dims.size());
  std::vector<double> in[5];
  for (size_t i = 0; i < 5; ++i) {
    HONE_ASSIGN_OR_RETURN(in[i], ReadNumbers(label, context.inputs[i]));
    if (i == 0) continue;
    HONE_RETURN_IF_ERROR(ExpectDims(label, "a channel parameter", {channels},
                                    context.inputs[i].dims));
  }
  std::vector<double>& x = in[0];
  const auto count = static_cast<double>(dims[0] * inner);
  for (int64_t c = 0; c < channels; ++c) {
    const auto for_each = [&](auto f) {
      for (int64_t n = 0; n < dims[0]; ++n) {
        double* plane = x.data() + (n * channels + c) * inner;
        for (int64_t i = 0; i < inner; ++i) f(plane[i]);
      }
    };
    double sum = 0, square = 0;
    for_each([&](double value) { sum += value; });
    const double mean = sum / count;
    for_each([&](double value) { square += (value - mean) * (value - mean); });
    const double variance = square / count;
    const auto at = static_cast<size_t>(c);
    const double factor = in[1][at] / std::sqrt(variance + view.epsilon);
    for_each(
        [&](double& value) { value = (value - mean) * factor + in[2][at]; });
    in[3][at] = in[3][at] * view.momentum + mean * (1.0 - view.momentum);
    in[4][at] = in[4][at] * view.momentum + variance * (1.0 - view.momentum);
  }
  for (size_t o = 1; o < context.outputs.size() && o < 3; ++o) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, in[o + 2], context.outputs[o]));
  }
  return WriteNumbers(label, x, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBatchNormalizationTraining(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const BatchNormalizationView view,
                        BatchNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"batch_norm.training"},
      [view, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(view, node, label, context);
      });
}

}  // namespace hone
