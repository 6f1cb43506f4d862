#include <algorithm>
#include <cstddef>

#include "kernels/cpu/detection/detection.h"

namespace hone {
namespace {

struct Box {
  double x1, y1, x2, y2;
  double area() const { return (x2 - x1) * (y2 - y1); }
};

Box BoxOf(const double* b, bool center) {
  if (center) {
    return {b[0] - b[2] / 2, b[1] - b[3] / 2, b[0] + b[2] / 2, b[1] + b[3] / 2};
  }
  return {std::min(b[1], b[3]), std::min(b[0], b[2]), std::max(b[1], b[3]),
          std::max(b[0], b[2])};
}

bool Overlap(const Box& a, const Box& b, double threshold) {
  const double width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1);
  const double height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1);
  if (!(width > 0) || !(height > 0)) return false;
  if (!(a.area() > 0) || !(b.area() > 0)) return false;
  const double common = width * height;
  return common / (a.area() + b.area() - common) > threshold;
}

}  // namespace

std::vector<std::array<int64_t, 3>> NonMaxSuppression(
    const double* boxes, const double* scores, int64_t batch, int64_t classes,
    int64_t count, const SuppressionOptions& options) {
  std::vector<std::array<int64_t, 3>> kept;
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t c = 0; c < classes; ++c) {
      const double* score = scores + (b * classes + c) * count;
      std::vector<int64_t> order;
      for (int64_t i = 0; i < count; ++i) {
        if (!options.score.has_value() || score[i] > *options.score) {
          order.push_back(i);
        }
      }
      std::stable_sort(order.begin(), order.end(), [&](int64_t p, int64_t q) {
        return score[p] > score[q];
      });
      std::vector<Box> chosen;
      for (const int64_t i : order) {
        if (static_cast<int64_t>(chosen.size()) >= options.most) break;
        const Box box = BoxOf(boxes + (b * count + i) * 4, options.center);
        const bool hidden =
            std::any_of(chosen.begin(), chosen.end(), [&](const Box& other) {
              return Overlap(box, other, options.overlap);
            });
        if (hidden) continue;
        chosen.push_back(box);
        kept.push_back({b, c, i});
      }
    }
  }
  return kept;
}

}  // namespace hone
