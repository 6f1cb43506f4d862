#include "kernels/exec/ops/gather/gather.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

// y[i] = blocks of `bytes` bytes at x + offset(i), i < n.
template <typename F>
void CopyBlocks(const KernelContext& context, int64_t n, size_t bytes,
                F&& offset) {
  const char* x = static_cast<const char*>(context.inputs[0].data);
  char* y = context.outputs[0].As<char>();
  const int64_t step = static_cast<int64_t>(bytes);
  ForRanges(*context.pool, n, GrainFor(4 * kLightGrain, step),
            [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i) {
                std::memcpy(y + i * step, x + offset(i) * step, bytes);
              }
            });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeGather(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const GatherView view,
                        GatherView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"gather"},
      [view, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        const TensorView& x = context.inputs[0];
        const TensorView& wanted = context.inputs[1];
        HONE_ASSIGN_OR_RETURN(
            const int64_t front,
            FrontAxis(node, view.axis, static_cast<int64_t>(x.dims.size())));
        const size_t axis = static_cast<size_t>(front);
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        HONE_ASSIGN_OR_RETURN(std::vector<int64_t> indices,
                              IndexElements(label, wanted));
        const int64_t extent = x.dims[axis];
        HONE_RETURN_IF_ERROR(
            WrapIndices(label, extent, absl::MakeSpan(indices)));
        const int64_t outer = Product(x.dims, 0, axis);
        const int64_t inner = Product(x.dims, axis + 1, x.dims.size());
        const int64_t count = wanted.size;
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                         outer * count * inner,
                                         context.outputs[0].size));
        if (inner == 0 || count == 0) return absl::OkStatus();
        CopyBlocks(context, outer * count, static_cast<size_t>(inner) * bytes,
                   [&](int64_t i) {
                     return i / count * extent +
                            indices[static_cast<size_t>(i % count)];
                   });
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherElements(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const GatherView view,
                        GatherView::Of(*spec.node, spec.opset));
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"gather_elements"},
      [view, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        const TensorView& x = context.inputs[0];
        const TensorView& wanted = context.inputs[1];
        const int64_t rank = static_cast<int64_t>(x.dims.size());
        HONE_ASSIGN_OR_RETURN(const int64_t axis,
                              FrontAxis(node, view.axis, rank));
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "rank of the indices", rank,
                        static_cast<int64_t>(wanted.dims.size())));
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", wanted.dims,
                                        context.outputs[0].dims));
        const size_t a = static_cast<size_t>(axis);
        Extents strides = RowMajorStrides(x.dims);
        for (size_t i = 0; i < wanted.dims.size(); ++i) {
          if (i != a && wanted.dims[i] > x.dims[i]) {
            return ExpectDims(label, "indices beyond the input", x.dims,
                              wanted.dims);
          }
        }
        HONE_ASSIGN_OR_RETURN(std::vector<int64_t> indices,
                              IndexElements(label, wanted));
        HONE_RETURN_IF_ERROR(
            WrapIndices(label, x.dims[a], absl::MakeSpan(indices)));
        const int64_t axis_stride = strides[a];
        strides[a] = 0;
        CopyBlocks(context, wanted.size, bytes, [&](int64_t i) {
          int64_t at = indices[static_cast<size_t>(i)] * axis_stride;
          int64_t rest = i;
          for (size_t l = wanted.dims.size(); l-- > 0;) {
            at += rest % wanted.dims[l] * strides[l];
            rest /= wanted.dims[l];
          }
          return at;
        });
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherND(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t batch = read.IntIn("batch_dims", 0, 0, 64);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"gather_nd"},
      [batch, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
        const TensorView& x = context.inputs[0];
        const TensorView& wanted = context.inputs[1];
        const size_t bytes = ElementBytes(x.dtype);
        if (bytes == 0) return UnimplementedDType(label, x.dtype);
        const size_t b = static_cast<size_t>(batch);
        if (b >= wanted.dims.size() || b >= x.dims.size()) {
          return ExpectEqual(label, "batch axes beyond the rank", 0, batch);
        }
        const absl::Span<const int64_t> dims(x.dims);
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "batch extents", dims.subspan(0, b),
                       absl::MakeConstSpan(wanted.dims).subspan(0, b)));
        const Extents strides = RowMajorStrides(dims.subspan(b));
        HONE_ASSIGN_OR_RETURN(
            const std::vector<int64_t> offsets,
            SliceOffsets(label, wanted, dims.subspan(b), strides));
        const size_t depth = static_cast<size_t>(wanted.dims.back());
        const int64_t inner = Product(dims, b + depth, dims.size());
        const int64_t whole = Product(dims, b, dims.size());
        const int64_t count = static_cast<int64_t>(offsets.size());
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                         count * inner,
                                         context.outputs[0].size));
        if (inner == 0 || count == 0) return absl::OkStatus();
        const int64_t per_batch = count / Product(dims, 0, b);
        CopyBlocks(
            context, count, static_cast<size_t>(inner) * bytes, [&](int64_t i) {
              return (i / per_batch * whole + offsets[static_cast<size_t>(i)]) /
                     inner;
            });
        return absl::OkStatus();
      });
}

}  // namespace hone
