#include "algorithms/quantization/histogram_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

constexpr int kSteps = 100;
constexpr int kRounds = 3;  // of the alternating search over both ends

double Error(const Histogram& histogram, double low, double high) {
  const double width = histogram.bin_width();
  const double scale = (high - low) / 255;
  const double rounding = scale * scale / 12;
  double error = 0;
  for (int i = 0; i < Histogram::kBins; ++i) {
    const uint64_t count = histogram.counts()[i];
    if (count == 0) continue;
    const double x = (i - Histogram::kBins / 2 + 0.5) * width;
    const double outside = x < low ? low - x : x > high ? x - high : 0;
    // Zero is a level: a bin around it that is narrower than a step rounds to
    // at most its own width.
    const double within = std::min(rounding, x * x + width * width / 12);
    error +=
        static_cast<double>(count) * (outside > 0 ? outside * outside : within);
  }
  return error;
}

}  // namespace

ActivationRange LeastErrorRange(const Histogram& histogram, float min,
                                float max, bool symmetric) {
  ActivationRange best;
  best.symmetric = symmetric;
  if (symmetric) {
    const float greatest = std::max(std::fabs(min), std::fabs(max));
    double least = std::numeric_limits<double>::infinity();
    best.low = min;
    for (int i = 1; i <= kSteps; ++i) {
      const float high = greatest * i / kSteps;
      const double error =
          Error(histogram, min < 0 ? -high * (128.0 / 127) : 0.0, high);
      if (error < least) {
        least = error;
        best.high = high;
      }
    }
    return best;
  }
  best.low = std::min(min, 0.f);
  best.high = std::max(max, 0.f);
  double least = Error(histogram, best.low, best.high);
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 1; i <= kSteps; ++i) {
      const float high = std::max(max, 0.f) * i / kSteps;
      if (!(high > best.low)) continue;
      const double error = Error(histogram, best.low, high);
      if (error < least) {
        least = error;
        best.high = high;
      }
    }
    for (int i = 1; i <= kSteps; ++i) {
      const float low = std::min(min, 0.f) * i / kSteps;
      if (!(best.high > low)) continue;
      const double error = Error(histogram, low, best.high);
      if (error < least) {
        least = error;
        best.low = low;
      }
    }
  }
  return best;
}

}  // namespace hone
