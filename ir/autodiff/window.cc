// Convolutions: y[o] = sum over taps of w[t] x[stride o + dilation t - pad], so
// that x gets a transposed convolution of dy by w, and w a convolution of x by
// dy with stride and dilation exchanged (Dumoulin and Visin 2016,
// arXiv:1603.07285).
#include "ir/views/window.h"

#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "ir/views/conv_view.h"
#include "ir/views/pool_view.h"

namespace hone {
namespace {

// The window with its pads in numbers. Unimplemented: they depend on extents
// that are not known.
absl::Status ResolvePads(const GradientMaker& make, const std::string& x,
                         Window* window) {
  if (window->auto_pad == AutoPad::kNotSet) return absl::OkStatus();
  for (size_t i = 0; i < window->rank(); ++i) {
    const int64_t extent = make.ExtentOf(x, static_cast<int64_t>(i) + 2);
    if (extent < 0) {
      return make.Unimplemented("gradient with auto_pad at unknown extents");
    }
    HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                          window->ResolveAxis(make.node(), i, extent));
    window->pads_begin[i] = axis.pad_begin;
    window->pads_end[i] = axis.pad_end;
  }
  window->auto_pad = AutoPad::kNotSet;
  return absl::OkStatus();
}

NodeMaker::Attributes ConvAttributes(const Window& window, int64_t group,
                                     bool padded) {
  NodeMaker::Attributes attributes = {
      Attribute::Int("group", group),
      Attribute::Ints("strides", window.strides),
      Attribute::Ints("dilations", window.dilations)};
  if (padded) {
    std::vector<int64_t> pads = window.pads_begin;
    pads.insert(pads.end(), window.pads_end.begin(), window.pads_end.end());
    attributes.push_back(Attribute::Ints("pads", std::move(pads)));
  }
  return attributes;
}

// Axes 2, 3, ...
std::vector<int64_t> SpatialAxes(const Window& window) {
  std::vector<int64_t> axes(window.rank());
  std::iota(axes.begin(), axes.end(), 2);
  return axes;
}

// What the window's transposed convolution of dy [n, g m, o...] by
// w [g m, c, k...] gives to an input [n, g c, i...] of spatial extents `sizes`.
std::string InputGradient(GradientMaker& make, const std::string& dy,
                          const std::string& w, const Window& window,
                          int64_t group, const std::string& sizes) {
  const std::string whole =
      make.Add("ConvTranspose", {dy, w}, ConvAttributes(window, group, false));
  // What no window reaches at the end is less than a stride.
  std::vector<int64_t> begin(window.rank(), 0), end;
  for (const int64_t stride : window.strides) end.push_back(stride - 1);
  begin.insert(begin.end(), end.begin(), end.end());
  const std::string axes = make.Ints(SpatialAxes(window));
  const std::string padded =
      make.Add("Pad", {whole, make.Ints(begin), "", axes});
  const std::string from = make.Ints(window.pads_begin);
  return make.Add("Slice",
                  {padded, from, make.Add("Add", {from, sizes}), axes});
}

// [n, g c, i...] as [c, g n, i...].
std::string BatchWithin(GradientMaker& make, const std::string& x, int64_t rank,
                        int64_t group) {
  std::vector<int64_t> perm(static_cast<size_t>(rank));
  std::iota(perm.begin(), perm.end(), 0);
  std::swap(perm[0], perm[1]);
  if (group == 1) return make.Transpose(x, std::move(perm));
  const std::string n = make.Extents(x, 0, 1);
  const std::string g = make.Ints({group});
  const std::string c = make.Add("Div", {make.Extents(x, 1, 2), g});
  const std::string rest = make.Extents(x, 2);
  const Attribute axis = Attribute::Int("axis", 0);
  const std::string split =
      make.Reshaped(x, make.Add("Concat", {n, g, c, rest}, {axis}));
  std::vector<int64_t> turn = {2, 1, 0};
  for (int64_t i = 2; i < rank; ++i) turn.push_back(i + 1);
  return make.Reshaped(make.Transpose(split, std::move(turn)),
                       make.Add("Concat", {c, make.Mul(g, n), rest}, {axis}));
}

// [n, g m, o...] as [g m, n, o...].
std::string ChannelsBefore(GradientMaker& make, const std::string& y,
                           int64_t rank) {
  return BatchWithin(make, y, rank, 1);
}

// The gradient [g m, c, k...] of weights, when x [n, g c, i...] convolved by
// them has gradient dy [n, g m, o...].
std::string WeightGradient(GradientMaker& make, const std::string& x,
                           const std::string& dy, Window window,
                           int64_t group) {
  const int64_t rank = static_cast<int64_t>(window.rank()) + 2;
  const std::vector<int64_t> kernel = window.kernel;
  std::swap(window.strides, window.dilations);
  const std::string taps = make.Add(
      "Conv",
      {BatchWithin(make, x, rank, group), ChannelsBefore(make, dy, rank)},
      ConvAttributes(window, group, true));
  // Where the last stride is not used up there are taps too many.
  const std::vector<int64_t> zeros(window.rank(), 0);
  const std::string own =
      make.Add("Slice", {taps, make.Ints(zeros), make.Ints(kernel),
                         make.Ints(SpatialAxes(window))});
  return ChannelsBefore(make, own, rank);
}

// Extents of the weight (input 1), -1 for an unknown one.
std::vector<int64_t> WeightDims(const GradientMaker& make) {
  std::vector<int64_t> dims;
  const Type& type = make.TypeOf(make.In(1));
  if (!type.is_tensor() || !type.shape.has_value()) return dims;
  for (const Dim& dim : *type.shape)
    dims.push_back(dim.known() ? dim.value : -1);
  return dims;
}

void GiveBias(GradientMaker& make, int64_t rank) {
  if (!make.Wants(2)) return;
  std::vector<int64_t> axes = {0};
  for (int64_t i = 2; i < rank; ++i) axes.push_back(i);
  make.Give(2, make.Add("ReduceSum",
                        {make.OutGradient(0), make.Ints(std::move(axes))},
                        {Attribute::Int("keepdims", 0)}));
}

}  // namespace

