#include "algorithms/comparison/distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hone {
namespace {

constexpr size_t kLanes = 4;

struct Lane {
  double x_power = 0, y_power = 0, dot = 0, noise = 0, max_abs = 0;
};

bool Same(double x, double y) {
  return x == y || (std::isnan(x) && std::isnan(y));
}

template <typename T>
void AddArrays(absl::Span<const T> x, absl::Span<const T> y, Distance* sum) {
  Lane lanes[kLanes];
  for (size_t i = 0; i < x.size(); ++i) {
    const double a = static_cast<double>(x[i]), b = static_cast<double>(y[i]);
    const double error = a - b;
    if (!std::isfinite(error)) {
      if (!Same(a, b)) ++sum->not_finite;
      continue;
    }
    Lane& lane = lanes[i % kLanes];
    lane.x_power += a * a;
    lane.y_power += b * b;
    lane.dot += a * b;
    lane.noise += error * error;
    lane.max_abs = std::max(lane.max_abs, std::fabs(error));
  }
  sum->elements += static_cast<int64_t>(x.size());
  for (const Lane& lane : lanes) {
    sum->x_power += lane.x_power;
    sum->y_power += lane.y_power;
    sum->dot += lane.dot;
    sum->noise += lane.noise;
    sum->max_abs_error = std::max(sum->max_abs_error, lane.max_abs);
  }
}

}  // namespace

void Add(absl::Span<const float> x, absl::Span<const float> y, Distance* sum) {
  AddArrays(x, y, sum);
}

void Add(absl::Span<const double> x, absl::Span<const double> y,
         Distance* sum) {
  AddArrays(x, y, sum);
}

void Add(const Distance& more, Distance* sum) {
  sum->elements += more.elements;
  sum->x_power += more.x_power;
  sum->y_power += more.y_power;
  sum->dot += more.dot;
  sum->noise += more.noise;
  sum->max_abs_error = std::max(sum->max_abs_error, more.max_abs_error);
  sum->not_finite += more.not_finite;
}

double Distance::SqnrDb() const {
  if (not_finite > 0) return -kMostDb;
  if (noise == 0) return kMostDb;
  if (x_power == 0) return -kMostDb;
  return std::clamp(10 * (std::log10(x_power) - std::log10(noise)), -kMostDb,
                    kMostDb);
}

double Distance::Cosine() const {
  if (x_power == 0 && y_power == 0) return 1;
  if (x_power == 0 || y_power == 0) return 0;
  return std::clamp(dot / (std::sqrt(x_power) * std::sqrt(y_power)), -1.0, 1.0);
}

}  // namespace hone
