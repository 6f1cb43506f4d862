// Parameters of Resize (opset 10, 11, 13, 18, 19) and Upsample (7, 9).
//
// Output extent of an axis: floor(input * scale), or the given size. The source
// coordinate of output i is told by `coordinates`; see ONNX's Resize.
#ifndef HONE_IR_VIEWS_RESIZE_VIEW_H_
#define HONE_IR_VIEWS_RESIZE_VIEW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct ResizeView {
  enum class Mode { kNearest, kLinear, kCubic };
  enum class Coordinates {
    kHalfPixel,
    kHalfPixelSymmetric,
    kPytorchHalfPixel,
    kAlignCorners,
    kAsymmetric,
    kTfHalfPixelForNn,
    kTfCropAndResize,
  };
  enum class Rounding { kRoundPreferFloor, kRoundPreferCeil, kFloor, kCeil };
  enum class AspectRatio { kStretch, kNotLarger, kNotSmaller };

  Mode mode = Mode::kNearest;
  // Upsample and Resize 10: asymmetric, nearest rounds down.
  Coordinates coordinates = Coordinates::kHalfPixel;
  Rounding rounding = Rounding::kRoundPreferFloor;
  AspectRatio aspect_ratio = AspectRatio::kStretch;
  float cubic_coeff_a = -0.75f;
  bool exclude_outside = false;
  bool antialias = false;
  float extrapolation_value = 0;
  std::vector<int64_t> axes;  // empty: all

  // What was given, per axis of `axes`; both empty: an input that is present
  // but not constant.
  std::vector<float> scales;
  std::vector<int64_t> sizes;
  // tf_crop_and_resize: starts, then ends, per axis of `axes`, in [0, 1].
  std::vector<float> roi;

  static absl::StatusOr<ResizeView> Of(const Node& node, int64_t opset,
                                       ConstantInputs constants);

  bool known() const { return !scales.empty() || !sizes.empty(); }

  struct Axis {
    int64_t output = 0;
    float scale = 1;  // output / input, or as given
    float roi_begin = 0;
    float roi_end = 1;
  };
  // One per axis of the input. Requires known(). InvalidArgument: wrong counts,
  // a scale that is not positive, an extent that overflows.
  absl::StatusOr<std::vector<Axis>> Resolve(
      const Node& node, absl::Span<const int64_t> extents) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_RESIZE_VIEW_H_
