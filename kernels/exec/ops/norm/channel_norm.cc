#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/normalization_view.h"
#include "kernels/cpu/norm/norm.h"
#include "kernels/cpu/norm/norm_ref.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/norm/float_io.h"
#include "kernels/exec/ops/norm/norm.h"

namespace hone {
namespace {

// x as [n, c, inner].
struct Planes {
  int64_t n = 1;
  int64_t c = 1;
  int64_t inner = 1;
};

absl::StatusOr<Planes> PlanesOf(const std::string& label,
                                const KernelContext& context) {
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  Planes planes;
  if (!dims.empty()) planes.n = dims[0];
  if (dims.size() > 1) planes.c = dims[1];
  planes.inner = dims.size() > 2 ? Product(dims, 2, dims.size()) : 1;
  return planes;
}

absl::Status ExpectChannels(const std::string& label,
                            const KernelContext& context, size_t first,
                            size_t end, int64_t channels) {
  for (size_t i = first; i < end; ++i) {
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements per channel", channels,
                                     context.inputs[i].size));
  }
  return absl::OkStatus();
}

float Factor(float variance, float epsilon) {
  return static_cast<float>(1.0 /
                            std::sqrt(static_cast<double>(variance) + epsilon));
}

void Normalize(bool reference, const float* x, int64_t n,
               const NormParams& params, float* y) {
  const size_t count = static_cast<size_t>(n);
  if (reference) {
    NormalizeRowRef(x, count, params, y);
  } else {
    NormalizeRow(x, count, params, y);
  }
}

Moments MomentsFor(bool reference, const float* x, int64_t n) {
  const size_t count = static_cast<size_t>(n);
  return reference ? MomentsOfRef(x, count) : MomentsOf(x, count);
}

// (x - mean) / sqrt(var + epsilon) * scale + bias of one plane, in float64.
struct WidePlane {
  double mean = 0;
  double variance = 0;
  double scale = 1;
  double bias = 0;
};

// float64 is rare enough for a copy and plain loops. `of(c, x)` says what is
// done to a plane of channel c that begins at x.
template <typename Of>
absl::Status RunWide(const Planes& planes, float epsilon,
                     const std::string& label, const KernelContext& context,
                     Of of) {
  HONE_ASSIGN_OR_RETURN(std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> y(x.size());
  for (int64_t p = 0; p < planes.n * planes.c; ++p) {
    const double* const from = x.data() + p * planes.inner;
    const WidePlane plane = of(p % planes.c, from);
    const double factor = 1 / std::sqrt(plane.variance + epsilon);
    for (int64_t i = 0; i < planes.inner; ++i) {
      y[static_cast<size_t>(p * planes.inner + i)] =
          (from[i] - plane.mean) * factor * plane.scale + plane.bias;
    }
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

absl::Status RunWideBatch(const Planes& planes, float epsilon,
                          const std::string& label,
                          const KernelContext& context) {
  std::vector<double> of[5];  // scale, bias, mean and variance, from 1
  for (size_t i = 1; i < 5; ++i) {
    HONE_ASSIGN_OR_RETURN(of[i], ReadNumbers(label, context.inputs[i]));
  }
  return RunWide(planes, epsilon, label, context,
                 [&](int64_t channel, const double* /*x*/) {
                   const auto c = static_cast<size_t>(channel);
                   return WidePlane{of[3][c], of[4][c], of[1][c], of[2][c]};
                 });
}

absl::Status RunWideGroups(const Planes& planes, int64_t groups,
                           bool params_per_group, float epsilon,
                           const std::string& label,
                           const KernelContext& context) {
  HONE_ASSIGN_OR_RETURN(const std::vector<double> scale,
                        ReadNumbers(label, context.inputs[1]));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> bias,
                        ReadNumbers(label, context.inputs[2]));
  const int64_t per_group = planes.c / groups;
  WidePlane plane;
  return RunWide(
      planes, epsilon, label, context, [&](int64_t c, const double* x) {
        // The group's first plane has the moments computed.
        if (c % per_group == 0) {
          const int64_t count = per_group * planes.inner;
          double sum = 0, square = 0;
          for (int64_t i = 0; i < count; ++i) sum += x[i];
          plane.mean = sum / static_cast<double>(count);
          for (int64_t i = 0; i < count; ++i) {
            square += (x[i] - plane.mean) * (x[i] - plane.mean);
          }
          plane.variance = square / static_cast<double>(count);
        }
        const auto at =
            static_cast<size_t>(params_per_group ? c / per_group : c);
        plane.scale = scale[at];
        plane.bias = bias[at];
        return plane;
      });
}

absl::Status RunBatch(const BatchNormalizationView& view, bool reference,
                      const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 5));
  HONE_ASSIGN_OR_RETURN(const Planes planes, PlanesOf(label, context));
  HONE_RETURN_IF_ERROR(ExpectChannels(label, context, 1, 5, planes.c));
  if (context.inputs[0].dtype == DType::kF64) {
    return RunWideBatch(planes, view.epsilon, label, context);
  }
  std::vector<FloatInput> inputs;
  for (size_t i = 0; i < 5; ++i) {
    HONE_ASSIGN_OR_RETURN(FloatInput input,
                          FloatInput::Of(label, context.inputs[i]));
    inputs.push_back(std::move(input));
  }
  const float* x = inputs[0].data();
  const float* bias = inputs[2].data();
  const float* mean = inputs[3].data();
  FloatOutput output(context.outputs[0]);
  float* y = output.data();
  std::vector<float> scale(static_cast<size_t>(planes.c));
  for (size_t c = 0; c < scale.size(); ++c) {
    scale[c] = static_cast<float>(
        static_cast<double>(inputs[1].data()[c]) /
        std::sqrt(static_cast<double>(inputs[4].data()[c]) + view.epsilon));
  }
  if (planes.inner == 1) {
    ForRanges(*context.pool, planes.n, GrainFor(kLightGrain, planes.c),
              [&](int64_t begin, int64_t end) {
                const auto row = reference ? AffineRowRef : AffineRow;
                for (int64_t i = begin; i < end; ++i) {
                  row(x + i * planes.c, scale.size(), mean, scale.data(), bias,
                      y + i * planes.c);
                }
              });
    return output.Finish(label);
  }
  ForRanges(*context.pool, planes.n * planes.c,
            GrainFor(kLightGrain, planes.inner),
            [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i) {
                const size_t c = static_cast<size_t>(i % planes.c);
                Normalize(reference, x + i * planes.inner, planes.inner,
                          {mean[c], 1.0f, &scale[c], bias + c, 0},
                          y + i * planes.inner);
              }
            });
  return output.Finish(label);
}

