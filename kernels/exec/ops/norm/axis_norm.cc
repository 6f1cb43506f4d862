#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/normalization_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/norm/norm.h"
#include "kernels/cpu/norm/norm_ref.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/reduce/reduce.h"
#include "kernels/cpu/reduce/reduce_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/norm/float_io.h"
#include "kernels/exec/ops/norm/norm.h"

namespace hone {
namespace {

// A scale or bias of any extents that broadcast, one per element of a row.
absl::StatusOr<std::vector<float>> RowParams(const std::string& label,
                                             const TensorView& view,
                                             absl::Span<const int64_t> dims) {
  HONE_RETURN_IF_ERROR(ExpectBroadcast(label, view.dims, dims));
  HONE_ASSIGN_OR_RETURN(const FloatInput input, FloatInput::Of(label, view));
  std::vector<float> row;
  LoopNest nest(dims, {BroadcastStrides(view.dims, dims)});
  nest.ForRows(0, nest.rows(), [&](const LoopNest::Offsets& at) {
    for (int64_t i = 0; i < nest.inner(); ++i) {
      row.push_back(input.data()[at[0] + i * nest.inner_stride(0)]);
    }
  });
  return row;
}

absl::Status RunLayer(const LayerNormalizationView& view, bool rms,
                      bool reference, const Node& node,
                      const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(
      const int64_t axis,
      FrontAxis(node, view.axis, static_cast<int64_t>(dims.size())));
  const absl::Span<const int64_t> row_dims =
      absl::MakeConstSpan(dims).subspan(static_cast<size_t>(axis));
  const int64_t n = Product(row_dims, 0, row_dims.size());
  if (n == 0) return absl::OkStatus();
  HONE_ASSIGN_OR_RETURN(const std::vector<float> scale,
                        RowParams(label, context.inputs[1], row_dims));
  std::vector<float> bias;
  if (context.inputs.size() > 2 && context.inputs[2].present()) {
    HONE_ASSIGN_OR_RETURN(bias, RowParams(label, context.inputs[2], row_dims));
  }
  HONE_ASSIGN_OR_RETURN(const FloatInput input,
                        FloatInput::Of(label, context.inputs[0]));
  FloatOutput output(context.outputs[0]);
  const int64_t rows = context.inputs[0].size / n;
  // The optional outputs: means and inverse deviations, in float32.
  std::vector<float> means(static_cast<size_t>(rows)), factors(means);
  ForRanges(
      *context.pool, rows, GrainFor(kLightGrain, n),
      [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          const float* x = input.data() + i * n;
          const size_t count = static_cast<size_t>(n);
          Moments moments;
          if (rms) {
            moments.variance =
                reference ? MeanSquareOfRef(x, count) : MeanSquareOf(x, count);
          } else {
            moments = reference ? MomentsOfRef(x, count) : MomentsOf(x, count);
          }
          NormParams params;
          params.mean = moments.mean;
          params.factor = static_cast<float>(
              1.0 /
              std::sqrt(static_cast<double>(moments.variance) + view.epsilon));
          params.scale = scale.data();
          params.bias = bias.empty() ? nullptr : bias.data();
          params.step = 1;
          const auto row = reference ? NormalizeRowRef : NormalizeRow;
          row(x, count, params, output.data() + i * n);
          means[static_cast<size_t>(i)] = params.mean;
          factors[static_cast<size_t>(i)] = params.factor;
        }
      });
  for (size_t o = 1; o < context.outputs.size() && o < 3; ++o) {
    if (context.outputs[o].data == nullptr) continue;
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of an output", rows,
                                     context.outputs[o].size));
    FloatOutput extra(context.outputs[o]);
    // Without means the inverse deviations come first.
    const std::vector<float>& from = o == 1 && !rms ? means : factors;
    std::copy(from.begin(), from.end(), extra.data());
    HONE_RETURN_IF_ERROR(extra.Finish(label));
  }
  return output.Finish(label);
}

