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
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/gather.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

// How an update meets what is there.
struct Reduction {
  bool assign = true;
  BinaryOp op = BinaryOp::kAdd;
};

absl::StatusOr<Reduction> ReductionOf(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const absl::string_view names[] = {"none", "add", "mul", "min", "max"};
  const BinaryOp ops[] = {BinaryOp::kAdd, BinaryOp::kAdd, BinaryOp::kMul,
                          BinaryOp::kMin, BinaryOp::kMax};
  Reduction reduction;
  const size_t choice = read.Choice("reduction", "none", names);
  reduction.assign = choice == 0;
  reduction.op = ops[choice];
  if (reduction.assign) {
    HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  } else {
    HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  }
  return read.Finish(reduction);
}

// y = x; then block i of the updates (of `block` elements) meets y at
// offsets[i].
absl::Status Scatter(const Reduction& reduction, const std::string& label,
                     const KernelContext& context,
                     const std::vector<int64_t>& offsets, int64_t block) {
  const TensorView& x = context.inputs[0];
  const TensorView& updates = context.inputs[2];
  const MutableTensorView& y = context.outputs[0];
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", x.dims, y.dims));
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "updates",
                                   static_cast<int64_t>(offsets.size()) * block,
                                   updates.size));
  if (updates.dtype != x.dtype) {
    return UnimplementedDType(label, updates.dtype);
  }
  const size_t bytes = ElementBytes(x.dtype);
  if (bytes == 0) return UnimplementedDType(label, x.dtype);
  if (y.data != x.data) {
    std::memcpy(y.data, x.data, static_cast<size_t>(x.size) * bytes);
  }
  if (reduction.assign) {
    const size_t run = static_cast<size_t>(block) * bytes;
    const char* from = updates.As<char>();
    for (const int64_t offset : offsets) {
      std::memcpy(y.As<char>() + offset * static_cast<int64_t>(bytes), from,
                  run);
      from += run;
    }
    return absl::OkStatus();
  }
  return VisitDType(Numbers(), label, x.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* from = updates.As<T>();
    for (const int64_t offset : offsets) {
      T* to = y.As<T>() + offset;
      BinaryRowRef(reduction.op, to, 1, from, 1, static_cast<size_t>(block),
                   to);
      from += block;
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeScatterElements(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const ScatterElementsView view,
                        ScatterElementsView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(const Reduction reduction, ReductionOf(spec));
  return MakeFunctionKernel(
      {"scatter_elements", /*in_place=*/true},
      [axis = view.axis, reduction, node = *spec.node,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
        const TensorView& x = context.inputs[0];
        const TensorView& where = context.inputs[1];
        const int64_t rank = static_cast<int64_t>(x.dims.size());
        HONE_ASSIGN_OR_RETURN(const int64_t front, FrontAxis(node, axis, rank));
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "rank of the indices", rank,
                        static_cast<int64_t>(where.dims.size())));
        const size_t a = static_cast<size_t>(front);
        for (size_t i = 0; i < where.dims.size(); ++i) {
          if (i != a && where.dims[i] > x.dims[i]) {
            return ExpectDims(label, "indices beyond the input", x.dims,
                              where.dims);
          }
        }
        HONE_ASSIGN_OR_RETURN(std::vector<int64_t> offsets,
                              IndexElements(label, where));
        HONE_RETURN_IF_ERROR(
            WrapIndices(label, x.dims[a], absl::MakeSpan(offsets)));
        Extents strides = RowMajorStrides(x.dims);
        const int64_t axis_stride = strides[a];
        strides[a] = 0;
        for (size_t i = 0; i < offsets.size(); ++i) {
          int64_t at = offsets[i] * axis_stride;
          int64_t rest = static_cast<int64_t>(i);
          for (size_t l = where.dims.size(); l-- > 0;) {
            at += rest % where.dims[l] * strides[l];
            rest /= where.dims[l];
          }
          offsets[i] = at;
        }
        return Scatter(reduction, label, context, offsets, 1);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeScatterND(const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(const Reduction reduction, ReductionOf(spec));
  return MakeFunctionKernel(
      {"scatter_nd", /*in_place=*/true},
      [reduction, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
        const TensorView& x = context.inputs[0];
        const TensorView& where = context.inputs[1];
        HONE_ASSIGN_OR_RETURN(
            const std::vector<int64_t> offsets,
            SliceOffsets(label, where, x.dims, RowMajorStrides(x.dims)));
        const size_t depth = static_cast<size_t>(where.dims.back());
        return Scatter(reduction, label, context, offsets,
                       Product(x.dims, depth, x.dims.size()));
      });
}

}  // namespace hone