// Groups of channels share their moments; scale and bias belong to channels, or
// to groups.
absl::Status RunGroups(int64_t groups, bool params_per_group, float epsilon,
                       bool reference, const std::string& label,
                       const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  HONE_ASSIGN_OR_RETURN(const Planes planes, PlanesOf(label, context));
  if (groups == 0) groups = planes.c;
  if (planes.c == 0 || planes.n == 0) return absl::OkStatus();
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "channels left over by the groups", 0,
                                   planes.c % groups));
  HONE_RETURN_IF_ERROR(ExpectChannels(label, context, 1, 3,
                                      params_per_group ? groups : planes.c));
  if (context.inputs[0].dtype == DType::kF64) {
    return RunWideGroups(planes, groups, params_per_group, epsilon, label,
                         context);
  }
  HONE_ASSIGN_OR_RETURN(const FloatInput input,
                        FloatInput::Of(label, context.inputs[0]));
  HONE_ASSIGN_OR_RETURN(const FloatInput scale,
                        FloatInput::Of(label, context.inputs[1]));
  HONE_ASSIGN_OR_RETURN(const FloatInput bias,
                        FloatInput::Of(label, context.inputs[2]));
  FloatOutput output(context.outputs[0]);
  const int64_t per_group = planes.c / groups;
  const int64_t n = per_group * planes.inner;
  if (n == 0) return absl::OkStatus();
  ForRanges(*context.pool, planes.n * groups, GrainFor(kLightGrain, n),
            [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i) {
                const float* x = input.data() + i * n;
                float* y = output.data() + i * n;
                const Moments moments = MomentsFor(reference, x, n);
                NormParams params;
                params.mean = moments.mean;
                params.factor = Factor(moments.variance, epsilon);
                const int64_t group = i % groups;
                for (int64_t c = 0; c < per_group; ++c) {
                  const int64_t at =
                      params_per_group ? group : group * per_group + c;
                  params.scale = scale.data() + at;
                  params.bias = bias.data() + at;
                  Normalize(reference, x + c * planes.inner, planes.inner,
                            params, y + c * planes.inner);
                }
              }
            });
  return output.Finish(label);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBatchNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const BatchNormalizationView view,
                        BatchNormalizationView::Of(*spec.node, spec.opset));
  if (view.training) return MakeBatchNormalizationTraining(spec);
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"batch_norm", /*in_place=*/true},
      [view, reference = spec.reference,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunBatch(view, reference, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeInstanceNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const InstanceNormalizationView view,
                        InstanceNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"instance_norm"},
      [view, reference = spec.reference,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunGroups(0, false, view.epsilon, reference, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeGroupNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const GroupNormalizationView view,
                        GroupNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  if (view.num_groups < 1) {
    return UnimplementedError(spec, "less than one group");
  }
  return MakeFunctionKernel({"group_norm"}, [view, reference = spec.reference,
                                             label = NodeLabel(*spec.node)](
                                                const KernelContext& context) {
    return RunGroups(view.num_groups, !view.per_channel, view.epsilon,
                     reference, label, context);
  });
}

}  // namespace hone
