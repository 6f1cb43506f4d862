#include "kernels/cpu/pool/pool.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/pool/pool.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/pool/pool_ref.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Most {
  static HWY_INLINE V Join(V a, V b) {
    return hn::IfThenElse(hn::Gt(b, a), b, a);
  }
  static float Join(float a, float b) { return b > a ? b : a; }
};
struct Sum {
  static HWY_INLINE V Join(V a, V b) { return hn::Add(a, b); }
  static float Join(float a, float b) { return a + b; }
};

// column[w] = the taps of rows first, first + step, ... joined.
template <class R>
void JoinRows(const float* HWY_RESTRICT x, int64_t width, int64_t rows,
              int64_t step, float start, float* HWY_RESTRICT column) {
  const D d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t w = 0;
  for (; w + lanes <= width; w += lanes) {
    V joined = hn::Set(d, start);
    for (int64_t r = 0; r < rows; ++r) {
      joined = R::Join(joined, hn::LoadU(d, x + r * step + w));
    }
    hn::StoreU(joined, d, column + w);
  }
  for (; w < width; ++w) {
    float joined = start;
    for (int64_t r = 0; r < rows; ++r) {
      joined = R::Join(joined, x[r * step + w]);
    }
    column[w] = joined;
  }
}

template <class R>
float JoinTaps(const PoolAxis& axis, int64_t o, float start,
               const float* column) {
  float joined = start;
  const int64_t first = axis.Start(o);
  for (int64_t t = axis.FirstTap(o); t < axis.EndTap(o); ++t) {
    joined = R::Join(joined, column[first + t * axis.dilation]);
  }
  return joined;
}

// y[o] = the taps of one row joined.
template <class R>
void JoinColumns(const float* HWY_RESTRICT column, const PoolAxis& axis,
                 float start, float* HWY_RESTRICT y) {
  // Outputs [low, high) have all their taps inside.
  const int64_t reach = (axis.kernel - 1) * axis.dilation;
  int64_t low =
      std::min(axis.output, (axis.pad_begin + axis.stride - 1) / axis.stride);
  const int64_t room = axis.input - 1 - reach + axis.pad_begin;
  int64_t high = room < 0 ? 0 : std::min(axis.output, room / axis.stride + 1);
  if (high < low) low = high = axis.output;
  for (int64_t o = 0; o < low; ++o) {
    y[o] = JoinTaps<R>(axis, o, start, column);
  }
  int64_t o = low;
  if (axis.stride == 1) {
    const D d;
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
    for (; o + lanes <= high; o += lanes) {
      const float* from = column + axis.Start(o);
      V joined = hn::Set(d, start);
      for (int64_t t = 0; t < axis.kernel; ++t) {
        joined = R::Join(joined, hn::LoadU(d, from + t * axis.dilation));
      }
      hn::StoreU(joined, d, y + o);
    }
  }
  for (; o < high; ++o) {
    const float* from = column + axis.Start(o);
    float joined = start;
    for (int64_t t = 0; t < axis.kernel; ++t) {
      joined = R::Join(joined, from[t * axis.dilation]);
    }
    y[o] = joined;
  }
  for (; o < axis.output; ++o) y[o] = JoinTaps<R>(axis, o, start, column);
}

template <class R>
void Row(const float* x, const PoolAxis& rows, int64_t o, const PoolAxis& axis,
         float start, float* column, float* y) {
  const int64_t first = rows.FirstTap(o);
  const int64_t count = std::max<int64_t>(0, rows.EndTap(o) - first);
  const float* from =
      count == 0 ? x : x + (rows.Start(o) + first * rows.dilation) * axis.input;
  JoinRows<R>(from, axis.input, count, rows.dilation * axis.input, start,
              column);
  JoinColumns<R>(column, axis, start, y);
}

// One output row of one plane. column: axis.input floats.
void MostRow(const float* x, const PoolAxis& rows, int64_t o,
             const PoolAxis& axis, float* column, float* y) {
  Row<Most>(x, rows, o, axis, -std::numeric_limits<float>::infinity(), column,
            y);
}
void SumRow(const float* x, const PoolAxis& rows, int64_t o,
            const PoolAxis& axis, float* column, float* y) {
  Row<Sum>(x, rows, o, axis, 0.0f, column, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(MostRow);
HWY_EXPORT(SumRow);

int64_t PoolShape::input_size() const {
  int64_t size = 1;
  for (const PoolAxis& axis : axes) size *= axis.input;
  return size;
}

int64_t PoolShape::output_size() const {
  int64_t size = 1;
  for (const PoolAxis& axis : axes) size *= axis.output;
  return size;
}

namespace {

// How many elements an average divides by along one axis.
std::vector<float> Counts(const PoolAxis& axis, bool include_pad) {
  std::vector<float> counts(static_cast<size_t>(axis.output));
  for (int64_t o = 0; o < axis.output; ++o) {
    const int64_t taps =
        include_pad ? axis.PaddedTaps(o)
                    : std::max<int64_t>(0, axis.EndTap(o) - axis.FirstTap(o));
    counts[static_cast<size_t>(o)] = static_cast<float>(taps);
  }
  return counts;
}

}  // namespace

void Pool(ThreadPool& threads, PoolOp op, const float* x,
          const PoolShape& shape, float* y) {
  if (op == PoolOp::kLp || shape.axes.empty() || shape.axes.size() > 2) {
    PoolRef(threads, op, x, shape, y);
    return;
  }
  const PoolAxis one = {1, 1, 1, 1, 1, 0, 0};
  const PoolAxis& rows = shape.axes.size() == 2 ? shape.axes[0] : one;
  const PoolAxis& axis = shape.axes.back();
  const bool average = op == PoolOp::kAverage;
  std::vector<float> row_counts, counts;
  if (average) {
    row_counts = Counts(rows, shape.count_include_pad);
    counts = Counts(axis, shape.count_include_pad);
  }
  const int64_t in = shape.input_size(), out = shape.output_size();
  ForRanges(threads, shape.planes, GrainFor(kLightGrain, in),
            [&](int64_t begin, int64_t end) {
              std::vector<float> column(static_cast<size_t>(axis.input));
              for (int64_t plane = begin; plane < end; ++plane) {
                for (int64_t o = 0; o < rows.output; ++o) {
                  const float* from = x + plane * in;
                  float* to = y + plane * out + o * axis.output;
                  if (!average) {
                    HWY_DYNAMIC_DISPATCH(MostRow)
                    (from, rows, o, axis, column.data(), to);
                    continue;
                  }
                  HWY_DYNAMIC_DISPATCH(SumRow)
                  (from, rows, o, axis, column.data(), to);
                  const float row_count = row_counts[static_cast<size_t>(o)];
                  for (int64_t i = 0; i < axis.output; ++i) {
                    const float count =
                        row_count * counts[static_cast<size_t>(i)];
                    to[i] = count == 0 ? 0.0f : to[i] / count;
                  }
                }
              }
            });
}

}  // namespace hone
#endif  // HWY_ONCE
