// The definition of pool.h, one element at a time.
#ifndef HONE_KERNELS_CPU_INT8_POOL_POOL_REF_H_
#define HONE_KERNELS_CPU_INT8_POOL_POOL_REF_H_

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/pool/pool.h"

namespace hone {

// The mean, or with `max` the maximum.
template <typename T>
void Int8PoolRef(const Int8PoolShape& s, bool max, const Int8PoolParams& p,
                 const T* x, T* y) {
  const auto& a = s.axes;
  for (int64_t o = 0; o < s.batch * s.outputs(); ++o) {
    const int64_t n = o / s.outputs();
    const int64_t at[3] = {o / (a[1].output * a[2].output) % a[0].output,
                           o / a[2].output % a[1].output, o % a[2].output};
    for (int64_t c = 0; c < s.channels; ++c) {
      int32_t most = -129;
      int32_t sum = 0;
      int64_t inside = 0;
      int64_t padded = 0;
      for (int64_t k = 0; k < a[0].kernel * a[1].kernel * a[2].kernel; ++k) {
        const int64_t kk[3] = {k / (a[1].kernel * a[2].kernel),
                               k / a[2].kernel % a[1].kernel, k % a[2].kernel};
        int64_t pixel = n;
        bool in = true;
        bool pad = true;
        for (int i = 0; i < 3; ++i) {
          const int64_t place =
              at[i] * a[i].stride - a[i].pad_begin + kk[i] * a[i].dilation;
          in = in && place >= 0 && place < a[i].input;
          pad = pad && place < a[i].input + a[i].pad_end;
          pixel = pixel * a[i].input + place;
        }
        padded += pad ? 1 : 0;
        if (!in) continue;
        ++inside;
        const int32_t value = x[pixel * s.channels + c];
        most = std::max(most, value);
        sum += value - p.x_zero;
      }
      const int64_t count = s.count_include_pad ? padded : inside;
      y[o * s.channels + c] =
          static_cast<T>(max ? most
                             : RequantizeRef(sum, Int8PoolMultiplier(p, count),
                                             p.y_zero, p.low, p.high));
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_POOL_POOL_REF_H_
