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
#include "ir/views/axis_view.h"
#include "ir/views/split_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/move/copy.h"
#include "kernels/exec/ops/move/move.h"

namespace hone {
namespace {

// The extents of a whole array cut along one axis.
struct Cut {
  int64_t outer;
  int64_t extent;
  int64_t inner;
};

Cut CutAt(absl::Span<const int64_t> dims, size_t axis) {
  return {Product(dims, 0, axis), dims[axis],
          Product(dims, axis + 1, dims.size())};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeConcat(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const ConcatView view,
                        ConcatView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"concat"},
      [view, reference = spec.reference, node = *spec.node,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(
            ExpectInputs(label, context, context.inputs.size()));
        const MutableTensorView& y = context.outputs[0];
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, view.axis, static_cast<int64_t>(y.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        const size_t bytes = ElementBytes(y.dtype);
        if (bytes == 0) return UnimplementedDType(label, y.dtype);
        const Cut whole = CutAt(y.dims, axis);
        int64_t at = 0;
        for (const TensorView& x : context.inputs) {
          // Versions of old accept an empty vector in place of an empty part.
          if (x.size == 0 && x.dims.size() != y.dims.size()) continue;
          HONE_RETURN_IF_ERROR(ExpectEqual(
              label, "rank of an input", static_cast<int64_t>(y.dims.size()),
              static_cast<int64_t>(x.dims.size())));
          Dims expected = y.dims;
          expected[axis] = x.dims[axis];
          HONE_RETURN_IF_ERROR(
              ExpectDims(label, "extents of an input", expected, x.dims));
          if (x.dtype != y.dtype) return UnimplementedDType(label, x.dtype);
          if (at + x.dims[axis] > whole.extent) break;
          const int64_t row = x.dims[axis] * whole.inner;
          CopyElements(
              reference, context, bytes, {whole.outer, row},
              {x.data, 0, {row, 1}},
              {y.data, at * whole.inner, {whole.extent * whole.inner, 1}});
          at += x.dims[axis];
        }
        return ExpectEqual(label, "sum of the extents along the axis",
                           whole.extent, at);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSplit(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<SplitView> view,
                        LateView<SplitView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"split"},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const SplitView split, view.At(context));
        const TensorView& x = context.inputs[0];
        HONE_ASSIGN_OR_RETURN(const int64_t front,
                              FrontAxis(view.node(), split.axis,
                                        static_cast<int64_t>(x.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        const Cut whole = CutAt(x.dims, axis);
        HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> sizes,
                              split.Resolve(view.node(), whole.extent));
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "outputs", static_cast<int64_t>(sizes.size()),
                        static_cast<int64_t>(context.outputs.size())));
        int64_t at = 0;
        for (size_t i = 0; i < sizes.size(); ++i) {
          const MutableTensorView& y = context.outputs[i];
          const int64_t row = sizes[i] * whole.inner;
          if (y.dtype != DType::kUndefined) {
            HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of an output",
                                             whole.outer * row, y.size));
            CopyElements(
                reference, context, bytes, {whole.outer, row},
                {x.data, at * whole.inner, {whole.extent * whole.inner, 1}},
                {y.data, 0, {row, 1}});
          }
          at += sizes[i];
        }
        return absl::OkStatus();
      });
}

}  // namespace hone
