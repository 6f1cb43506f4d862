#include "kernels/cpu/reduce/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/reduce/reduce.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/reduce/log_sum_exp.h"
#include "kernels/cpu/reduce/reduce_ref.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Sum {
  static constexpr float kStart = 0;
  static HWY_INLINE V Term(V x) { return x; }
  static HWY_INLINE V Join(V a, V b) { return hn::Add(a, b); }
  static float Term(float x) { return x; }
  static float Join(float a, float b) { return a + b; }
};
struct SumAbs : Sum {
  static HWY_INLINE V Term(V x) { return hn::Abs(x); }
  static float Term(float x) { return std::fabs(x); }
};
struct SumSquare : Sum {
  static HWY_INLINE V Term(V x) { return hn::Mul(x, x); }
  static float Term(float x) { return x * x; }
};
struct Product : Sum {
  static constexpr float kStart = 1;
  static HWY_INLINE V Join(V a, V b) { return hn::Mul(a, b); }
  static float Join(float a, float b) { return a * b; }
};
struct Most : Sum {
  static constexpr float kStart = -std::numeric_limits<float>::infinity();
  static HWY_INLINE V Join(V a, V b) {
    return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
  static float Join(float a, float b) { return a > b || std::isnan(a) ? a : b; }
};
struct Least : Sum {
  static constexpr float kStart = std::numeric_limits<float>::infinity();
  static HWY_INLINE V Join(V a, V b) {
    return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  }
  static float Join(float a, float b) { return a < b || std::isnan(a) ? a : b; }
};

// The n elements at x to one; n at most a block.
template <class R>
float Row(const float* HWY_RESTRICT x, size_t n) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  V a = hn::Set(d, R::kStart), b = a, c = a, e = a;
  size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    a = R::Join(a, R::Term(hn::LoadU(d, x + i)));
    b = R::Join(b, R::Term(hn::LoadU(d, x + i + lanes)));
    c = R::Join(c, R::Term(hn::LoadU(d, x + i + 2 * lanes)));
    e = R::Join(e, R::Term(hn::LoadU(d, x + i + 3 * lanes)));
  }
  for (; i + lanes <= n; i += lanes) {
    a = R::Join(a, R::Term(hn::LoadU(d, x + i)));
  }
  HWY_ALIGN float buffer[hn::MaxLanes(d)];
  hn::Store(R::Join(R::Join(a, b), R::Join(c, e)), d, buffer);
  float total = R::kStart;
  for (size_t l = 0; l < lanes; ++l) total = R::Join(total, buffer[l]);
  for (; i < n; ++i) total = R::Join(total, R::Term(x[i]));
  return total;
}

// y[i] = join(y[i], term(x[i])).
template <class R>
void Rows(const float* HWY_RESTRICT x, size_t n, float* HWY_RESTRICT y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(R::Join(hn::LoadU(d, y + i), R::Term(hn::LoadU(d, x + i))), d,
               y + i);
  }
  for (; i < n; ++i) y[i] = R::Join(y[i], R::Term(x[i]));
}

float RowTarget(ReduceOp op, const float* x, size_t n) {
  switch (op) {
    case ReduceOp::kMax:
      return Row<Most>(x, n);
    case ReduceOp::kMin:
      return Row<Least>(x, n);
    case ReduceOp::kProd:
      return Row<Product>(x, n);
    case ReduceOp::kL1:
      return Row<SumAbs>(x, n);
    case ReduceOp::kL2:
    case ReduceOp::kSumSquare:
      return Row<SumSquare>(x, n);
    default:
      return Row<Sum>(x, n);
  }
}

