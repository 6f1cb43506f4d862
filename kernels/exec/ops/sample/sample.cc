#include "kernels/exec/ops/sample/sample.h"

#include <algorithm>
#include <string>
#include <utility>
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
#include "kernels/cpu/sample/sample.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/sample/any_elements.h"

namespace hone {
namespace {

absl::Status RunGridSample(const GridSampleOptions& options, const Node& node,
                           const std::string& label,
                           const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  const Dims& x = context.inputs[0].dims;
  const Dims& grid = context.inputs[1].dims;
  if (x.size() < 3 || grid.size() != x.size() || grid[0] != x[0] ||
      grid.back() != static_cast<int64_t>(x.size()) - 2) {
    return NodeError(node, "extents of the input and the grid",
                     "[n, c, extents...], [n, extents..., axes]",
                     absl::StrCat(DimsToString(x), ", ", DimsToString(grid)));
  }
  Dims dims = grid;
  dims.back() = x[1];
  std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> places,
                        ReadNumbers(label, context.inputs[1]));
  const int64_t points = Product(grid, 1, grid.size() - 1);
  const auto sample = [&](const double* image, double* y) {
    GridSample(*context.pool, image, x[0], x[1],
               absl::MakeConstSpan(x).subspan(2), places.data(), points,
               options, y);
  };
  return options.mode == SampleMode::kNearest
             ? MapPositions(node, label, context, sample)
             : MapNumbers(label, context, sample);
}

absl::Status RunAffineGrid(bool align_corners, const Node& node,
                           const std::string& label,
                           const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> size,
                        IndexElements(label, context.inputs[1]));
  const Dims& theta = context.inputs[0].dims;
  const auto axes = static_cast<int64_t>(size.size()) - 2;
  if (axes < 1 || theta.size() != 3 || theta[0] != size[0] ||
      theta[1] != axes || theta[2] != axes + 1) {
    return NodeError(node, "extents of theta", "[n, axes, axes + 1]",
                     DimsToString(theta));
  }
  Dims dims = {size[0]};
  dims.insert(dims.end(), size.begin() + 2, size.end());
  dims.push_back(axes);
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> rows,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> grid(static_cast<size_t>(context.outputs[0].size));
  AffineGrid(rows.data(), size[0], absl::MakeConstSpan(size).subspan(2),
             align_corners, grid.data());
  return WriteNumbers(label, grid, context.outputs[0]);
}

// An attribute with one number an axis, or all `otherwise`.
absl::StatusOr<std::vector<int64_t>> PerAxis(const Node& node,
                                             absl::string_view name,
                                             size_t axes, int64_t otherwise) {
  std::vector<int64_t> values = node.IntsAttribute(name);
  if (values.empty()) values.assign(axes, otherwise);
  const bool fits = std::all_of(values.begin(), values.end(), [&](int64_t v) {
    return v >= otherwise && v < (int64_t{1} << 31);
  });
  if (values.size() != axes || !fits) {
    return NodeError(node, name,
                     absl::StrCat(axes, " numbers from ", otherwise));
  }
  return values;
}

absl::Status AddColumns(const BlockLayout& layout, int64_t rows,
                        const Node& node, const std::string& label,
                        const KernelContext& context) {
  const TensorView& x = context.inputs[0];
  const MutableTensorView& y = context.outputs[0];
  if (Contains(Integers(), x.dtype)) {
    return VisitDType(Integers(), label, x.dtype, [&](auto type) {
      using T = typename decltype(type)::type;
      const std::vector<uint64_t> from(x.As<T>(), x.As<T>() + x.size);
      std::vector<uint64_t> to(static_cast<size_t>(y.size));
      ColumnsToImage(from.data(), rows, layout, to.data());
      for (size_t i = 0; i < to.size(); ++i) {
        y.As<T>()[i] = static_cast<T>(to[i]);
      }
      return absl::OkStatus();
    });
  }
  const auto add = [&](const double* from, double* to) {
    ColumnsToImage(from, rows, layout, to);
  };
  if (x.dtype != DType::kString) return MapNumbers(label, context, add);
  const std::vector<double> ones(static_cast<size_t>(x.size), 1);
  std::vector<double> count(static_cast<size_t>(y.size));
  add(ones.data(), count.data());
  for (const double strings : count) {
    if (strings > 1) {
      return NodeError(node, "strings at a place", "1", absl::StrCat(strings));
    }
  }
  return MapPositions(node, label, context, add);
}

