// Pooling over windows of one, two or three spatial axes.
//
//   // 3x3 maxima at every second pixel of [planes, 112, 112]
//   const PoolAxis axis = {112, 56, 3, 2, 1, 1, 1};
//   Pool(threads, PoolOp::kMax, x, {planes, {axis, axis}}, y);
#ifndef HONE_KERNELS_CPU_POOL_POOL_H_
#define HONE_KERNELS_CPU_POOL_POOL_H_

#include <cstdint>
#include <vector>

#include "kernels/threads/thread_pool.h"

namespace hone {

enum class PoolOp : uint8_t {
  kMax,      // NaN is passed over
  kAverage,  // over the elements that count; 0 when none does
  kLp,       // (sum of |x|^p)^(1/p)
};

// Output o covers input positions o * stride - pad_begin + k * dilation,
// k < kernel, as far as they are inside.
struct PoolAxis {
  int64_t input;
  int64_t output;
  int64_t kernel;
  int64_t stride;
  int64_t dilation;
  int64_t pad_begin;
  int64_t pad_end;

  int64_t Start(int64_t o) const { return o * stride - pad_begin; }
  // The first tap that is inside, and the first after that is outside again.
  int64_t FirstTap(int64_t o) const {
    const int64_t start = Start(o);
    return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
  }
  int64_t EndTap(int64_t o) const {
    const int64_t room = input - Start(o);
    const int64_t taps = room <= 0 ? 0 : (room + dilation - 1) / dilation;
    return taps < kernel ? taps : kernel;
  }
  // Taps that an average with padding divides by: those that are not beyond
  // the padding at the end, as ceil_mode's last windows may be.
  int64_t PaddedTaps(int64_t o) const {
    const int64_t room = input + pad_end - Start(o);
    const int64_t taps = room <= 0 ? 0 : (room + dilation - 1) / dilation;
    return taps < kernel ? taps : kernel;
  }
};

struct PoolShape {
  int64_t planes = 1;  // samples times channels
  std::vector<PoolAxis> axes;
  bool count_include_pad = false;  // kAverage: padding counts as zeros
  int64_t p = 2;                   // kLp

  int64_t input_size() const;   // of one plane
  int64_t output_size() const;  // of one plane
};

// x [planes, inputs...], y [planes, outputs...]; no overlap. Sums of a window
// are in float32, first along the columns, then along the row.
void Pool(ThreadPool& threads, PoolOp op, const float* x,
          const PoolShape& shape, float* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_POOL_POOL_H_
