// Operators that move elements and change none.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/slice_view.h"
#include "ir/views/split_view.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/opencl/factories.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/opencl/elementwise/elementwise.h"
#include "kernels/opencl/gather/gather.h"

namespace hone {
namespace {

using Place = DeviceKernel::Place;

// Every parameter input is a constant.
absl::Status ExpectConstants(const KernelSpec& spec) {
  for (size_t i = 1; i < spec.node->inputs.size(); ++i) {
    if (!spec.node->Input(i).empty() && spec.constants[i] == nullptr) {
      return NotOnDevice();
    }
  }
  return absl::OkStatus();
}

const std::vector<Place> kDataOnly = {Place::kDevice, Place::kNowhere,
                                      Place::kNowhere, Place::kNowhere,
                                      Place::kNowhere};

struct Strided {
  const DeviceValue& value;
  int64_t start;
  Extents strides;
};

absl::Status CopyTo(opencl::Context& context, absl::Span<const int64_t> dims,
                    const Strided& from, const Strided& to) {
  LoopNest loops(dims, {from.strides, to.strides});
  loops.Coalesce();
  HONE_ASSIGN_OR_RETURN(const opencl::Nest nest, NestOf(loops, 0, 1));
  return opencl::Copy(context, nest, BufferOf(from.value), from.start,
                      BufferOf(to.value), to.start);
}

// Whole values to or from a part of `whole` along one axis.
absl::Status CopyPart(opencl::Context& context, size_t axis, int64_t at,
                      const DeviceValue& whole, const DeviceValue& part,
                      bool joining) {
  const Extents strides = RowMajorStrides(whole.view.dims);
  const Strided w = {whole, at * strides[axis], strides};
  const Strided p = {part, 0, RowMajorStrides(part.view.dims)};
  return joining ? CopyTo(context, part.view.dims, p, w)
                 : CopyTo(context, part.view.dims, w, p);
}

}  // namespace

OpenClKernel MakeOpenClTranspose(const OpenClContext& context,
                                 const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_ASSIGN_OR_RETURN(const TransposeView view,
                        TransposeView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(
      const std::vector<int64_t> perm,
      view.Resolve(*spec.node, static_cast<int64_t>(RankOf(spec, 0))));
  return MakeDeviceKernel(
      "opencl.transpose", {},
      [context, perm, label = NodeLabel(*spec.node)](
          DeviceValues inputs, DeviceValues outputs) -> absl::Status {
        const Dims& dims = inputs[0].view.dims;
        const Extents own = RowMajorStrides(dims);
        Extents strides;
        Dims target;
        for (const int64_t axis : perm) {
          target.push_back(dims[static_cast<size_t>(axis)]);
          strides.push_back(own[static_cast<size_t>(axis)]);
        }
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", target, outputs[0].view.dims));
        return CopyTo(*context, target, {inputs[0], 0, strides},
                      {outputs[0], 0, RowMajorStrides(target)});
      });
}

OpenClKernel MakeOpenClSlice(const OpenClContext& context,
                             const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_RETURN_IF_ERROR(ExpectConstants(spec));
  HONE_ASSIGN_OR_RETURN(const SliceView view,
                        SliceView::Of(*spec.node, spec.opset, spec.constants));
  if (!view.known()) return NotOnDevice();
  return MakeDeviceKernel(
      "opencl.slice", kDataOnly,
      [context, view, node = *spec.node](DeviceValues inputs,
                                         DeviceValues outputs) -> absl::Status {
        const Dims& dims = inputs[0].view.dims;
        HONE_ASSIGN_OR_RETURN(const std::vector<SliceView::Axis> axes,
                              view.Resolve(node, dims));
        Extents strides = RowMajorStrides(dims);
        int64_t start = 0;
        Dims target;
        for (size_t i = 0; i < axes.size(); ++i) {
          start += axes[i].start * strides[i];
          strides[i] *= axes[i].step;
          target.push_back(axes[i].count);
        }
        HONE_RETURN_IF_ERROR(ExpectDims(NodeLabel(node), "output extents",
                                        target, outputs[0].view.dims));
        return CopyTo(*context, target, {inputs[0], start, strides},
                      {outputs[0], 0, RowMajorStrides(target)});
      });
}

OpenClKernel MakeOpenClConcat(const OpenClContext& context,
                              const KernelSpec& spec) {
  for (size_t i = 0; i < spec.node->inputs.size(); ++i) {
    HONE_RETURN_IF_ERROR(ExpectFloats(spec, i));
    if (RankOf(spec, i) != RankOf(spec, 0)) return NotOnDevice();
  }
  if (spec.node->inputs.empty()) return NotOnDevice();
  HONE_ASSIGN_OR_RETURN(const ConcatView view,
                        ConcatView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(
      const int64_t axis,
      FrontAxis(*spec.node, view.axis, static_cast<int64_t>(RankOf(spec, 0))));
  return MakeDeviceKernel(
      "opencl.concat", {},
      [context, axis = static_cast<size_t>(axis),
       label = NodeLabel(*spec.node)](DeviceValues inputs,
                                      DeviceValues outputs) -> absl::Status {
        int64_t at = 0;
        for (const DeviceValue& input : inputs) {
          Dims dims = outputs[0].view.dims;
          const int64_t extent = input.view.dims[axis];
          dims[axis] = extent;
          HONE_RETURN_IF_ERROR(
              ExpectDims(label, "extents of an input", dims, input.view.dims));
          if (at + extent > outputs[0].view.dims[axis]) break;
          HONE_RETURN_IF_ERROR(CopyPart(*context, axis, at, outputs[0], input,
                                        /*joining=*/true));
          at += extent;
        }
        return ExpectEqual(label, "extent of the joined axis", at,
                           outputs[0].view.dims[axis]);
      });
}

OpenClKernel MakeOpenClSplit(const OpenClContext& context,
                             const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  // A part that nobody reads has no place, and no known extent.
  for (const std::string& output : spec.node->outputs) {
    if (output.empty()) return NotOnDevice();
  }
  HONE_ASSIGN_OR_RETURN(const SplitView view,
                        SplitView::Of(*spec.node, spec.opset, spec.constants));
  HONE_ASSIGN_OR_RETURN(
      const int64_t axis,
      FrontAxis(*spec.node, view.axis, static_cast<int64_t>(RankOf(spec, 0))));
  return MakeDeviceKernel(
      "opencl.split", kDataOnly,
      [context, axis = static_cast<size_t>(axis),
       label = NodeLabel(*spec.node)](DeviceValues inputs,
                                      DeviceValues outputs) -> absl::Status {
        int64_t at = 0;
        const int64_t whole = inputs[0].view.dims[axis];
        for (const DeviceValue& output : outputs) {
          const int64_t extent = output.view.dims[axis];
          if (at + extent > whole) break;
          HONE_RETURN_IF_ERROR(CopyPart(*context, axis, at, inputs[0], output,
                                        /*joining=*/false));
          at += extent;
        }
        return ExpectEqual(label, "extent of the split axis", at, whole);
      });
}

OpenClKernel MakeOpenClExpand(const OpenClContext& context,
                              const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  const Type& type = spec.output_types[0];
  if (!type.shape.has_value() || type.shape->size() > 8) return NotOnDevice();
  return MakeDeviceKernel(
      "opencl.expand", kDataOnly,
      [context, label = NodeLabel(*spec.node)](
          DeviceValues inputs, DeviceValues outputs) -> absl::Status {
        const Dims& target = outputs[0].view.dims;
        HONE_RETURN_IF_ERROR(
            ExpectBroadcast(label, inputs[0].view.dims, target));
        return CopyTo(
            *context, target,
            {inputs[0], 0, BroadcastStrides(inputs[0].view.dims, target)},
            {outputs[0], 0, RowMajorStrides(target)});
      });
}

OpenClKernel MakeOpenClGather(const OpenClContext& context,
                              const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_ASSIGN_OR_RETURN(const GatherView view,
                        GatherView::Of(*spec.node, spec.opset));
  HONE_ASSIGN_OR_RETURN(
      const int64_t axis,
      FrontAxis(*spec.node, view.axis, static_cast<int64_t>(RankOf(spec, 0))));
  return MakeDeviceKernel(
      "opencl.gather", {Place::kDevice, Place::kHost},
      [context, axis = static_cast<size_t>(axis),
       label = NodeLabel(*spec.node)](DeviceValues inputs,
                                      DeviceValues outputs) -> absl::Status {
        const Dims& dims = inputs[0].view.dims;
        HONE_ASSIGN_OR_RETURN(std::vector<int64_t> indices,
                              IndexElements(label, inputs[1].view));
        HONE_RETURN_IF_ERROR(
            WrapIndices(label, dims[axis], absl::MakeSpan(indices)));
        const std::vector<int32_t> narrow(indices.begin(), indices.end());
        const int64_t outer = Product(dims, 0, axis);
        const int64_t inner = Product(dims, axis + 1, dims.size());
        HONE_RETURN_IF_ERROR(
            ExpectEqual(label, "elements of the output",
                        outer * static_cast<int64_t>(narrow.size()) * inner,
                        outputs[0].view.size));
        return opencl::GatherRows(*context, BufferOf(inputs[0]), outer,
                                  dims[axis], inner, narrow,
                                  BufferOf(outputs[0]));
      });
}

}  // namespace hone
