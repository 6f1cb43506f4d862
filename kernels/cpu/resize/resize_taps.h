// Which input positions an output position of a resized axis is made of, and
// with what weights: the definition of ONNX's Resize along one axis.
#ifndef HONE_KERNELS_CPU_RESIZE_RESIZE_TAPS_H_
#define HONE_KERNELS_CPU_RESIZE_RESIZE_TAPS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone {

// Names and meanings are those of ONNX's attributes.
struct ResizeAxis {
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

  int64_t input = 1;
  int64_t output = 1;
  double scale = 1;  // output / input, or as given
  Mode mode = Mode::kNearest;
  Coordinates coordinates = Coordinates::kHalfPixel;
  Rounding rounding = Rounding::kRoundPreferFloor;
  double cubic_a = -0.75;
  bool exclude_outside = false;
  bool antialias = false;
  double roi_begin = 0;
  double roi_end = 1;
};

struct ResizeTaps {
  int64_t input = 1;
  int64_t output = 1;
  size_t taps = 1;
  // Tap t of output o at [o * taps + t]; positions lie in [0, input).
  std::vector<int64_t> index;
  std::vector<float> weight;
  // Output o lies outside of the input (kTfCropAndResize): it takes the
  // extrapolation value.
  std::vector<bool> outside;

  bool identity() const;
};

// Requires input, output > 0 and scale > 0.
ResizeTaps TapsOf(const ResizeAxis& axis);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_RESIZE_RESIZE_TAPS_H_
