#include "kernels/exec/ops/arrange/arrange.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"

namespace hone {
namespace {

absl::StatusOr<size_t> WidthOf(const std::string& label, DType dtype) {
  const size_t width = ElementBytes(dtype);
  if (width == 0) return UnimplementedDType(label, dtype);
  return width;
}

absl::Status RunReverse(int64_t batch_axis, int64_t time_axis, const Node& node,
                        const std::string& label,
                        const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const TensorView& x = context.inputs[0];
  if (x.dims.size() < 2) return NodeError(node, "rank of the input", "2 up");
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", x.dims, context.outputs[0].dims));
  const int64_t batch = x.dims[static_cast<size_t>(batch_axis)];
  const int64_t time = x.dims[static_cast<size_t>(time_axis)];
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "lengths", {batch}, context.inputs[1].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> lengths,
                        IndexElements(label, context.inputs[1]));
  for (const int64_t length : lengths) {
    if (length < 0 || length > time) {
      return NodeError(node, "a length", absl::StrCat("0 to ", time),
                       absl::StrCat(length));
    }
  }
  HONE_ASSIGN_OR_RETURN(const size_t width, WidthOf(label, x.dtype));
  const size_t row =
      static_cast<size_t>(Product(x.dims, 2, x.dims.size())) * width;
  const int64_t batch_step = batch_axis == 0 ? time : 1;
  const int64_t time_step = batch_axis == 0 ? 1 : batch;
  for (int64_t b = 0; b < batch; ++b) {
    const int64_t length = lengths[static_cast<size_t>(b)];
    for (int64_t t = 0; t < time && row > 0; ++t) {
      const int64_t from = t < length ? length - 1 - t : t;
      std::memcpy(
          context.outputs[0].As<char>() +
              static_cast<size_t>(b * batch_step + t * time_step) * row,
          x.As<char>() +
              static_cast<size_t>(b * batch_step + from * time_step) * row,
          row);
    }
  }
  return absl::OkStatus();
}

// Along each axis the middle is kept or zeros are put around.
absl::Status RunCenter(const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "rank of the output",
                                   static_cast<int64_t>(x.dims.size()),
                                   static_cast<int64_t>(y.dims.size())));
  HONE_ASSIGN_OR_RETURN(const size_t width, WidthOf(label, x.dtype));
  const size_t rank = x.dims.size();
  std::memset(y.data, 0, static_cast<size_t>(y.size) * width);
  // Element i of x is element i - from + to of y, for count elements.
  std::vector<int64_t> from(rank), to(rank), count(rank), index(rank, 0);
  int64_t all = 1;
  for (size_t a = 0; a < rank; ++a) {
    from[a] = std::max<int64_t>(0, (x.dims[a] - y.dims[a]) / 2);
    to[a] = std::max<int64_t>(0, (y.dims[a] - x.dims[a]) / 2);
    count[a] = std::min(x.dims[a], y.dims[a]);
    all *= count[a];
  }
  const int64_t run = rank == 0 ? 1 : count[rank - 1];
  for (int64_t i = 0; i < all; i += run) {
    int64_t source = 0, target = 0;
    for (size_t a = 0; a < rank; ++a) {
      source = source * x.dims[a] + from[a] + index[a];
      target = target * y.dims[a] + to[a] + index[a];
    }
    std::memcpy(y.As<char>() + static_cast<size_t>(target) * width,
                x.As<char>() + static_cast<size_t>(source) * width,
                static_cast<size_t>(run) * width);
    for (size_t a = rank; a-- > 0;) {
      if (a + 1 == rank) continue;
      if (++index[a] < count[a]) break;
      index[a] = 0;
    }
  }
  return absl::OkStatus();
}

absl::Status RunScatter(bool circular, const Node& node,
                        const std::string& label,
                        const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const TensorView& cache = context.inputs[0];
  const TensorView& update = context.inputs[1];
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", cache.dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const int64_t front,
                        FrontAxis(node, node.IntAttribute("axis", -2),
                                  static_cast<int64_t>(cache.dims.size())));
  const auto axis = static_cast<size_t>(front);
  if (axis == 0 || update.dims.size() != cache.dims.size()) {
    return NodeError(node, "axis and ranks", "not the batch, and equal");
  }
  Dims expected = cache.dims;
  expected[axis] = update.dims[axis];
  HONE_RETURN_IF_ERROR(ExpectDims(label, "update", expected, update.dims));
  const int64_t extent = cache.dims[axis], steps = update.dims[axis];
  std::vector<int64_t> first(static_cast<size_t>(cache.dims[0]), 0);
  if (context.inputs.size() > 2 && context.inputs[2].present()) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "write indices", {cache.dims[0]},
                                    context.inputs[2].dims));
    HONE_ASSIGN_OR_RETURN(first, IndexElements(label, context.inputs[2]));
  }
  for (const int64_t at : first) {
    if (at < 0 || steps > extent || at > extent ||
        (!circular && at > extent - steps)) {
      return NodeError(node, "a write index",
                       absl::StrCat("0 to ", extent - steps), absl::StrCat(at));
    }
  }
  HONE_ASSIGN_OR_RETURN(const size_t width, WidthOf(label, cache.dtype));
  const size_t row =
      static_cast<size_t>(Product(cache.dims, axis + 1, cache.dims.size())) *
      width;
  const int64_t outer = Product(cache.dims, 0, axis);
  char* y = context.outputs[0].As<char>();
  if (cache.size > 0) {
    std::memcpy(y, cache.data, static_cast<size_t>(cache.size) * width);
  }
  for (int64_t o = 0; o < outer && row > 0; ++o) {
    const int64_t sample = o / (outer / cache.dims[0]);
    for (int64_t s = 0; s < steps; ++s) {
      const int64_t at = (first[static_cast<size_t>(sample)] + s) % extent;
      std::memcpy(y + static_cast<size_t>(o * extent + at) * row,
                  update.As<char>() + static_cast<size_t>(o * steps + s) * row,
                  row);
    }
  }
  return absl::OkStatus();
}

