// The definition of reduce.h for every number type, and the kernel of those
// that have no faster one.
#ifndef HONE_KERNELS_CPU_REDUCE_REDUCE_REF_H_
#define HONE_KERNELS_CPU_REDUCE_REDUCE_REF_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/reduce/reduce.h"

namespace hone {

// One output: each(visit) calls visit with the reduced elements in order.
template <typename Elements>
double ReduceFloats(ReduceOp op, int64_t count, const Elements& each) {
  double sum = 0, product = 1;
  double most = -HUGE_VAL, least = HUGE_VAL;
  bool nan = false;
  each([&](double x) {
    nan = nan || std::isnan(x);
    most = x > most ? x : most;
    least = x < least ? x : least;
    product *= x;
    if (op == ReduceOp::kL1) {
      sum += std::fabs(x);
    } else if (op == ReduceOp::kL2 || op == ReduceOp::kSumSquare) {
      sum += x * x;
    } else {
      sum += x;
    }
  });
  switch (op) {
    case ReduceOp::kMean:
      return sum / static_cast<double>(count);
    case ReduceOp::kMax:
      return nan ? std::nan("") : most;
    case ReduceOp::kMin:
      return nan ? std::nan("") : least;
    case ReduceOp::kProd:
      return product;
    case ReduceOp::kL2:
      return std::sqrt(sum);
    case ReduceOp::kLogSum:
      return std::log(sum);
    case ReduceOp::kLogSumExp: {
      if (!std::isfinite(most)) return nan ? std::nan("") : most;
      double exponentials = 0;
      each([&](double x) { exponentials += std::exp(x - most); });
      return std::log(exponentials) + most;
    }
    default:
      return sum;
  }
}

// Integers add and multiply modulo 2^64 and divide towards zero; L2 and the
// logarithms are computed in double and truncated.
template <typename T, typename Elements>
T ReduceIntegers(ReduceOp op, int64_t count, const Elements& each) {
  uint64_t sum = 0, product = 1, absolute = 0, square = 0;
  T most = std::numeric_limits<T>::lowest();
  T least = std::numeric_limits<T>::max();
  each([&](T x) {
    const uint64_t u = static_cast<uint64_t>(x);
    most = x > most ? x : most;
    least = x < least ? x : least;
    product *= u;
    sum += u;
    absolute += x < 0 ? uint64_t{0} - u : u;
    square += u * u;
  });
  using Signed = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
  switch (op) {
    case ReduceOp::kMean:
      return count == 0 ? T{0}
                        : static_cast<T>(static_cast<Signed>(sum) /
                                         static_cast<Signed>(count));
    case ReduceOp::kMax:
      return most;
    case ReduceOp::kMin:
      return least;
    case ReduceOp::kProd:
      return static_cast<T>(product);
    case ReduceOp::kL1:
      return static_cast<T>(absolute);
    case ReduceOp::kSumSquare:
      return static_cast<T>(square);
    case ReduceOp::kSum:
      return static_cast<T>(sum);
    default: {
      const double value = ReduceFloats(op, count, [&](auto visit) {
        each([&](T x) { visit(static_cast<double>(x)); });
      });
      const double most_value =
          static_cast<double>(std::numeric_limits<T>::max() / 2);
      return std::fabs(value) <= most_value ? static_cast<T>(value) : T{0};
    }
  }
}

// T: arithmetic, or a 16-bit type that converts to and explicitly from float.
template <typename T>
void ReduceRef(ThreadPool& pool, ReduceOp op, const T* x,
               const ReduceShape& shape, T* y) {
  const LoopNest kept = shape.Nest(false);
  const LoopNest reduced = shape.Nest(true);
  const int64_t count = shape.reduced_size();
  const int64_t inner = kept.inner();
  ForRanges(pool, kept.rows() * inner, GrainFor(kLightGrain, count),
            [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i) {
                int64_t at = 0;
                kept.ForRows(i / inner, i / inner + 1,
                             [&](const LoopNest::Offsets& row) {
                               at = row[0] + i % inner * kept.inner_stride(0);
                             });
                const auto each = [&](auto visit) {
                  reduced.ForRows(
                      0, reduced.rows(), [&](const LoopNest::Offsets& row) {
                        for (int64_t j = 0; j < reduced.inner(); ++j) {
                          visit(x[at + row[0] + j * reduced.inner_stride(0)]);
                        }
                      });
                };
                if constexpr (std::is_integral_v<T>) {
                  y[i] = ReduceIntegers<T>(op, count, each);
                } else if constexpr (std::is_arithmetic_v<T>) {
                  y[i] = static_cast<T>(ReduceFloats(op, count, each));
                } else {
                  y[i] = T(static_cast<float>(ReduceFloats(op, count, each)));
                }
              }
            });
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_REDUCE_REDUCE_REF_H_
