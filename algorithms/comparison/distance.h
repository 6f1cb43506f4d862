// How far one array is from another, summed over many.
//
//   sqnr_db = 10 log10(sum x^2 / sum (x - y)^2), within +-kMostDb: equal arrays
//             have kMostDb, noise without a signal has -kMostDb
//   cosine  = sum x y / sqrt(sum x^2 sum y^2); 1 for two zero arrays, 0 when
//             only one is zero
// x is the reference, y what is compared with it. Elements that are not finite
// and equal in both (NaN and NaN, infinity and infinity) are left out; others
// that are not finite in either are counted, and give -kMostDb.
#ifndef HONE_ALGORITHMS_COMPARISON_DISTANCE_H_
#define HONE_ALGORITHMS_COMPARISON_DISTANCE_H_

#include <cstdint>

#include "absl/types/span.h"

namespace hone {

inline constexpr double kMostDb = 200;

struct Distance {
  int64_t elements = 0;
  double x_power = 0;  // sum x^2
  double y_power = 0;  // sum y^2
  double dot = 0;      // sum x y
  double noise = 0;    // sum (x - y)^2
  double max_abs_error = 0;
  int64_t not_finite = 0;

  double SqnrDb() const;
  double Cosine() const;
};

// Adds the elements in their order, in four interleaved sums, so that the
// result depends on the arrays alone. Requires x.size() == y.size().
void Add(absl::Span<const float> x, absl::Span<const float> y, Distance* sum);
void Add(absl::Span<const double> x, absl::Span<const double> y, Distance* sum);
void Add(const Distance& more, Distance* sum);

}  // namespace hone

#endif  // HONE_ALGORITHMS_COMPARISON_DISTANCE_H_