absl::Status RunUnpool(const Node& node, const std::string& label,
                       const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "indices", x.dims, context.inputs[1].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> indices,
                        IndexElements(label, context.inputs[1]));
  HONE_ASSIGN_OR_RETURN(const size_t width, WidthOf(label, x.dtype));
  if (x.dims.size() < 3 || y.dims.size() != x.dims.size()) {
    return NodeError(node, "rank of the input", "at least 3");
  }
  // Indices count in the plane that was pooled: with an output_shape that
  // differs, its pixels keep their rows and columns.
  const std::vector<int64_t> kernel = node.IntsAttribute("kernel_shape");
  std::vector<int64_t> strides = node.IntsAttribute("strides");
  std::vector<int64_t> pads = node.IntsAttribute("pads");
  const size_t axes = x.dims.size() - 2;
  strides.resize(axes, 1);
  pads.resize(axes * 2, 0);
  if (kernel.size() != axes) return NodeError(node, "kernel_shape", "an axis");
  Dims pooled = x.dims;
  for (size_t a = 0; a < axes; ++a) {
    pooled[a + 2] =
        (x.dims[a + 2] - 1) * strides[a] + kernel[a] - pads[a] - pads[a + axes];
  }
  const bool given = context.inputs.size() > 2 && context.inputs[2].present();
  if (!given) pooled = y.dims;
  std::memset(y.data, 0, static_cast<size_t>(y.size) * width);
  for (size_t i = 0; i < indices.size(); ++i) {
    int64_t rest = indices[i], at = 0, stride = 1;
    bool inside = rest >= 0;
    for (size_t a = pooled.size(); a-- > 0 && inside;) {
      const int64_t extent = pooled[a];
      const int64_t place = extent > 0 ? rest % extent : -1;
      inside = place >= 0 && place < y.dims[a];
      rest = extent > 0 ? rest / extent : 0;
      at += place * stride;
      stride *= y.dims[a];
    }
    if (!inside || rest != 0) {
      return NodeError(node, "an index", absl::StrCat("below ", y.size),
                       absl::StrCat(indices[i]));
    }
    std::memcpy(y.As<char>() + static_cast<size_t>(at) * width,
                x.As<char>() + i * width, width);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeReverseSequence(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t batch = read.IntIn("batch_axis", 1, 0, 1);
  const int64_t time = read.IntIn("time_axis", 0, 0, 1);
  if (batch == time) read.Fail("batch_axis and time_axis", "0 and 1");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"reverse_sequence"},
      [batch, time, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunReverse(batch, time, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCenterCropPad(
    const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"center_crop_pad"},
      [label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunCenter(label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeTensorScatter(
    const KernelSpec& spec) {
  static constexpr absl::string_view kModes[] = {"linear", "circular"};
  AttributeReader read(*spec.node);
  const bool circular =
      read.Choice("mode", "linear", absl::MakeConstSpan(kModes)) == 1;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel(
      {"tensor_scatter"},
      [circular, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return RunScatter(circular, node, label, context);
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMaxUnpool(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 0));
  return MakeFunctionKernel({"max_unpool"},
                            [node = *spec.node, label = NodeLabel(*spec.node)](
                                const KernelContext& context) {
                              return RunUnpool(node, label, context);
                            });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeBitCast(const KernelSpec& spec) {
  return MakeFunctionKernel(
      {"bit_cast"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        const MutableTensorView& y = context.outputs[0];
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", x.dims, y.dims));
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "bits of an element",
                                         BitsPerElement(x.dtype),
                                         BitsPerElement(y.dtype)));
        const size_t bytes = PackedBytes(x.dtype, x.size).value_or(0);
        if (bytes > 0) std::memcpy(y.data, x.data, bytes);
        return absl::OkStatus();
      });
}

}  // namespace hone
