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

enum class GeluKind { kErf, kTanh, kSigmoid };

double GeluOf(GeluKind kind, double alpha, double x) {
  switch (kind) {
    case GeluKind::kErf:
      return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case GeluKind::kTanh: {
      // sqrt(2 / pi) (x + 0.044715 x^3)
      const double t = 0.7978845608028654 * (x + 0.044715 * x * x * x);
      return 0.5 * x * (1 + std::tanh(t));
    }
    case GeluKind::kSigmoid:
      return x / (1 + std::exp(-alpha * x));
  }
  return x;
}

// The bias, where there is one, lies along the last axis.
absl::Status Run(GeluKind kind, double alpha, const std::string& label,
                 const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  HONE_ASSIGN_OR_RETURN(std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> bias;
  if (context.inputs.size() > 1 && context.inputs[1].present()) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "bias",
                                    {dims.empty() ? 1 : dims.back()},
                                    context.inputs[1].dims));
    HONE_ASSIGN_OR_RETURN(bias, ReadNumbers(label, context.inputs[1]));
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const double add = bias.empty() ? 0 : bias[i % bias.size()];
    x[i] = GeluOf(kind, alpha, x[i] + add);
  }
  return WriteNumbers(label, x, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBiasedGelu(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::string& type = spec.node->op_type;
  const GeluKind kind = type == "BiasGelu"   ? GeluKind::kErf
                        : type == "FastGelu" ? GeluKind::kTanh
                                             : GeluKind::kSigmoid;
  const double alpha = read.Float("alpha", 1.702f);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel({"biased_gelu"},
                            [kind, alpha, label = NodeLabel(*spec.node)](
                                const KernelContext& context) {
                              return Run(kind, alpha, label, context);
                            });
}

}  // namespace hone
