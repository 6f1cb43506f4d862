#include "kernels/exec/ops/resize/resize.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/resize_view.h"
#include "kernels/cpu/move/mapped_copy.h"
#include "kernels/cpu/resize/resize.h"
#include "kernels/cpu/resize/resize_ref.h"
#include "kernels/cpu/resize/resize_taps.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/norm/float_io.h"

namespace hone {
namespace {

// Both enumerations list ONNX's names in the same order.
static_assert(static_cast<int>(ResizeView::Coordinates::kTfCropAndResize) ==
              static_cast<int>(ResizeAxis::Coordinates::kTfCropAndResize));
static_assert(static_cast<int>(ResizeView::Rounding::kCeil) ==
              static_cast<int>(ResizeAxis::Rounding::kCeil));
static_assert(static_cast<int>(ResizeView::Mode::kCubic) ==
              static_cast<int>(ResizeAxis::Mode::kCubic));

absl::StatusOr<std::vector<ResizeTaps>> AxesOf(const ResizeView& view,
                                               const Node& node,
                                               const std::string& label,
                                               const KernelContext& context) {
  const Dims& x = context.inputs[0].dims;
  HONE_ASSIGN_OR_RETURN(const std::vector<ResizeView::Axis> axes,
                        view.Resolve(node, x));
  Dims expected;
  std::vector<ResizeTaps> taps;
  for (size_t i = 0; i < axes.size(); ++i) {
    ResizeAxis axis;
    axis.input = x[i];
    axis.output = axes[i].output;
    // Sizes make the exact quotient; a given scale counts as it is.
    const bool exact = !view.sizes.empty() &&
                       view.aspect_ratio == ResizeView::AspectRatio::kStretch;
    axis.scale =
        exact ? static_cast<double>(axes[i].output) / static_cast<double>(x[i])
              : static_cast<double>(axes[i].scale);
    axis.mode = static_cast<ResizeAxis::Mode>(view.mode);
    axis.coordinates = static_cast<ResizeAxis::Coordinates>(view.coordinates);
    axis.rounding = static_cast<ResizeAxis::Rounding>(view.rounding);
    axis.cubic_a = view.cubic_coeff_a;
    axis.exclude_outside = view.exclude_outside;
    axis.antialias = view.antialias;
    axis.roi_begin = axes[i].roi_begin;
    axis.roi_end = axes[i].roi_end;
    expected.push_back(axis.output);
    if (axis.input > 0 && axis.output > 0) taps.push_back(TapsOf(axis));
  }
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", expected, context.outputs[0].dims));
  return taps;
}

bool IsComplex(DType dtype) {
  return dtype == DType::kC64 || dtype == DType::kC128;
}

// A tensor of complex numbers as one of real ones, with an axis of two more,
// which stays as it is.
template <typename View>
View Parts(View view) {
  view.dtype = view.dtype == DType::kC64 ? DType::kF32 : DType::kF64;
  view.dims.push_back(2);
  view.size *= 2;
  return view;
}

ResizeAxis PartsAxis() {
  ResizeAxis axis;
  axis.input = axis.output = 2;
  axis.scale = 1;
  axis.mode = ResizeAxis::Mode::kNearest;
  return axis;
}

// One tap an axis, nothing outside: elements only move.
bool OnlyMoves(const std::vector<ResizeTaps>& axes) {
  return std::all_of(axes.begin(), axes.end(), [](const ResizeTaps& axis) {
    return axis.taps == 1 &&
           std::none_of(axis.outside.begin(), axis.outside.end(),
                        [](bool outside) { return outside; });
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeResize(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<ResizeView> view,
                        LateView<ResizeView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"resize"},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const ResizeView resize, view.At(context));
        HONE_ASSIGN_OR_RETURN(std::vector<ResizeTaps> axes,
                              AxesOf(resize, view.node(), label, context));
        TensorView x = context.inputs[0];
        MutableTensorView y = context.outputs[0];
        if (IsComplex(x.dtype)) {
          x = Parts(x);
          y = Parts(y);
          axes.push_back(TapsOf(PartsAxis()));
        }
        if (x.size == 0 || y.size == 0) {
          return ExpectEqual(label, "elements out of nothing", 0, y.size);
        }
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes != 0 && OnlyMoves(axes)) {
          std::vector<std::vector<int64_t>> maps;
          for (const ResizeTaps& axis : axes) maps.push_back(axis.index);
          MappedCopy(*context.pool, bytes, x.dims, maps, x.data, y.data);
          return absl::OkStatus();
        }
        HONE_ASSIGN_OR_RETURN(const FloatInput input, FloatInput::Of(label, x));
        FloatOutput output(y);
        const float value = resize.extrapolation_value;
        if (reference) {
          ResizeRef(input.data(), axes, value, output.data());
        } else {
          Resize(*context.pool, input.data(), axes, value, output.data());
        }
        return output.Finish(label);
      });
}

}  // namespace hone
