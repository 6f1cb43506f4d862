#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kernels/cpu/detection/detection.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

// A cell has at most this many samples an axis, however large the box.
constexpr double kMostSamples = 1024;

// The four weighted neighbours of a point between pixel centers.
struct Corners {
  int64_t at[4] = {0, 0, 0, 0};
  double weight[4] = {0, 0, 0, 0};
};

Corners CornersOf(double y, double x, int64_t h, int64_t w) {
  Corners corners;
  if (!(y >= -1 && y <= static_cast<double>(h) && x >= -1 &&
        x <= static_cast<double>(w))) {
    return corners;
  }
  y = std::max(y, 0.0);
  x = std::max(x, 0.0);
  const int64_t y0 = std::min(static_cast<int64_t>(y), h - 1);
  const int64_t x0 = std::min(static_cast<int64_t>(x), w - 1);
  const int64_t y1 = std::min(y0 + 1, h - 1);
  const int64_t x1 = std::min(x0 + 1, w - 1);
  if (y0 == h - 1) y = static_cast<double>(y0);
  if (x0 == w - 1) x = static_cast<double>(x0);
  const double ly = y - static_cast<double>(y0);
  const double lx = x - static_cast<double>(x0);
  corners.at[0] = y0 * w + x0;
  corners.at[1] = y0 * w + x1;
  corners.at[2] = y1 * w + x0;
  corners.at[3] = y1 * w + x1;
  corners.weight[0] = (1 - ly) * (1 - lx);
  corners.weight[1] = (1 - ly) * lx;
  corners.weight[2] = ly * (1 - lx);
  corners.weight[3] = ly * lx;
  return corners;
}

int64_t SamplesOf(int64_t given, double extent, int64_t cells) {
  if (given > 0) return given;
  const double samples = std::ceil(extent / static_cast<double>(cells));
  return samples > 0 ? static_cast<int64_t>(std::min(samples, kMostSamples))
                     : 0;
}

}  // namespace

void RoiAlign(ThreadPool& pool, const double* x, int64_t channels, int64_t h,
              int64_t w, const double* rois, const int64_t* batch,
              int64_t count, const RoiAlignOptions& options, double* y) {
  if (h == 0 || w == 0) return;
  const int64_t cells = options.height * options.width;
  ForRanges(pool, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const double shift = options.half_pixel ? 0.5 : 0;
      const double* roi = rois + r * 4;
      const double left = roi[0] * options.scale - shift;
      const double top = roi[1] * options.scale - shift;
      double width = roi[2] * options.scale - shift - left;
      double height = roi[3] * options.scale - shift - top;
      if (!options.half_pixel) {
        width = std::max(width, 1.0);
        height = std::max(height, 1.0);
      }
      const int64_t rows = SamplesOf(options.samples, height, options.height);
      const int64_t columns = SamplesOf(options.samples, width, options.width);
      const double cell_h = height / static_cast<double>(options.height);
      const double cell_w = width / static_cast<double>(options.width);
      for (int64_t cell = 0; cell < cells; ++cell) {
        std::vector<Corners> points;
        for (int64_t i = 0; i < rows; ++i) {
          for (int64_t j = 0; j < columns; ++j) {
            const double py =
                top + cell_h * (static_cast<double>(cell / options.width) +
                                (static_cast<double>(i) + 0.5) /
                                    static_cast<double>(rows));
            const double px =
                left + cell_w * (static_cast<double>(cell % options.width) +
                                 (static_cast<double>(j) + 0.5) /
                                     static_cast<double>(columns));
            points.push_back(CornersOf(py, px, h, w));
          }
        }
        for (int64_t c = 0; c < channels; ++c) {
          const double* plane = x + (batch[r] * channels + c) * h * w;
          double sum = 0;
          double most = -std::numeric_limits<double>::infinity();
          for (const Corners& p : points) {
            for (size_t k = 0; k < 4; ++k) {
              const double value = p.weight[k] * plane[p.at[k]];
              sum += value;
              most = std::max(most, value);
            }
          }
          const double mean =
              points.empty() ? 0 : sum / static_cast<double>(points.size());
          y[(r * channels + c) * cells + cell] =
              !options.max ? mean : (points.empty() ? 0 : most);
        }
      }
    }
  });
}

void MaxRoiPool(ThreadPool& pool, const double* x, int64_t channels, int64_t h,
                int64_t w, const double* rois, int64_t count, double scale,
                int64_t height, int64_t width, double* y) {
  ForRanges(pool, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const double* roi = rois + r * 5;
      const auto sample = static_cast<int64_t>(roi[0]);
      const double left = std::round(roi[1] * scale);
      const double top = std::round(roi[2] * scale);
      const double across =
          std::max(std::round(roi[3] * scale) - left + 1, 1.0);
      const double down = std::max(std::round(roi[4] * scale) - top + 1, 1.0);
      const auto place = [](double at, int64_t extent) {
        return at > 0 ? static_cast<int64_t>(
                            std::min(at, static_cast<double>(extent)))
                      : int64_t{0};
      };
      for (int64_t i = 0; i < height; ++i) {
        for (int64_t j = 0; j < width; ++j) {
          const double cell_h = down / static_cast<double>(height);
          const double cell_w = across / static_cast<double>(width);
          const auto di = static_cast<double>(i), dj = static_cast<double>(j);
          const int64_t y0 = place(std::floor(di * cell_h) + top, h);
          const int64_t y1 = place(std::ceil((di + 1) * cell_h) + top, h);
          const int64_t x0 = place(std::floor(dj * cell_w) + left, w);
          const int64_t x1 = place(std::ceil((dj + 1) * cell_w) + left, w);
          for (int64_t c = 0; c < channels; ++c) {
            const double* plane = x + (sample * channels + c) * h * w;
            double most = 0;
            bool first = true;
            for (int64_t py = y0; py < y1; ++py) {
              for (int64_t px = x0; px < x1; ++px) {
                const double value = plane[py * w + px];
                if (first || value > most) most = value;
                first = false;
              }
            }
            y[((r * channels + c) * height + i) * width + j] = most;
          }
        }
      }
    }
  });
}

}  // namespace hone
