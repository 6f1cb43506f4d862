#include "kernels/cpu/reduce/log_sum_exp.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/reduce/log_sum_exp.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/unary/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// sum(e^(x[i] - most)) of n elements, at most a block; x <= most.
float SumExpTarget(const float* HWY_RESTRICT x, size_t n, float most) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  const V m = hn::Set(d, most);
  V a = hn::Zero(d), b = a;
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    a = hn::Add(a, FullExp(d, hn::Sub(hn::LoadU(d, x + i), m)));
    b = hn::Add(b, FullExp(d, hn::Sub(hn::LoadU(d, x + i + lanes), m)));
  }
  for (; i + lanes <= n; i += lanes) {
    a = hn::Add(a, FullExp(d, hn::Sub(hn::LoadU(d, x + i), m)));
  }
  HWY_ALIGN float buffer[hn::MaxLanes(d)];
  if (i < n) {
    // e^-infinity adds nothing.
    std::fill(buffer, buffer + lanes, -HUGE_VALF);
    std::copy(x + i, x + n, buffer);
    b = hn::Add(b, FullExp(d, hn::Sub(hn::Load(d, buffer), m)));
  }
  hn::Store(hn::Add(a, b), d, buffer);
  float total = 0;
  for (size_t l = 0; l < lanes; ++l) total += buffer[l];
  return total;
}

// y[i] += e^(x[i] - most[i]).
void AddExpTarget(const float* HWY_RESTRICT x, size_t n,
                  const float* HWY_RESTRICT most, float* HWY_RESTRICT y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V power =
        FullExp(d, hn::Sub(hn::LoadU(d, x + i), hn::LoadU(d, most + i)));
    hn::StoreU(hn::Add(hn::LoadU(d, y + i), power), d, y + i);
  }
  if (i == n) return;
  HWY_ALIGN float buffer[hn::MaxLanes(d)] = {};
  for (size_t j = i; j < n; ++j) buffer[j - i] = x[j] - most[j];
  hn::Store(FullExp(d, hn::Load(d, buffer)), d, buffer);
  for (size_t j = i; j < n; ++j) y[j] += buffer[j - i];
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(SumExpTarget);
HWY_EXPORT(AddExpTarget);

namespace {

constexpr int64_t kBlock = 4096;     // powers added in float32 in a row
constexpr int64_t kBlockRows = 128;  // rows added in float32
constexpr int64_t kColumns = 256;    // columns that share a pass over rows

float Finish(float most, double sum) {
  return std::isfinite(most)
             ? static_cast<float>(std::log(sum) + static_cast<double>(most))
             : most;
}

double SumExp(const float* x, int64_t n, float most) {
  double total = 0;
  for (int64_t i = 0; i < n; i += kBlock) {
    const auto count = static_cast<size_t>(std::min(kBlock, n - i));
    total += static_cast<double>(
        HWY_DYNAMIC_DISPATCH(SumExpTarget)(x + i, count, most));
  }
  return total;
}

// One output of a dense array: pieces in several threads, joined in order.
void OfAll(ThreadPool& pool, const float* x, int64_t n, float* y) {
  constexpr int64_t kPiece = 4 * kBlock;
  std::vector<double> pieces(static_cast<size_t>((n + kPiece - 1) / kPiece));
  ForRanges(pool, n, kPiece, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += kPiece) {
      pieces[static_cast<size_t>(i / kPiece)] =
          SumExp(x + i, std::min(kPiece, end - i), *y);
    }
  });
  double total = 0;
  for (const double piece : pieces) total += piece;
  *y = Finish(*y, total);
}

// Elements side by side in x are reduced.
void OfRows(ThreadPool& pool, const float* x, const LoopNest& kept,
            const LoopNest& reduced, int64_t count, float* y) {
  const int64_t inner = kept.inner();
  ForRanges(pool, kept.rows() * inner, GrainFor(kHeavyGrain, count),
            [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i) {
                int64_t at = 0;
                kept.ForRows(i / inner, i / inner + 1,
                             [&](const LoopNest::Offsets& row) {
                               at = row[0] + i % inner * kept.inner_stride(0);
                             });
                double total = 0;
                reduced.ForRows(
                    0, reduced.rows(), [&](const LoopNest::Offsets& row) {
                      total += SumExp(x + at + row[0], reduced.inner(), y[i]);
                    });
                y[i] = Finish(y[i], total);
              }
            });
}

// Elements side by side in x belong to different outputs: row after row of a
// strip of n columns.
void OfStrip(const float* x, int64_t n, const LoopNest& reduced, float* y) {
  float block[kColumns] = {};
  double total[kColumns] = {};
  int64_t rows = 0;
  const auto flush = [&] {
    for (int64_t i = 0; i < n; ++i) {
      total[i] += static_cast<double>(block[i]);
      block[i] = 0;
    }
    rows = 0;
  };
  reduced.ForRows(0, reduced.rows(), [&](const LoopNest::Offsets& at) {
    for (int64_t j = 0; j < reduced.inner(); ++j) {
      HWY_DYNAMIC_DISPATCH(AddExpTarget)
      (x + at[0] + j * reduced.inner_stride(0), static_cast<size_t>(n), y,
       block);
      if (++rows == kBlockRows) flush();
    }
  });
  flush();
  for (int64_t i = 0; i < n; ++i) y[i] = Finish(y[i], total[i]);
}

void OfColumns(ThreadPool& pool, const float* x, const LoopNest& kept,
               const LoopNest& reduced, int64_t count, float* y) {
  const int64_t inner = kept.inner();
  const int64_t strips = (inner + kColumns - 1) / kColumns;
  ForRanges(pool, kept.rows() * strips,
            GrainFor(kHeavyGrain, count * std::min(inner, kColumns)),
            [&](int64_t begin, int64_t end) {
              for (int64_t task = begin; task < end; ++task) {
                const int64_t row = task / strips;
                const int64_t column = task % strips * kColumns;
                kept.ForRows(row, row + 1, [&](const LoopNest::Offsets& at) {
                  OfStrip(x + at[0] + column,
                          std::min(kColumns, inner - column), reduced,
                          y + row * inner + column);
                });
              }
            });
}

}  // namespace

void ReduceLogSumExp(ThreadPool& pool, const float* x, const ReduceShape& shape,
                     float* y) {
  Reduce(pool, ReduceOp::kMax, x, shape, y);
  const LoopNest kept = shape.Nest(false);
  const LoopNest reduced = shape.Nest(true);
  const int64_t count = shape.reduced_size();
  if (kept.rows() == 0) return;
  if (kept.loops() > 0 &&
      (reduced.loops() == 0 || reduced.inner_stride(0) != 1)) {
    OfColumns(pool, x, kept, reduced, count, y);
  } else if (kept.loops() == 0 && reduced.loops() == 1) {
    OfAll(pool, x, count, y);
  } else {
    OfRows(pool, x, kept, reduced, count, y);
  }
}

}  // namespace hone
#endif  // HWY_ONCE