absl::Status RunCol2Im(const Node& node, const std::string& label,
                       const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  BlockLayout layout;
  HONE_ASSIGN_OR_RETURN(layout.image, IndexElements(label, context.inputs[1]));
  HONE_ASSIGN_OR_RETURN(layout.block, IndexElements(label, context.inputs[2]));
  const size_t axes = layout.image.size();
  const Dims& x = context.inputs[0].dims;
  if (axes == 0 || layout.block.size() != axes || x.size() != 3) {
    return NodeError(node, "image and block extents", "as many, and rank 3");
  }
  HONE_ASSIGN_OR_RETURN(layout.dilations, PerAxis(node, "dilations", axes, 1));
  HONE_ASSIGN_OR_RETURN(layout.strides, PerAxis(node, "strides", axes, 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> pads,
                        PerAxis(node, "pads", axes * 2, 0));
  int64_t block = 1, steps = 1;
  Dims dims = {x[0], 0};
  for (size_t a = 0; a < axes; ++a) {
    const int64_t most = int64_t{1} << 31;
    if (layout.block[a] < 1 || layout.block[a] >= most || layout.image[a] < 1 ||
        layout.image[a] >= most) {
      return NodeError(node, "image and block extents", "at least 1");
    }
    const int64_t room = layout.image[a] + pads[a] + pads[a + axes] -
                         layout.dilations[a] * (layout.block[a] - 1) - 1;
    layout.steps.push_back(room < 0 ? 0 : room / layout.strides[a] + 1);
    layout.pads_begin.push_back(pads[a]);
    block *= layout.block[a];
    steps *= layout.steps[a];
    if (block > x[1] || steps > x[2]) break;
    dims.push_back(layout.image[a]);
  }
  if (dims.size() != axes + 2 || x[1] % block != 0 || x[2] != steps) {
    return NodeError(node, "extents of the columns",
                     absl::StrCat("a multiple of ", block, ", ", steps),
                     DimsToString(x));
  }
  dims[1] = x[1] / block;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  return AddColumns(layout, dims[0] * dims[1], node, label, context);
}

absl::Status RunDeformConv(const Node& node, const std::string& label,
                           const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const Dims& x = context.inputs[0].dims;
  const Dims& w = context.inputs[1].dims;
  const Dims& y = context.outputs[0].dims;
  if (x.size() != 4 || w.size() != 4 || y.size() != 4) {
    return MakeError(absl::StatusCode::kUnimplemented,
                     "deformable convolution over other than two axes",
                     {"", label, "rank 4", absl::StrCat("rank ", x.size())});
  }
  AttributeReader read(node);
  const int64_t most = int64_t{1} << 31;
  DeformConvShape s;
  s.group = read.IntIn("group", 1, 1, most);
  s.offset_group = read.IntIn("offset_group", 1, 1, most);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> strides,
                        PerAxis(node, "strides", 2, 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> dilations,
                        PerAxis(node, "dilations", 2, 1));
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> pads,
                        PerAxis(node, "pads", 4, 0));
  s.batch = x[0], s.channels = x[1], s.h = x[2], s.w = x[3];
  s.outputs = w[0], s.kernel_h = w[2], s.kernel_w = w[3];
  s.out_h = y[2], s.out_w = y[3];
  s.stride_h = strides[0], s.stride_w = strides[1];
  s.dilation_h = dilations[0], s.dilation_w = dilations[1];
  s.pad_h = pads[0], s.pad_w = pads[1];
  if (s.channels % s.group != 0 || s.channels % s.offset_group != 0 ||
      s.outputs % s.group != 0 || w[1] != s.channels / s.group) {
    return NodeError(node, "channels", "a multiple of the groups",
                     absl::StrCat(DimsToString(x), ", ", DimsToString(w)));
  }
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents",
                                  {s.batch, s.outputs, s.out_h, s.out_w}, y));
  const int64_t taps = s.offset_group * s.kernel_h * s.kernel_w;
  HONE_RETURN_IF_ERROR(ExpectDims(label, "offset",
                                  {s.batch, taps * 2, s.out_h, s.out_w},
                                  context.inputs[2].dims));
  std::vector<std::vector<double>> in(5);
  for (size_t i = 0; i < 5 && i < context.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(in[i], ReadNumbers(label, context.inputs[i]));
  }
  if (!in[3].empty()) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, "bias", {s.outputs}, context.inputs[3].dims));
  }
  if (!in[4].empty()) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "mask",
                                    {s.batch, taps, s.out_h, s.out_w},
                                    context.inputs[4].dims));
  }
  std::vector<double> out(static_cast<size_t>(context.outputs[0].size));
  DeformConv(*context.pool, s, in[0].data(), in[1].data(), in[2].data(),
             in[3].empty() ? nullptr : in[3].data(),
             in[4].empty() ? nullptr : in[4].data(), out.data());
  return WriteNumbers(label, out, context.outputs[0]);
}