void RowsTarget(ReduceOp op, const float* x, size_t n, float* y) {
  switch (op) {
    case ReduceOp::kMax:
      return Rows<Most>(x, n, y);
    case ReduceOp::kMin:
      return Rows<Least>(x, n, y);
    case ReduceOp::kProd:
      return Rows<Product>(x, n, y);
    case ReduceOp::kL1:
      return Rows<SumAbs>(x, n, y);
    case ReduceOp::kL2:
    case ReduceOp::kSumSquare:
      return Rows<SumSquare>(x, n, y);
    default:
      return Rows<Sum>(x, n, y);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(RowTarget);
HWY_EXPORT(RowsTarget);

namespace {

constexpr int64_t kBlock = 4096;     // elements added in float32 in a row
constexpr int64_t kBlockRows = 128;  // rows added in float32
constexpr int64_t kColumns = 256;    // columns that share a pass over rows

float StartOf(ReduceOp op) {
  switch (op) {
    case ReduceOp::kMax:
      return -std::numeric_limits<float>::infinity();
    case ReduceOp::kMin:
      return std::numeric_limits<float>::infinity();
    case ReduceOp::kProd:
      return 1;
    default:
      return 0;
  }
}

double JoinBlocks(ReduceOp op, double a, double b) {
  switch (op) {
    case ReduceOp::kMax:
      return a > b || std::isnan(a) ? a : b;
    case ReduceOp::kMin:
      return a < b || std::isnan(a) ? a : b;
    case ReduceOp::kProd:
      return a * b;
    default:
      return a + b;
  }
}

float Finish(ReduceOp op, double total, int64_t count) {
  switch (op) {
    case ReduceOp::kMean:
      return static_cast<float>(total / static_cast<double>(count));
    case ReduceOp::kL2:
      return static_cast<float>(std::sqrt(total));
    case ReduceOp::kLogSum:
      return static_cast<float>(std::log(total));
    default:
      return static_cast<float>(total);
  }
}

double ReduceDense(ReduceOp op, const float* x, int64_t n) {
  double total = StartOf(op);
  for (int64_t i = 0; i < n; i += kBlock) {
    const size_t count = static_cast<size_t>(std::min(kBlock, n - i));
    const float block = HWY_DYNAMIC_DISPATCH(RowTarget)(op, x + i, count);
    total = JoinBlocks(op, total, static_cast<double>(block));
  }
  return total;
}

// Elements side by side in x are reduced: whole rows at a time.
void ReduceInner(ThreadPool& pool, ReduceOp op, const float* x,
                 const LoopNest& kept, const LoopNest& reduced, int64_t count,
                 float* y) {
  const int64_t inner = kept.inner();
  ForRanges(
      pool, kept.rows() * inner, GrainFor(kLightGrain, count),
      [&](int64_t begin, int64_t end) {
        int64_t i = begin;
        while (i < end) {
          const int64_t stop = std::min(end, (i / inner + 1) * inner);
          kept.ForRows(
              i / inner, i / inner + 1, [&](const LoopNest::Offsets& row) {
                for (; i < stop; ++i) {
                  const float* from =
                      x + row[0] + i % inner * kept.inner_stride(0);
                  double total = StartOf(op);
                  reduced.ForRows(
                      0, reduced.rows(), [&](const LoopNest::Offsets& at) {
                        total = JoinBlocks(
                            op, total,
                            ReduceDense(op, from + at[0], reduced.inner()));
                      });
                  y[i] = Finish(op, total, count);
                }
              });
        }
      });
}

// One output of a dense array: pieces in several threads, joined in order.
float ReduceAll(ThreadPool& pool, ReduceOp op, const float* x, int64_t n) {
  constexpr int64_t kPiece = 16 * kBlock;
  std::vector<double> pieces(static_cast<size_t>((n + kPiece - 1) / kPiece));
  ForRanges(pool, n, kPiece, [&](int64_t begin, int64_t end) {
    pieces[static_cast<size_t>(begin / kPiece)] =
        ReduceDense(op, x + begin, end - begin);
  });
  double total = StartOf(op);
  for (const double piece : pieces) total = JoinBlocks(op, total, piece);
  return Finish(op, total, n);
}

// Elements side by side in x belong to different outputs: a strip of columns
// takes in row after row.
void ReduceStrip(ReduceOp op, const float* x, int64_t n,
                 const LoopNest& reduced, int64_t count, float* y) {
  float block[kColumns];
  double total[kColumns];
  std::fill(total, total + n, StartOf(op));
  std::fill(block, block + n, StartOf(op));
  int64_t rows = 0;
  const auto flush = [&] {
    for (int64_t i = 0; i < n; ++i) {
      total[i] = JoinBlocks(op, total[i], static_cast<double>(block[i]));
      block[i] = StartOf(op);
    }
    rows = 0;
  };
  reduced.ForRows(0, reduced.rows(), [&](const LoopNest::Offsets& at) {
    for (int64_t j = 0; j < reduced.inner(); ++j) {
      const float* row = x + at[0] + j * reduced.inner_stride(0);
      HWY_DYNAMIC_DISPATCH(RowsTarget)(op, row, static_cast<size_t>(n), block);
      if (++rows == kBlockRows) flush();
    }
  });
  flush();
  for (int64_t i = 0; i < n; ++i) y[i] = Finish(op, total[i], count);
}

void ReduceOuter(ThreadPool& pool, ReduceOp op, const float* x,
                 const LoopNest& kept, const LoopNest& reduced, int64_t count,
                 float* y) {
  const int64_t inner = kept.inner();
  const int64_t strips = (inner + kColumns - 1) / kColumns;
  ForRanges(pool, kept.rows() * strips,
            GrainFor(kLightGrain, count * std::min(inner, kColumns)),
            [&](int64_t begin, int64_t end) {
              for (int64_t task = begin; task < end; ++task) {
                const int64_t row = task / strips;
                const int64_t column = task % strips * kColumns;
                kept.ForRows(row, row + 1, [&](const LoopNest::Offsets& at) {
                  ReduceStrip(op, x + at[0] + column,
                              std::min(kColumns, inner - column), reduced,
                              count, y + row * inner + column);
                });
              }
            });
}

}  // namespace

int64_t ReduceShape::kept_size() const {
  int64_t size = 1;
  for (size_t i = 0; i < dims.size(); ++i) size *= reduced[i] ? 1 : dims[i];
  return size;
}

int64_t ReduceShape::reduced_size() const {
  int64_t size = 1;
  for (size_t i = 0; i < dims.size(); ++i) size *= reduced[i] ? dims[i] : 1;
  return size;
}

LoopNest ReduceShape::Nest(bool of_reduced) const {
  const Extents strides = RowMajorStrides(dims);
  Extents some_dims, some_strides;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (reduced[i] != of_reduced) continue;
    some_dims.push_back(dims[i]);
    some_strides.push_back(strides[i]);
  }
  LoopNest nest(some_dims, {some_strides});
  nest.Coalesce();
  return nest;
}

void Reduce(ThreadPool& pool, ReduceOp op, const float* x,
            const ReduceShape& shape, float* y) {
  const LoopNest kept = shape.Nest(false);
  const LoopNest reduced = shape.Nest(true);
  const int64_t count = shape.reduced_size();
  if (kept.rows() == 0) return;
  if (count == 0) return ReduceRef(pool, op, x, shape, y);
  if (op == ReduceOp::kLogSumExp) return ReduceLogSumExp(pool, x, shape, y);
  if (reduced.loops() == 0 || reduced.inner_stride(0) != 1) {
    if (kept.loops() == 0) return ReduceRef(pool, op, x, shape, y);
    return ReduceOuter(pool, op, x, kept, reduced, count, y);
  }
  if (kept.loops() == 0 && reduced.loops() == 1) {
    *y = ReduceAll(pool, op, x, count);
    return;
  }
  ReduceInner(pool, op, x, kept, reduced, count, y);
}

}  // namespace hone
#endif  // HWY_ONCE