// y = x / (bias + alpha / size * sum of x^2 over neighbouring channels)^beta.
absl::Status RunLrn(const LrnView& view, const std::string& label,
                    const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  if (dims.size() < 2) {
    return ExpectEqual(label, "rank of the input", 2,
                       static_cast<int64_t>(dims.size()));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> y(x.size());
  const int64_t channels = dims[1];
  const int64_t inner = Product(dims, 2, dims.size());
  const int64_t before = (view.size - 1) / 2;
  const int64_t after = view.size - 1 - before;
  ForRanges(*context.pool, dims[0] * channels, GrainFor(kHeavyGrain, inner),
            [&](int64_t begin, int64_t end) {
              for (int64_t p = begin; p < end; ++p) {
                const int64_t c = p % channels;
                const int64_t first = std::max<int64_t>(0, c - before);
                const int64_t last = std::min(channels - 1, c + after);
                const double* plane = x.data() + (p - c) * inner;
                for (int64_t i = 0; i < inner; ++i) {
                  double square = 0;
                  for (int64_t k = first; k <= last; ++k) {
                    const double value = plane[k * inner + i];
                    square += value * value;
                  }
                  const double base =
                      view.bias +
                      view.alpha / static_cast<double>(view.size) * square;
                  y[static_cast<size_t>(p * inner + i)] =
                      plane[c * inner + i] / std::pow(base, view.beta);
                }
              }
            });
  return WriteNumbers(label, y, context.outputs[0]);
}

absl::Status RunLp(const LpNormalizationView& view, const Node& node,
                   const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(
      const int64_t front,
      FrontAxis(node, view.axis, static_cast<int64_t>(dims.size())));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> y(x.size());
  const size_t axis = static_cast<size_t>(front);
  ReduceShape shape;
  shape.dims.assign(dims.begin(), dims.end());
  shape.reduced.assign(dims.size(), false);
  shape.reduced[axis] = true;
  std::vector<double> norms(static_cast<size_t>(shape.kept_size()));
  ReduceRef(*context.pool, view.p == 1 ? ReduceOp::kL1 : ReduceOp::kL2,
            x.data(), shape, norms.data());
  const int64_t inner = Product(dims, axis + 1, dims.size());
  const int64_t plane = dims[axis] * inner;
  for (int64_t i = 0; i < context.inputs[0].size; ++i) {
    const size_t at = static_cast<size_t>(i);
    const double norm =
        norms[static_cast<size_t>(i / plane * inner + i % inner)];
    y[at] = norm == 0 ? 0 : x[at] / norm;
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

absl::Status RunMvn(const MeanVarianceNormalizationView& view, const Node& node,
                    const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(
      const std::vector<int64_t> axes,
      FrontAxes(node, view.axes, static_cast<int64_t>(dims.size())));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> input,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> output(input.size());
  ReduceShape shape;
  shape.dims.assign(dims.begin(), dims.end());
  shape.reduced.assign(dims.size(), false);
  for (const int64_t axis : axes) {
    shape.reduced[static_cast<size_t>(axis)] = true;
  }
  const LoopNest kept = shape.Nest(false);
  const LoopNest reduced = shape.Nest(true);
  const double count = static_cast<double>(shape.reduced_size());
  const auto for_each = [](const LoopNest& nest, auto f) {
    nest.ForRows(0, nest.rows(), [&](const LoopNest::Offsets& at) {
      for (int64_t i = 0; i < nest.inner(); ++i) {
        f(at[0] + i * nest.inner_stride(0));
      }
    });
  };
  for_each(kept, [&](int64_t first) {
    const double* x = input.data() + first;
    double sum = 0, square = 0;
    for_each(reduced, [&](int64_t at) { sum += x[at]; });
    const double mean = sum / count;
    for_each(reduced,
             [&](int64_t at) { square += (x[at] - mean) * (x[at] - mean); });
    // ONNX's function body adds this to the deviation.
    const double deviation = std::sqrt(square / count) + 1e-9;
    for_each(reduced, [&](int64_t at) {
      output[static_cast<size_t>(first + at)] = (x[at] - mean) / deviation;
    });
  });
  return WriteNumbers(label, output, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeLayerNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LayerNormalizationView view,
                        LayerNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  const bool rms = spec.node->op_type != "LayerNormalization";
  return MakeFunctionKernel(
      {rms ? "rms_norm" : "layer_norm"},
      [view, rms, node = *spec.node, reference = spec.reference,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunLayer(view, rms, reference, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeLrn(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LrnView view,
                        LrnView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel({"lrn"}, [view, label = NodeLabel(*spec.node)](
                                         const KernelContext& context) {
    return RunLrn(view, label, context);
  });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeLpNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LpNormalizationView view,
                        LpNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"lp_norm"}, [view, node = *spec.node, label = NodeLabel(*spec.node)](
                       const KernelContext& context) {
        return RunLp(view, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMeanVarianceNormalization(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(
      const MeanVarianceNormalizationView view,
      MeanVarianceNormalizationView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"mean_variance_norm"},
      [view, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunMvn(view, node, label, context);
      });
}

}  // namespace hone
