// Reductions of a float array over some of its axes.
//
//   // Mean of each row of x [4, 100]
//   Reduce(pool, ReduceOp::kMean, x, {{4, 100}, {false, true}}, y);
#ifndef HONE_KERNELS_CPU_REDUCE_REDUCE_H_
#define HONE_KERNELS_CPU_REDUCE_REDUCE_H_

#include <cstdint>
#include <vector>

#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

enum class ReduceOp : uint8_t {
  kSum,
  kMean,
  kMax,  // NaN when any element is
  kMin,  // NaN when any element is
  kProd,
  kL1,         // sum of |x|
  kL2,         // sqrt(sum of x^2)
  kSumSquare,  // sum of x^2
  kLogSum,     // log(sum of x)
  kLogSumExp,  // log(sum of e^x), without overflow
};

// A dense row-major array and which of its axes go.
struct ReduceShape {
  Extents dims;
  std::vector<bool> reduced;

  int64_t kept_size() const;
  int64_t reduced_size() const;
  // Loops over the kept (or the reduced) axes, one array: offsets into x.
  LoopNest Nest(bool of_reduced) const;
};

// y: one element per kept index, row-major. Over no elements: sum 0, product 1,
// max -infinity, min infinity, mean NaN. Sums are accumulated in blocks of
// float32 and across blocks in float64, in an order that the extents alone
// decide: |error| <= 300 eps sum |terms|, eps = 2^-24.
void Reduce(ThreadPool& pool, ReduceOp op, const float* x,
            const ReduceShape& shape, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_REDUCE_REDUCE_H_
