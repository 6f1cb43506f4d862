// What detectors do with boxes, over float64.
#ifndef HONE_KERNELS_CPU_DETECTION_DETECTION_H_
#define HONE_KERNELS_CPU_DETECTION_DETECTION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/threads/thread_pool.h"

namespace hone {

struct SuppressionOptions {
  int64_t most = 0;  // boxes kept of each class and sample
  double overlap = 0;
  std::optional<double> score;
  bool center = false;  // boxes are [x, y, width, height] by their centers,
                        // else [y1, x1, y2, x2] of any two opposite corners
};

// Greedy non-maximum suppression: of each sample and class the boxes by falling
// score (equal ones by index), those with intersection over union above
// `overlap` with a kept one left out, those not above `score` too.
// boxes [batch, count, 4], scores [batch, classes, count]; rows of (sample,
// class, box).
std::vector<std::array<int64_t, 3>> NonMaxSuppression(
    const double* boxes, const double* scores, int64_t batch, int64_t classes,
    int64_t count, const SuppressionOptions& options);

struct RoiAlignOptions {
  int64_t height = 1, width = 1;  // of an output
  int64_t samples = 0;            // a cell and axis; 0: ceil(extent / cells)
  double scale = 1;               // of the boxes
  bool half_pixel = true;
  bool max = false;  // of the samples' weighted corners, else the mean
};

// x [n, channels, h, w], rois [count, 4] (x1, y1, x2, y2), batch [count] in [0,
// n) -> y [count, channels, height, width]. Source: He et al. 2017,
// arXiv:1703.06870; ONNX RoiAlign-16.
void RoiAlign(ThreadPool& pool, const double* x, int64_t channels, int64_t h,
              int64_t w, const double* rois, const int64_t* batch,
              int64_t count, const RoiAlignOptions& options, double* y);

// rois [count, 5] (sample, x1, y1, x2, y2), rounded after `scale`; the greatest
// element of each cell, 0 of an empty one. Source: Girshick 2015,
// arXiv:1504.08083.
void MaxRoiPool(ThreadPool& pool, const double* x, int64_t channels, int64_t h,
                int64_t w, const double* rois, int64_t count, double scale,
                int64_t height, int64_t width, double* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_DETECTION_DETECTION_H_
