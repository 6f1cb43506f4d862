// Maxima and means over windows of quantized pixels, channels last.
//
//   max:  y[n, o, c] = max over the window's elements inside of x
//   mean: acc = sum (x - zx) over them, in int32
//         y = clamp(round_half_even(float(acc) * float(sx / (count * sy)))
//                   + zy, low, high)
//
// count is the number of elements inside, or with `count_include_pad` of those
// that are padding too.
#ifndef HONE_KERNELS_CPU_INT8_POOL_POOL_H_
#define HONE_KERNELS_CPU_INT8_POOL_POOL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/pool/pool.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct Int8PoolShape {
  int64_t batch = 1;
  int64_t channels = 1;
  std::array<PoolAxis, 3> axes;  // absent ones come first, with extent 1
  bool count_include_pad = false;
  bool is_signed = false;  // x and y are int8

  static constexpr PoolAxis Absent() { return {1, 1, 1, 1, 1, 0, 0}; }
  int64_t outputs() const {  // of one sample, without channels
    return axes[0].output * axes[1].output * axes[2].output;
  }
};

struct Int8PoolParams {
  float x_scale = 1, y_scale = 1;
  int32_t x_zero = 0, y_zero = 0;
  int32_t low = 0, high = 255;
};

// x [batch, inputs..., channels], y [batch, outputs..., channels] of bytes; no
// overlap. Every window has at least one element inside.
void Int8MaxPool(const Int8PoolShape& shape, const void* x, void* y,
                 ThreadPool& pool);

// int32 sums, one row of channels a thread.
size_t Int8AveragePoolScratchBytes(const Int8PoolShape& shape, int threads);
void Int8AveragePool(const Int8PoolShape& shape, const Int8PoolParams& params,
                     const void* x, void* y, std::byte* scratch,
                     ThreadPool& pool);

// float(sx / (count * sy)), computed in double and rounded once.
float Int8PoolMultiplier(const Int8PoolParams& params, int64_t count);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_POOL_POOL_H_
