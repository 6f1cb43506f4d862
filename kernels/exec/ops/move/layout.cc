#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/slice_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/late_view.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/move/copy.h"
#include "kernels/exec/ops/move/move.h"

namespace hone {
namespace {

// Reads x through `strides` from `start` into the dense output of extents
// `dims`, which has the output's elements under perhaps finer axes.
absl::Status Gather(bool reference, absl::string_view label,
                    const KernelContext& context, const Dims& dims,
                    int64_t start, Extents strides) {
  const MutableTensorView& y = context.outputs[0];
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                   Product(dims, 0, dims.size()), y.size));
  const size_t bytes = ElementBytes(context.inputs[0].dtype);
  if (bytes == 0) return UnimplementedDType(label, context.inputs[0].dtype);
  CopyElements(reference, context, bytes, dims,
               {context.inputs[0].data, start, std::move(strides)},
               {y.data, 0, RowMajorStrides(dims)});
  return absl::OkStatus();
}

// [n, c, h, w] <-> [n, c', h', w'] is a transpose of six axes.
struct Blocks {
  int64_t size = 1;
  bool depth_last = true;  // CRD: the block's axes come after the depth's
};

absl::StatusOr<Blocks> BlocksOf(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  Blocks blocks;
  blocks.size = read.IntIn("blocksize", 0, 1, 1 << 20);
  const absl::string_view modes[] = {"DCR", "CRD"};
  blocks.depth_last = read.Choice("mode", "DCR", modes) == 1;
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return read.Finish(blocks);
}

absl::Status ExpectRank4(absl::string_view label,
                         const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  return ExpectEqual(label, "rank of the input", 4,
                     static_cast<int64_t>(context.inputs[0].dims.size()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeTranspose(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const TransposeView view,
                        TransposeView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"transpose"},
      [view, reference = spec.reference, node = *spec.node,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& dims = context.inputs[0].dims;
        HONE_ASSIGN_OR_RETURN(
            const std::vector<int64_t> perm,
            view.Resolve(node, static_cast<int64_t>(dims.size())));
        const Extents dense = RowMajorStrides(dims);
        Dims moved;
        Extents strides;
        for (const int64_t axis : perm) {
          moved.push_back(dims[static_cast<size_t>(axis)]);
          strides.push_back(dense[static_cast<size_t>(axis)]);
        }
        return Gather(reference, label, context, moved, 0, std::move(strides));
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeDepthToSpace(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const Blocks blocks, BlocksOf(spec));
  return MakeFunctionKernel(
      {"depth_to_space"},
      [blocks, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectRank4(label, context));
        const Dims& x = context.inputs[0].dims;
        const int64_t b = blocks.size;
        HONE_RETURN_IF_ERROR(ExpectEqual(
            label, "channels left over by the block", 0, x[1] % (b * b)));
        const int64_t depth = x[1] / (b * b);
        const int64_t area = x[2] * x[3];
        // Output axes: n, depth, h, block row, w, block column.
        const int64_t depth_stride = blocks.depth_last ? b * b * area : area;
        const int64_t block_stride = blocks.depth_last ? area : depth * area;
        return Gather(reference, label, context,
                      {x[0], depth, x[2], b, x[3], b}, 0,
                      {x[1] * area, depth_stride, x[3], b * block_stride, 1,
                       block_stride});
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSpaceToDepth(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const Blocks blocks, BlocksOf(spec));
  return MakeFunctionKernel(
      {"space_to_depth"},
      [blocks, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectRank4(label, context));
        const Dims& x = context.inputs[0].dims;
        const int64_t b = blocks.size;
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "rows left over by the block", 0, x[2] % b));
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "columns left over by the block", 0, x[3] % b));
        if (blocks.depth_last) {
          // Output axes: n, c, block row, block column, h, w.
          return Gather(
              reference, label, context, {x[0], x[1], b, b, x[2] / b, x[3] / b},
              0, {x[1] * x[2] * x[3], x[2] * x[3], x[3], 1, b * x[3], b});
        }
        // Output axes: n, block row, block column, c, h, w.
        return Gather(reference, label, context,
                      {x[0], b, b, x[1], x[2] / b, x[3] / b}, 0,
                      {x[1] * x[2] * x[3], x[3], 1, x[2] * x[3], b * x[3], b});
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeExpand(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"expand"},
      [reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& dims = context.inputs[0].dims;
        const Dims& target = context.outputs[0].dims;
        HONE_RETURN_IF_ERROR(ExpectBroadcast(label, dims, target));
        return Gather(reference, label, context, target, 0,
                      BroadcastStrides(dims, target));
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeSlice(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const LateView<SliceView> view,
                        LateView<SliceView>::Of(spec));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"slice"},
      [view, reference = spec.reference, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const SliceView slice, view.At(context));
        const Dims& x = context.inputs[0].dims;
        HONE_ASSIGN_OR_RETURN(const std::vector<SliceView::Axis> axes,
                              slice.Resolve(view.node(), x));
        const Extents dense = RowMajorStrides(x);
        Dims dims;
        Extents strides;
        int64_t start = 0;
        for (size_t i = 0; i < axes.size(); ++i) {
          dims.push_back(axes[i].count);
          strides.push_back(axes[i].step * dense[i]);
          start += axes[i].start * dense[i];
        }
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", dims, context.outputs[0].dims));
        return Gather(reference, label, context, dims, start,
                      std::move(strides));
      });
}

}  // namespace hone
