// The definition of pool.h for every number type, and the kernel of those that
// have no faster one.
#ifndef HONE_KERNELS_CPU_POOL_POOL_REF_H_
#define HONE_KERNELS_CPU_POOL_POOL_REF_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/pool/pool.h"

namespace hone {

// Calls visit(flat input position) for the taps of output index `at`.
template <typename F>
void ForTaps(const PoolShape& shape, const std::vector<int64_t>& at,
             F&& visit) {
  const size_t axes = shape.axes.size();
  std::vector<int64_t> tap(axes);
  for (size_t a = 0; a < axes; ++a) {
    tap[a] = shape.axes[a].FirstTap(at[a]);
    if (tap[a] >= shape.axes[a].EndTap(at[a])) return;
  }
  while (true) {
    int64_t flat = 0;
    for (size_t a = 0; a < axes; ++a) {
      const PoolAxis& axis = shape.axes[a];
      flat = flat * axis.input + axis.Start(at[a]) + tap[a] * axis.dilation;
    }
    visit(flat);
    size_t a = axes;
    while (a > 0) {
      --a;
      if (++tap[a] < shape.axes[a].EndTap(at[a])) break;
      if (a == 0) return;
      tap[a] = shape.axes[a].FirstTap(at[a]);
    }
    if (axes == 0) return;
  }
}

// Flat position of a plane counted with the first axis fastest.
inline int64_t ColumnMajor(const PoolShape& shape, int64_t flat) {
  std::vector<int64_t> index(shape.axes.size());
  for (size_t a = index.size(); a-- > 0; flat /= shape.axes[a].input) {
    index[a] = flat % shape.axes[a].input;
  }
  int64_t column = 0;
  for (size_t a = index.size(); a-- > 0;) {
    column = column * shape.axes[a].input + index[a];
  }
  return column;
}

template <typename T>
T LowestOf() {
  if constexpr (std::is_integral_v<T>) {
    return std::numeric_limits<T>::lowest();
  } else {
    return T(-std::numeric_limits<float>::infinity());
  }
}

// T: arithmetic or a 16-bit type that converts to and explicitly from float.
// kAverage and kLp: floating types. indices (kMax only; may be null): where in
// the whole of x each maximum is, by columns if `column_major`.
template <typename T>
void PoolRef(ThreadPool& threads, PoolOp op, const T* x, const PoolShape& shape,
             T* y, int64_t* indices = nullptr, bool column_major = false) {
  const int64_t in = shape.input_size(), out = shape.output_size();
  const auto window = [&](int64_t plane, const std::vector<int64_t>& at,
                          int64_t position) {
    const T* from = x + plane * in;
    if (op == PoolOp::kMax) {
      T most = LowestOf<T>();
      int64_t where = -1;
      ForTaps(shape, at, [&](int64_t flat) {
        if (from[flat] > most || where < 0) {
          if (!(from[flat] == from[flat])) return;
          most = from[flat];
          where = flat;
        }
      });
      y[position] = most;
      if (indices != nullptr) {
        if (where < 0) where = 0;
        indices[position] =
            plane * in + (column_major ? ColumnMajor(shape, where) : where);
      }
      return;
    }
    double sum = 0;
    int64_t count = 0;
    const double p = static_cast<double>(shape.p);
    ForTaps(shape, at, [&](int64_t flat) {
      const double value = static_cast<double>(from[flat]);
      sum += op == PoolOp::kLp ? std::pow(std::fabs(value), p) : value;
      ++count;
    });
    if (op == PoolOp::kLp) {
      sum = std::pow(sum, 1 / p);
    } else {
      if (shape.count_include_pad) {
        count = 1;
        for (size_t a = 0; a < at.size(); ++a) {
          count *= shape.axes[a].PaddedTaps(at[a]);
        }
      }
      sum = count == 0 ? 0 : sum / static_cast<double>(count);
    }
    if constexpr (std::is_arithmetic_v<T>) {
      y[position] = static_cast<T>(sum);
    } else {
      y[position] = T(static_cast<float>(sum));
    }
  };
  ForRanges(threads, shape.planes, GrainFor(kLightGrain, out * 8),
            [&](int64_t begin, int64_t end) {
              std::vector<int64_t> at(shape.axes.size());
              for (int64_t i = begin * out; i < end * out; ++i) {
                int64_t rest = i % out;
                for (size_t a = at.size(); a-- > 0;) {
                  at[a] = rest % shape.axes[a].output;
                  rest /= shape.axes[a].output;
                }
                window(i / out, at, i);
              }
            });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_POOL_POOL_REF_H_
