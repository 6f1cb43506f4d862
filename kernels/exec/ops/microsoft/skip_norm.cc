#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/microsoft/microsoft.h"

namespace hone {
namespace {

// s = x + skip + bias, y = (s - mean) / sqrt(variance + epsilon) * gamma + beta
// over the last axis; the simple one has no mean and no beta. Outputs: y, mean,
// inverse deviation, s. A skip without the batch axis repeats.
absl::Status Run(bool simple, double epsilon, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const Dims& dims = context.inputs[0].dims;
  if (dims.empty()) return NodeError(node, "rank of the input", "at least 1");
  const size_t n = static_cast<size_t>(dims.back());
  std::vector<std::vector<double>> in(5);
  for (size_t i = 0; i < 5 && i < context.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(in[i], ReadNumbers(label, context.inputs[i]));
    if (i >= 2 && context.inputs[i].present()) {
      HONE_RETURN_IF_ERROR(ExpectDims(label, "a parameter", {dims.back()},
                                      context.inputs[i].dims));
    }
  }
  std::vector<double>& x = in[0];
  const std::vector<double>& skip = in[1];
  const std::vector<double>& beta = simple ? in[4] : in[3];
  const std::vector<double>& bias = simple ? in[3] : in[4];
  if (x.empty()) return absl::OkStatus();
  if (skip.empty() || x.size() % skip.size() != 0) {
    return NodeError(node, "extents of skip", DimsToString(dims),
                     DimsToString(context.inputs[1].dims));
  }
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] += skip[i % skip.size()] + (bias.empty() ? 0 : bias[i % n]);
  }
  std::vector<double> y(x.size()), means, factors;
  for (size_t row = 0; row < x.size(); row += n) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < n && !simple; ++i) sum += x[row + i];
    const double mean = sum / static_cast<double>(n);
    for (size_t i = 0; i < n; ++i) {
      square += (x[row + i] - mean) * (x[row + i] - mean);
    }
    const double factor =
        1 / std::sqrt(square / static_cast<double>(n) + epsilon);
    for (size_t i = 0; i < n; ++i) {
      y[row + i] = (x[row + i] - mean) * factor * in[2][i] +
                   (beta.empty() || simple ? 0 : beta[i]);
    }
    means.push_back(mean);
    factors.push_back(factor);
  }
  const std::vector<double>* const outputs[] = {&y, &means, &factors, &x};
  for (size_t o = 0; o < context.outputs.size() && o < 4; ++o) {
    HONE_RETURN_IF_ERROR(WriteNumbers(label, *outputs[o], context.outputs[o]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeSkipNormalization(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool simple = spec.node->op_type == "SkipSimplifiedLayerNormalization";
  const double epsilon = read.Float("epsilon", simple ? 1e-5f : 1e-12f);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel({"skip_norm"}, [simple, epsilon, node = *spec.node,
                                            label = NodeLabel(*spec.node)](
                                               const KernelContext& context) {
    return Run(simple, epsilon, node, label, context);
  });
}

}  // namespace hone
