#include "kernels/cpu/resize/resize_taps.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

// Where output `o` lies among the input's positions.
double Coordinate(const ResizeAxis& axis, int64_t o) {
  using Coordinates = ResizeAxis::Coordinates;
  const double at = static_cast<double>(o);
  const double in = static_cast<double>(axis.input);
  const double out = static_cast<double>(axis.output);
  switch (axis.coordinates) {
    case Coordinates::kHalfPixel:
      return (at + 0.5) / axis.scale - 0.5;
    case Coordinates::kHalfPixelSymmetric: {
      const double adjustment = out / (axis.scale * in);
      return in / 2 * (1 - adjustment) + (at + 0.5) / axis.scale - 0.5;
    }
    case Coordinates::kPytorchHalfPixel:
      return axis.output > 1 ? (at + 0.5) / axis.scale - 0.5 : 0;
    case Coordinates::kAlignCorners:
      return axis.output > 1 ? at * (in - 1) / (out - 1) : 0;
    case Coordinates::kAsymmetric:
      return at / axis.scale;
    case Coordinates::kTfHalfPixelForNn:
      return (at + 0.5) / axis.scale;
    case Coordinates::kTfCropAndResize:
      return axis.output > 1 ? axis.roi_begin * (in - 1) +
                                   at * (axis.roi_end - axis.roi_begin) *
                                       (in - 1) / (out - 1)
                             : 0.5 * (axis.roi_begin + axis.roi_end) * (in - 1);
  }
  return 0;
}

double Nearest(ResizeAxis::Rounding rounding, double x) {
  switch (rounding) {
    case ResizeAxis::Rounding::kRoundPreferFloor:
      return std::ceil(x - 0.5);
    case ResizeAxis::Rounding::kRoundPreferCeil:
      return std::floor(x + 0.5);
    case ResizeAxis::Rounding::kFloor:
      return std::floor(x);
    case ResizeAxis::Rounding::kCeil:
      return std::ceil(x);
  }
  return x;
}

double LinearWeight(double distance) {
  return std::max(0.0, 1 - std::fabs(distance));
}

// Keys' cubic convolution.
double CubicWeight(double distance, double a) {
  const double d = std::fabs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}

int64_t Clamp(int64_t i, int64_t extent) {
  return std::min(extent - 1, std::max<int64_t>(0, i));
}

}  // namespace

bool ResizeTaps::identity() const {
  if (input != output) return false;
  for (int64_t o = 0; o < output; ++o) {
    float here = 0, elsewhere = 0;
    for (size_t t = 0; t < taps; ++t) {
      const size_t at = static_cast<size_t>(o) * taps + t;
      (index[at] == o ? here : elsewhere) += std::fabs(weight[at]);
    }
    if (here != 1 || elsewhere != 0 || outside[static_cast<size_t>(o)]) {
      return false;
    }
  }
  return true;
}

ResizeTaps TapsOf(const ResizeAxis& axis) {
  ResizeTaps result;
  result.input = axis.input;
  result.output = axis.output;
  // Shrinking with antialias widens the filter by 1 / scale.
  const bool nearest = axis.mode == ResizeAxis::Mode::kNearest;
  const bool cubic = axis.mode == ResizeAxis::Mode::kCubic;
  const double narrow =
      axis.antialias && !nearest ? std::min(1.0, axis.scale) : 1.0;
  const int64_t first =
      static_cast<int64_t>(std::floor((cubic ? -2.0 : -1.0) / narrow)) + 1;
  result.taps = nearest ? 1 : static_cast<size_t>(2 - 2 * first);
  std::vector<double> weights(result.taps);
  for (int64_t o = 0; o < axis.output; ++o) {
    const double x = Coordinate(axis, o);
    result.outside.push_back(
        axis.coordinates == ResizeAxis::Coordinates::kTfCropAndResize &&
        (x < 0 || x > static_cast<double>(axis.input - 1)));
    if (nearest) {
      const double at = Nearest(axis.rounding, x);
      const double most = static_cast<double>(axis.input - 1);
      result.index.push_back(
          static_cast<int64_t>(std::min(most, std::max(0.0, at))));
      result.weight.push_back(1);
      continue;
    }
    const double base = std::floor(x);
    const double ratio = x - base;
    double sum = 0;
    for (size_t t = 0; t < result.taps; ++t) {
      const double offset = static_cast<double>(first) + static_cast<double>(t);
      const double distance = (offset - ratio) * narrow;
      weights[t] =
          cubic ? CubicWeight(distance, axis.cubic_a) : LinearWeight(distance);
      const double position = base + offset;
      if (axis.exclude_outside &&
          (position < 0 || position >= static_cast<double>(axis.input))) {
        weights[t] = 0;
      }
      sum += weights[t];
    }
    for (size_t t = 0; t < result.taps; ++t) {
      const int64_t position =
          static_cast<int64_t>(std::max(
              -4e18, std::min(4e18, base + static_cast<double>(first)))) +
          static_cast<int64_t>(t);
      result.index.push_back(Clamp(position, axis.input));
      const bool normalized = axis.exclude_outside || narrow < 1;
      result.weight.push_back(static_cast<float>(
          normalized && sum != 0 ? weights[t] / sum : weights[t]));
    }
  }
  return result;
}

}  // namespace hone
