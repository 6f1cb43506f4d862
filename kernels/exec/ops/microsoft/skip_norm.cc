#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/norm/norm.h"
#include "kernels/cpu/norm/norm_ref.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/microsoft/microsoft.h"
#include "kernels/exec/ops/norm/float_io.h"

namespace hone {
namespace {

// Inputs of either operator by their role; SIZE_MAX: none.
struct Places {
  size_t beta, bias;
};

// s = x + skip + bias, y = (s - mean) / sqrt(variance + epsilon) * gamma + beta
// over the last axis; the simple one has no mean and no beta. Outputs: y, mean,
// inverse deviation, s. A skip without the batch axis repeats.
absl::Status Run(bool simple, bool reference, float epsilon, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const Dims& dims = context.inputs[0].dims;
  if (dims.empty()) return NodeError(node, "rank of the input", "at least 1");
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  const auto present = [&](size_t i) {
    return i < context.inputs.size() && context.inputs[i].present();
  };
  std::vector<FloatInput> in;
  for (size_t i = 0; i < 5; ++i) {
    in.emplace_back();
    if (!present(i)) continue;
    HONE_ASSIGN_OR_RETURN(in[i], FloatInput::Of(label, context.inputs[i]));
    if (i >= 2) {
      HONE_RETURN_IF_ERROR(ExpectDims(label, "a parameter", {dims.back()},
                                      context.inputs[i].dims));
    }
  }
  const int64_t size = context.inputs[0].size, n = dims.back();
  if (size == 0) return absl::OkStatus();
  const int64_t repeat = context.inputs[1].size;
  if (repeat == 0 || size % repeat != 0 || repeat % n != 0) {
    return NodeError(node, "extents of skip", DimsToString(dims),
                     DimsToString(context.inputs[1].dims));
  }
  const Places at = simple ? Places{SIZE_MAX, 3} : Places{3, 4};
  const float* const bias = present(at.bias) ? in[at.bias].data() : nullptr;
  const float* const beta =
      at.beta != SIZE_MAX && present(at.beta) ? in[at.beta].data() : nullptr;
  const int64_t rows = size / n;
  std::vector<float> means(static_cast<size_t>(rows)), factors(means), sums;
  const bool keeps_sum =
      context.outputs.size() > 3 && context.outputs[3].data != nullptr;
  if (keeps_sum) sums.resize(static_cast<size_t>(size));
  FloatOutput y(context.outputs[0]);
  const auto count = static_cast<size_t>(n);
  ForRanges(*context.pool, rows, GrainFor(kLightGrain, n),
            [&](int64_t begin, int64_t end) {
              for (int64_t r = begin; r < end; ++r) {
                const float* const x = in[0].data() + r * n;
                const float* const skip = in[1].data() + r * n % repeat;
                float* const sum = y.data() + r * n;
                for (int64_t i = 0; i < n; ++i) {
                  sum[i] = x[i] + skip[i] + (bias == nullptr ? 0 : bias[i]);
                }
                if (keeps_sum) std::copy(sum, sum + n, sums.data() + r * n);
                Moments moments;
                if (simple) {
                  moments.variance = reference ? MeanSquareOfRef(sum, count)
                                               : MeanSquareOf(sum, count);
                } else {
                  moments = reference ? MomentsOfRef(sum, count)
                                      : MomentsOf(sum, count);
                }
                NormParams params;
                params.mean = moments.mean;
                params.factor = static_cast<float>(
                    1.0 / std::sqrt(static_cast<double>(moments.variance) +
                                    static_cast<double>(epsilon)));
                params.scale = in[2].data();
                params.bias = beta;
                params.step = 1;
                const auto normalize =
                    reference ? NormalizeRowRef : NormalizeRow;
                normalize(sum, count, params, sum);
                means[static_cast<size_t>(r)] = params.mean;
                factors[static_cast<size_t>(r)] = params.factor;
              }
            });
  HONE_RETURN_IF_ERROR(y.Finish(label));
  const std::vector<float>* const outputs[] = {&means, &factors, &sums};
  for (size_t o = 1; o < context.outputs.size() && o < 4; ++o) {
    if (context.outputs[o].data == nullptr) continue;
    const std::vector<float>& from = *outputs[o - 1];
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of an output",
                                     static_cast<int64_t>(from.size()),
                                     context.outputs[o].size));
    FloatOutput extra(context.outputs[o]);
    std::copy(from.begin(), from.end(), extra.data());
    HONE_RETURN_IF_ERROR(extra.Finish(label));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeSkipNormalization(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool simple = spec.node->op_type == "SkipSimplifiedLayerNormalization";
  const float epsilon = read.Float("epsilon", simple ? 1e-5f : 1e-12f);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"skip_norm"},
      [simple, reference = spec.reference, epsilon, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(simple, reference, epsilon, node, label, context);
      });
}

}  // namespace hone
