#include "ir/views/resize_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr absl::string_view kModes[] = {"nearest", "linear", "cubic"};
constexpr absl::string_view kCoordinates[] = {
    "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
    "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"};
constexpr absl::string_view kRoundings[] = {
    "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
constexpr absl::string_view kAspectRatios[] = {"stretch", "not_larger",
                                               "not_smaller"};

// Far above any real extent, and a float converts to int64 below it.
constexpr float kMaxExtent = 9e15f;

// A list of floats; empty when absent or not constant.
std::vector<float> InputFloats(AttributeReader* read, const Node& node,
                               size_t index, ConstantInputs constants) {
  if (index >= constants.size() || constants[index] == nullptr ||
      !read->HasInput(index)) {
    return {};
  }
  const Tensor& tensor = *constants[index];
  if (tensor.rank() != 1 || !HasRealElements(tensor.dtype())) {
    read->Fail(
        absl::StrCat("input ", node.Input(index)), "a list of floats",
        absl::StrCat(DTypeName(tensor.dtype()), DimsToString(tensor.dims())));
    return {};
  }
  std::vector<float> values;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    values.push_back(static_cast<float>(RealElement(tensor, i)));
  }
  return values;
}

}  // namespace

absl::StatusOr<ResizeView> ResizeView::Of(const Node& node, int64_t opset,
                                          ConstantInputs constants) {
  AttributeReader read(node);
  ResizeView view;
  // Upsample also called its linear mode "bilinear".
  if (read.String("mode", "nearest") == "bilinear") {
    view.mode = Mode::kLinear;
  } else {
    view.mode = static_cast<Mode>(
        read.Choice("mode", "nearest", absl::MakeConstSpan(kModes)));
  }
  if (node.op_type == "Upsample" || opset < 11) {
    view.coordinates = Coordinates::kAsymmetric;
    view.rounding = Rounding::kFloor;
    view.scales = node.op_type == "Upsample" && opset < 9
                      ? read.Floats("scales")
                      : InputFloats(&read, node, 1, constants);
    return read.Finish(std::move(view));
  }
  view.coordinates = static_cast<Coordinates>(
      read.Choice("coordinate_transformation_mode", "half_pixel",
                  absl::MakeConstSpan(kCoordinates)));
  view.rounding = static_cast<Rounding>(read.Choice(
      "nearest_mode", "round_prefer_floor", absl::MakeConstSpan(kRoundings)));
  view.aspect_ratio = static_cast<AspectRatio>(
      read.Choice("keep_aspect_ratio_policy", "stretch",
                  absl::MakeConstSpan(kAspectRatios)));
  view.cubic_coeff_a = read.Float("cubic_coeff_a", -0.75f);
  view.exclude_outside = read.Bool("exclude_outside", false);
  view.antialias = read.Bool("antialias", false);
  view.extrapolation_value = read.Float("extrapolation_value", 0);
  view.axes = read.Ints("axes");
  view.roi = InputFloats(&read, node, 1, constants);
  view.scales = InputFloats(&read, node, 2, constants);
  // Opset 11 and 12 had no way to leave scales out but an empty tensor.
  if (view.scales.empty()) {
    if (auto sizes = read.InputInts(3, constants); sizes.has_value()) {
      view.sizes = *std::move(sizes);
    }
  }
  return read.Finish(std::move(view));
}

absl::StatusOr<std::vector<ResizeView::Axis>> ResizeView::Resolve(
    const Node& node, absl::Span<const int64_t> extents) const {
  const auto rank = static_cast<int64_t>(extents.size());
  std::vector<Axis> resolved;
  for (int64_t extent : extents) resolved.push_back({extent, 1, 0, 1});
  std::vector<size_t> chosen;
  for (int64_t axis : axes) {
    HONE_ASSIGN_OR_RETURN(const int64_t front, FrontAxis(node, axis, rank));
    chosen.push_back(static_cast<size_t>(front));
  }
  for (size_t i = 0; axes.empty() && i < extents.size(); ++i)
    chosen.push_back(i);
  const size_t given = scales.empty() ? sizes.size() : scales.size();
  if (given != chosen.size()) {
    return NodeError(node, scales.empty() ? "sizes" : "scales",
                     absl::StrCat(chosen.size(), " numbers"),
                     absl::StrCat(given));
  }
  float common = 0;
  for (size_t i = 0; i < given && scales.empty(); ++i) {
    const float scale =
        static_cast<float>(sizes[i]) / static_cast<float>(extents[chosen[i]]);
    const bool larger = aspect_ratio == AspectRatio::kNotSmaller;
    common = i == 0
                 ? scale
                 : (larger ? std::max(common, scale) : std::min(common, scale));
  }
  for (size_t i = 0; i < given; ++i) {
    Axis& axis = resolved[chosen[i]];
    const int64_t extent = extents[chosen[i]];
    if (!scales.empty()) {
      axis.scale = scales[i];
      // In float32, as every runtime rounds it.
      const float output = std::floor(static_cast<float>(extent) * scales[i]);
      if (!(scales[i] > 0) || !(output < kMaxExtent)) {
        return NodeError(node, "scales", "positive numbers of sane size",
                         absl::StrCat(scales[i]));
      }
      axis.output = static_cast<int64_t>(output);
    } else if (aspect_ratio == AspectRatio::kStretch) {
      axis.output = sizes[i];
      axis.scale = static_cast<float>(sizes[i]) / static_cast<float>(extent);
    } else {
      axis.scale = common;
      const float output =
          std::floor(common * static_cast<float>(extent) + 0.5f);
      if (!(output >= 0 && output < kMaxExtent)) {
        return NodeError(node, "sizes", "extents of sane size",
                         absl::StrCat(output));
      }
      axis.output = static_cast<int64_t>(output);
    }
    if (axis.output < 0 || (i < sizes.size() && sizes[i] < 0)) {
      return NodeError(node, "sizes", "extents of at least 0",
                       absl::StrCat(axis.output));
    }
    if (roi.size() == 2 * given) {
      axis.roi_begin = roi[i];
      axis.roi_end = roi[i + given];
    }
  }
  if (coordinates == Coordinates::kTfCropAndResize && roi.size() != 2 * given) {
    return NodeError(node, "roi", absl::StrCat(2 * given, " numbers"),
                     absl::StrCat(roi.size()));
  }
  return resolved;
}

}  // namespace hone
