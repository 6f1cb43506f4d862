#include "kernels/cpu/int8/pool/pool.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/int8/elementwise/elementwise.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

int64_t PaddedChannels(int64_t channels) { return (channels + 15) / 16 * 16; }

// Pixels of outputs that make one task.
int64_t Grain(const Int8PoolShape& s) {
  const int64_t taps = s.axes[0].kernel * s.axes[1].kernel * s.axes[2].kernel;
  return GrainFor(kLightGrain, s.channels * taps);
}

// f(offset of an element inside, in pixels of x) for one output; returns what a
// mean divides by.
template <typename F>
int64_t ForWindow(const Int8PoolShape& s, int64_t pixel, F&& f) {
  const std::array<PoolAxis, 3>& a = s.axes;
  int64_t at[3];
  int64_t rest = pixel;
  for (int i = 2; i >= 0; --i) {
    at[i] = rest % a[i].output;
    rest /= a[i].output;
  }
  int64_t inside = 1;
  int64_t padded = 1;
  for (int i = 0; i < 3; ++i) {
    inside *= std::max<int64_t>(0, a[i].EndTap(at[i]) - a[i].FirstTap(at[i]));
    padded *= a[i].PaddedTaps(at[i]);
  }
  for (int64_t d = a[0].FirstTap(at[0]); d < a[0].EndTap(at[0]); ++d) {
    const int64_t z = a[0].Start(at[0]) + d * a[0].dilation;
    for (int64_t h = a[1].FirstTap(at[1]); h < a[1].EndTap(at[1]); ++h) {
      const int64_t y = a[1].Start(at[1]) + h * a[1].dilation;
      for (int64_t w = a[2].FirstTap(at[2]); w < a[2].EndTap(at[2]); ++w) {
        const int64_t x = a[2].Start(at[2]) + w * a[2].dilation;
        f(((rest * a[0].input + z) * a[1].input + y) * a[2].input + x);
      }
    }
  }
  return s.count_include_pad ? padded : inside;
}

template <typename T>
void MaxPool(const Int8PoolShape& s, const T* x, T* y, ThreadPool& pool) {
  const size_t channels = static_cast<size_t>(s.channels);
  ForRanges(pool, s.batch * s.outputs(), Grain(s),
            [&](int64_t begin, int64_t end) {
              for (int64_t o = begin; o < end; ++o) {
                T* const to = y + o * s.channels;
                bool first = true;
                ForWindow(s, o, [&](int64_t pixel) {
                  const T* const from = x + pixel * s.channels;
                  if (first) {
                    std::memcpy(to, from, channels);
                  } else {
                    Int8MaxRow(from, channels, to);
                  }
                  first = false;
                });
              }
            });
}

template <typename T>
void AveragePool(const Int8PoolShape& s, const Int8PoolParams& p, const T* x,
                 uint8_t* y, int32_t* sums, ThreadPool& pool) {
  const int64_t grain = Grain(s);
  const int64_t pixels = s.batch * s.outputs();
  pool.ParallelFor((pixels + grain - 1) / grain, [&](int64_t task, int worker) {
    int32_t* const sum = sums + worker * PaddedChannels(s.channels);
    const int64_t end = std::min(pixels, (task + 1) * grain);
    for (int64_t o = task * grain; o < end; ++o) {
      int32_t inside = 0;
      ForWindow(s, o, [&](int64_t) { ++inside; });
      std::fill_n(sum, s.channels, -inside * p.x_zero);
      const int64_t count = ForWindow(s, o, [&](int64_t pixel) {
        Int8SumRow(x + pixel * s.channels, static_cast<size_t>(s.channels),
                   sum);
      });
      Int8RequantizeRow(sum, static_cast<size_t>(s.channels),
                        Int8PoolMultiplier(p, count), p.y_zero, p.low, p.high,
                        y + o * s.channels);
    }
  });
}

}  // namespace

float Int8PoolMultiplier(const Int8PoolParams& p, int64_t count) {
  return static_cast<float>(static_cast<double>(p.x_scale) /
                            (static_cast<double>(std::max<int64_t>(1, count)) *
                             static_cast<double>(p.y_scale)));
}

void Int8MaxPool(const Int8PoolShape& shape, const void* x, void* y,
                 ThreadPool& pool) {
  if (shape.is_signed) {
    MaxPool(shape, static_cast<const int8_t*>(x), static_cast<int8_t*>(y),
            pool);
  } else {
    MaxPool(shape, static_cast<const uint8_t*>(x), static_cast<uint8_t*>(y),
            pool);
  }
}

size_t Int8AveragePoolScratchBytes(const Int8PoolShape& shape, int threads) {
  return static_cast<size_t>(threads * PaddedChannels(shape.channels)) *
         sizeof(int32_t);
}

void Int8AveragePool(const Int8PoolShape& shape, const Int8PoolParams& params,
                     const void* x, void* y, std::byte* scratch,
                     ThreadPool& pool) {
  int32_t* const sums = reinterpret_cast<int32_t*>(scratch);
  uint8_t* const to = static_cast<uint8_t*>(y);
  if (shape.is_signed) {
    AveragePool(shape, params, static_cast<const int8_t*>(x), to, sums, pool);
  } else {
    AveragePool(shape, params, static_cast<const uint8_t*>(x), to, sums, pool);
  }
}

}  // namespace hone
