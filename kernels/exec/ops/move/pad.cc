#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/pad_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/move/mapped_copy.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/move/copy.h"
#include "kernels/exec/ops/move/move.h"

namespace hone {
namespace {

// Fills y with copies of one element of `bytes` bytes.
void Fill(const KernelContext& context, const MutableTensorView& y,
          const char* element, size_t bytes) {
  ForRanges(*context.pool, y.size, kLightGrain,
            [&](int64_t begin, int64_t end) {
              char* to = y.As<char>() + begin * static_cast<int64_t>(bytes);
              for (int64_t i = begin; i < end; ++i, to += bytes) {
                std::memcpy(to, element, bytes);
              }
            });
}

// The fill value's bytes: of input 2, or of attribute `value` (before opset
// 11), which has the type float32.
absl::Status FillBytes(const std::string& label, const KernelContext& context,
                       int64_t opset, const PadView& pad, char* element) {
  const DType dtype = context.inputs[0].dtype;
  if (opset >= 11) {
    if (context.inputs.size() < 3 || !context.inputs[2].present()) {
      return absl::OkStatus();
    }
    const TensorView& value = context.inputs[2];
    HONE_RETURN_IF_ERROR(
        ExpectEqual(label, "elements of the fill value", 1, value.size));
    if (value.dtype != dtype) return UnimplementedDType(label, value.dtype);
    std::memcpy(element, value.data, ElementBytes(dtype));
    return absl::OkStatus();
  }
  return VisitDType(Floats(), label, dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const T value = T(static_cast<float>(pad.value.value_or(0)));
    std::memcpy(element, &value, sizeof(T));
    return absl::OkStatus();
  });
}

absl::Status PadConstant(bool reference, const KernelContext& context,
                         absl::Span<const PadView::Axis> axes,
                         const char* element) {
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  const size_t bytes = ElementBytes(x.dtype);
  Fill(context, y, element, bytes);
  const Extents x_strides = RowMajorStrides(x.dims);
  const Extents y_strides = RowMajorStrides(y.dims);
  Dims dims;
  int64_t from = 0, to = 0;
  for (size_t i = 0; i < axes.size(); ++i) {
    // A negative pad crops the input instead.
    const int64_t skipped = std::max<int64_t>(0, -axes[i].begin);
    const int64_t kept =
        x.dims[i] - skipped - std::max<int64_t>(0, -axes[i].end);
    if (kept <= 0) return absl::OkStatus();
    dims.push_back(kept);
    from += skipped * x_strides[i];
    to += std::max<int64_t>(0, axes[i].begin) * y_strides[i];
  }
  CopyElements(reference, context, bytes, dims, {x.data, from, x_strides},
               {y.data, to, y_strides});
  return absl::OkStatus();
}

// Where in [0, extent) position i outside of it lies.
int64_t Fold(PadView::Mode mode, int64_t i, int64_t extent) {
  switch (mode) {
    case PadView::Mode::kEdge:
      return std::min(extent - 1, std::max<int64_t>(0, i));
    case PadView::Mode::kWrap:
      return ((i % extent) + extent) % extent;
    default: {
      if (extent == 1) return 0;
      const int64_t period = 2 * (extent - 1);
      const int64_t j = ((i % period) + period) % period;
      return j < extent ? j : period - j;
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakePad(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<PadView> view,
                        LateView<PadView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"pad"},
      [view, opset = spec.opset, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const PadView pad, view.At(context));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        if (ElementBytes(x.dtype) == 0) {
          return UnimplementedDType(label, x.dtype);
        }
        HONE_ASSIGN_OR_RETURN(
            const std::vector<PadView::Axis> axes,
            pad.Resolve(view.node(), static_cast<int64_t>(x.dims.size())));
        Dims expected;
        for (size_t i = 0; i < axes.size(); ++i) {
          expected.push_back(x.dims[i] + axes[i].begin + axes[i].end);
        }
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", expected, y.dims));
        if (pad.mode == PadView::Mode::kConstant) {
          char element[16] = {};
          HONE_RETURN_IF_ERROR(FillBytes(label, context, opset, pad, element));
          return PadConstant(reference, context, axes, element);
        }
        if (y.size == 0) return absl::OkStatus();
        std::vector<std::vector<int64_t>> maps(axes.size());
        for (size_t i = 0; i < axes.size(); ++i) {
          if (x.dims[i] == 0) {
            return ExpectEqual(label, "an empty axis has nothing to repeat", 0,
                               y.dims[i]);
          }
          for (int64_t j = 0; j < y.dims[i]; ++j) {
            maps[i].push_back(Fold(pad.mode, j - axes[i].begin, x.dims[i]));
          }
        }
        MappedCopy(*context.pool, ElementBytes(x.dtype), x.dims, maps, x.data,
                   y.data);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeTile(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"tile"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "rank of the output",
                                         static_cast<int64_t>(x.dims.size()),
                                         static_cast<int64_t>(y.dims.size())));
        if (y.size == 0) return absl::OkStatus();
        std::vector<std::vector<int64_t>> maps(x.dims.size());
        for (size_t i = 0; i < maps.size(); ++i) {
          HONE_RETURN_IF_ERROR(ExpectEqual(label, "a partial repetition", 0,
                                           y.dims[i] % x.dims[i]));
          for (int64_t j = 0; j < y.dims[i]; ++j) {
            maps[i].push_back(j % x.dims[i]);
          }
        }
        MappedCopy(*context.pool, bytes, x.dims, maps, x.data, y.data);
        return absl::OkStatus();
      });
}

}  // namespace hone