bool TakesStrings(const KernelSpec& spec) {
  return !spec.input_types.empty() &&
         spec.input_types[0].dtype == DType::kString;
}

// Unimplemented unless input 0 has numbers, complex ones too, or strings.
absl::Status CheckElements(const KernelSpec& spec) {
  const bool complex =
      !spec.input_types.empty() && IsComplex(spec.input_types[0].dtype);
  return complex || TakesStrings(spec) ? absl::OkStatus()
                                       : CheckDType(NumbersAndBool(), spec, 0);
}

template <typename F>
std::unique_ptr<Kernel> MakeSampler(const KernelSpec& spec, const char* name,
                                    F run) {
  FunctionKernelOptions options = {name};
  options.allocates_outputs = options.wants_values = TakesStrings(spec);
  return MakeFunctionKernel(
      options,
      [run, node = *spec.node, label = NodeLabel(*spec.node)](
          const KernelContext& context) { return run(node, label, context); });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeGridSample(const KernelSpec& spec) {
  // Opset 16 has other names for two of the modes.
  static constexpr absl::string_view kModes[] = {"linear", "nearest", "cubic",
                                                 "bilinear", "bicubic"};
  static constexpr SampleMode kModeOf[] = {
      SampleMode::kLinear, SampleMode::kNearest, SampleMode::kCubic,
      SampleMode::kLinear, SampleMode::kCubic};
  static constexpr absl::string_view kPaddings[] = {"zeros", "border",
                                                    "reflection"};
  AttributeReader read(*spec.node);
  GridSampleOptions options;
  options.mode =
      kModeOf[read.Choice("mode", "linear", absl::MakeConstSpan(kModes))];
  options.padding = static_cast<SamplePadding>(
      read.Choice("padding_mode", "zeros", absl::MakeConstSpan(kPaddings)));
  options.align_corners = read.Bool("align_corners", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckElements(spec));
  if (TakesStrings(spec) && options.mode != SampleMode::kNearest) {
    return UnimplementedError(spec, "what lies between strings");
  }
  return MakeSampler(spec, "grid_sample",
                     [options](const Node& node, const std::string& label,
                               const KernelContext& context) {
                       return RunGridSample(options, node, label, context);
                     });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeAffineGrid(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const bool align_corners = read.Bool("align_corners", false);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeSampler(spec, "affine_grid",
                     [align_corners](const Node& node, const std::string& label,
                                     const KernelContext& context) {
                       return RunAffineGrid(align_corners, node, label,
                                            context);
                     });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeCol2Im(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckElements(spec));
  return MakeSampler(spec, "col2im", RunCol2Im);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeDeformConv(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeSampler(spec, "deform_conv", RunDeformConv);
}

}  // namespace hone
