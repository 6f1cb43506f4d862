#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/sample/sample.h"

namespace hone {
namespace {

// The pixels along one axis that a place is mixed of.
struct Taps {
  int count = 0;
  int64_t at[4] = {0, 0, 0, 0};  // -1: outside, counts as zero
  double weight[4] = {0, 0, 0, 0};
};

double Reflect(double x, double low, double high) {
  const double range = high - low;
  if (!(range > 0)) return low;
  const bool below = x < low;
  if (!below && !(x > high)) return x;
  const double past = below ? low - x : x - high;
  const double times = std::floor(past / range);
  const double rest = past - times * range;
  const bool even = std::fmod(times, 2) == 0;
  return below == even ? low + rest : high - rest;
}

int64_t PixelOf(double i, int64_t extent, const GridSampleOptions& options) {
  const auto last = static_cast<double>(extent - 1);
  switch (options.padding) {
    case SamplePadding::kZeros:
      if (!(i >= 0 && i <= last)) return -1;
      break;
    case SamplePadding::kBorder:
      i = std::min(std::max(i, 0.0), last);
      break;
    case SamplePadding::kReflection:
      i = options.align_corners ? Reflect(i, 0, last)
                                : Reflect(i, -0.5, last + 0.5);
      i = std::min(std::max(std::trunc(i), 0.0), last);
      break;
  }
  return static_cast<int64_t>(i);
}

Taps TapsOf(double coordinate, int64_t extent,
            const GridSampleOptions& options) {
  const auto n = static_cast<double>(extent);
  double x = options.align_corners ? (coordinate + 1) / 2 * (n - 1)
                                   : ((coordinate + 1) * n - 1) / 2;
  if (options.mode == SampleMode::kNearest) x = std::nearbyint(x);
  // A cubic's taps go to the border one by one, as in PyTorch.
  if (options.padding == SamplePadding::kBorder &&
      options.mode != SampleMode::kCubic) {
    x = std::min(std::max(x, 0.0), n - 1);
  } else if (options.padding == SamplePadding::kReflection) {
    x = options.align_corners ? Reflect(x, 0, n - 1)
                              : Reflect(x, -0.5, n - 0.5);
  }
  Taps taps;
  const double whole = std::floor(x);
  const double t = x - whole;
  double first = whole;
  // A place that is no number, or far outside, reads zeros.
  if (!(std::abs(x) < 1e15)) return taps;
  switch (options.mode) {
    case SampleMode::kNearest:
      taps.count = 1;
      taps.weight[0] = 1;
      first = x;
      break;
    case SampleMode::kLinear:
      taps.count = 2;
      taps.weight[0] = 1 - t;
      taps.weight[1] = t;
      break;
    case SampleMode::kCubic: {
      constexpr double kA = -0.75;
      const auto near = [](double d) {
        return ((kA + 2) * d - (kA + 3)) * d * d + 1;
      };
      const auto far = [](double d) {
        return ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA;
      };
      taps.count = 4;
      taps.weight[0] = far(t + 1);
      taps.weight[1] = near(t);
      taps.weight[2] = near(1 - t);
      taps.weight[3] = far(2 - t);
      first = whole - 1;
      break;
    }
  }
  for (int k = 0; k < taps.count; ++k) {
    taps.at[k] = PixelOf(first + k, extent, options);
  }
  return taps;
}

// The mix over axes [axis, rank) of the plane at `x`.
double Mix(const double* x, const Taps* taps, const int64_t* strides,
           size_t axis, size_t rank) {
  double sum = 0;
  for (int k = 0; k < taps[axis].count; ++k) {
    if (taps[axis].at[k] < 0) continue;
    const double* from = x + taps[axis].at[k] * strides[axis];
    sum +=
        taps[axis].weight[k] *
        (axis + 1 == rank ? *from : Mix(from, taps, strides, axis + 1, rank));
  }
  return sum;
}

}  // namespace

void GridSample(ThreadPool& pool, const double* x, int64_t batch,
                int64_t channels, absl::Span<const int64_t> extents,
                const double* grid, int64_t points,
                const GridSampleOptions& options, double* y) {
  const size_t rank = extents.size();
  std::vector<int64_t> strides(rank, 1);
  for (size_t a = rank; a-- > 1;) strides[a - 1] = strides[a] * extents[a];
  const int64_t plane = strides[0] * extents[0];
  ForRanges(pool, batch * points, GrainFor(kHeavyGrain, channels * 4),
            [&](int64_t begin, int64_t end) {
              std::vector<Taps> taps(rank);
              for (int64_t p = begin; p < end; ++p) {
                const double* place = grid + p * static_cast<int64_t>(rank);
                for (size_t a = 0; a < rank; ++a) {
                  taps[a] = TapsOf(place[rank - 1 - a], extents[a], options);
                }
                const int64_t n = p / points;
                for (int64_t c = 0; c < channels; ++c) {
                  y[(n * channels + c) * points + p % points] =
                      plane == 0 ? 0
                                 : Mix(x + (n * channels + c) * plane,
                                       taps.data(), strides.data(), 0, rank);
                }
              }
            });
}

void AffineGrid(const double* theta, int64_t batch,
                absl::Span<const int64_t> extents, bool align_corners,
                double* grid) {
  const size_t rank = extents.size();
  int64_t points = 1;
  for (const int64_t extent : extents) points *= extent;
  std::vector<double> place(rank);
  for (int64_t n = 0; n < batch; ++n) {
    for (int64_t p = 0; p < points; ++p) {
      int64_t rest = p;
      for (size_t a = rank; a-- > 0;) {
        const auto i = static_cast<double>(rest % extents[a]);
        const auto extent = static_cast<double>(extents[a]);
        rest /= extents[a];
        // Of one pixel, corners that are aligned are at -1.
        place[rank - 1 - a] = align_corners
                                  ? (extent > 1 ? 2 * i / (extent - 1) - 1 : -1)
                                  : (2 * i + 1) / extent - 1;
      }
      for (size_t r = 0; r < rank; ++r) {
        const double* row =
            theta + (static_cast<size_t>(n) * rank + r) * (rank + 1);
        double sum = row[rank];
        for (size_t a = 0; a < rank; ++a) sum += row[a] * place[a];
        *grid++ = sum;
      }
    }
  }
}

}  // namespace hone