absl::Status GradientOfConv(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(
      ConvView view, ConvView::Of(make.node(), make.opset(), WeightDims(make)));
  HONE_RETURN_IF_ERROR(ResolvePads(make, make.In(0), &view.window));
  const std::string dy = make.OutGradient(0);
  if (make.Wants(0)) {
    make.Give(0, InputGradient(make, dy, make.In(1), view.window, view.group,
                               make.Extents(make.In(0), 2)));
  }
  if (make.Wants(1)) {
    make.Give(1, WeightGradient(make, make.In(0), dy, view.window, view.group));
  }
  GiveBias(make, static_cast<int64_t>(view.window.rank()) + 2);
  return absl::OkStatus();
}

// The other way round: y is what a convolution reads, x what it makes.
absl::Status GradientOfConvTranspose(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(
      ConvTransposeView view,
      ConvTransposeView::Of(make.node(), make.opset(), WeightDims(make)));
  Window& window = view.window;
  for (size_t i = 0; i < window.rank(); ++i) {
    if (window.auto_pad == AutoPad::kNotSet && view.output_shape.empty() &&
        view.output_padding[i] == 0) {
      continue;
    }
    const int64_t extent =
        make.ExtentOf(make.In(0), static_cast<int64_t>(i) + 2);
    if (extent < 0) {
      return make.Unimplemented("gradient with pads by unknown extents");
    }
    HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                          view.ResolveAxis(make.node(), i, extent));
    window.pads_begin[i] = axis.pad_begin;
    // As many as the convolution needs to make `extent` outputs.
    const int64_t reach = (extent - 1) * window.strides[i] +
                          (window.kernel[i] - 1) * window.dilations[i] + 1;
    window.pads_end[i] = reach - axis.output - axis.pad_begin;
    if (window.pads_end[i] < 0) {
      return make.Unimplemented("gradient with output_padding past the taps");
    }
  }
  window.auto_pad = AutoPad::kNotSet;
  const std::string dy = make.OutGradient(0);
  make.Give(0, make.Add("Conv", {dy, make.In(1)},
                        ConvAttributes(window, view.group, true)));
  if (make.Wants(1)) {
    make.Give(1, WeightGradient(make, dy, make.In(0), window, view.group));
  }
  GiveBias(make, static_cast<int64_t>(window.rank()) + 2);
  return absl::OkStatus();
}

// A convolution of every channel by ones, divided by how many taps it sums.
absl::Status GradientOfAveragePool(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(PoolView view, PoolView::Of(make.node(), make.opset()));
  Window& window = view.window;
  if (window.ceil_mode) return make.Unimplemented("gradient with ceil_mode");
  HONE_RETURN_IF_ERROR(ResolvePads(make, make.In(0), &window));
  const std::string sizes = make.Extents(make.In(0), 2);
  const std::string one = make.Ints({1});
  const Attribute axis = Attribute::Int("axis", 0);
  std::vector<int64_t> kernel = {1, 1};
  kernel.insert(kernel.end(), window.kernel.begin(), window.kernel.end());
  const std::string ones =
      make.Add("Expand", {make.Number(1), make.Ints(kernel)});
  std::string taps;
  if (view.count_include_pad) {
    double all = 1;
    for (const int64_t extent : window.kernel) {
      all *= static_cast<double>(extent);
    }
    taps = make.Number(all);
  } else {
    const std::string plane = make.Add("Concat", {one, one, sizes}, {axis});
    taps = make.Add("Conv", {make.Add("Expand", {make.Number(1), plane}), ones},
                    ConvAttributes(window, 1, true));
  }
  const std::string part = make.Add("Div", {make.OutGradient(0), taps});
  // Channels become batch, which ones then serve alike.
  const std::string alone = make.Reshaped(
      part,
      make.Add("Concat", {make.Ints({-1}), one, make.Extents(make.Out(0), 2)},
               {axis}));
  const std::string dx = InputGradient(make, alone, ones, window, 1, sizes);
  make.Give(0, make.ReshapedLike(dx, make.In(0)));
  return absl::OkStatus();
}

}  // namespace hone
