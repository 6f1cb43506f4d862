#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/unary/unary.h"
#include "kernels/cpu/unary/unary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/microsoft/microsoft.h"
#include "kernels/exec/ops/norm/float_io.h"

namespace hone {
namespace {

// y = op(x + bias). The bias, where there is one, lies along the last axis.
absl::Status Run(UnaryOp op, UnaryParams params, bool reference,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const FloatInput x,
                        FloatInput::Of(label, context.inputs[0]));
  const int64_t n = dims.empty() ? 1 : dims.back();
  FloatInput bias;
  const bool biased = context.inputs.size() > 1 && context.inputs[1].present();
  if (biased) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "bias", {n}, context.inputs[1].dims));
    HONE_ASSIGN_OR_RETURN(bias, FloatInput::Of(label, context.inputs[1]));
  }
  const int64_t size = context.inputs[0].size;
  if (size == 0) return absl::OkStatus();
  FloatOutput y(context.outputs[0]);
  ForRanges(*context.pool, size / n, GrainFor(kHeavyGrain, n),
            [&](int64_t begin, int64_t end) {
              float* const to = y.data() + begin * n;
              std::copy(x.data() + begin * n, x.data() + end * n, to);
              for (int64_t i = 0; biased && i < (end - begin) * n; ++i) {
                to[i] += bias.data()[i % n];
              }
              const auto count = static_cast<size_t>((end - begin) * n);
              (reference ? UnaryRef<float> : Unary)(op, params, to, count, to);
            });
  return y.Finish(label);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBiasedGelu(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const std::string& type = spec.node->op_type;
  const UnaryOp op = type == "BiasGelu"   ? UnaryOp::kGelu
                     : type == "FastGelu" ? UnaryOp::kGeluTanh
                                          : UnaryOp::kSwish;
  const UnaryParams params = {read.Float("alpha", 1.702f), 0};
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"biased_gelu"},
      [op, params, reference = spec.reference,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(op, params, reference, label, context);
      });
}

}  // namespace hone
