#include "kernels/cpu/gemm/pack.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/aligned_allocator.h"
#include "hwy/highway.h"
#include "kernels/cpu/gemm/panels.h"

namespace hone {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// out[k * out_stride + i] = scale * lines[i * line_stride + k] for `count`
// lines i and k < depth: four by four where there are four.
void TransposeLines(const float* lines, int64_t line_stride, int64_t count,
                    int64_t depth, float scale, int64_t out_stride,
                    float* out) {
  const hn::FixedTag<float, 4> d;
  const hn::FixedTag<double, 2> d64;
  const auto by = hn::Set(d, scale);
  const int64_t whole = count < 4 ? 0 : depth / 4 * 4;
  for (int64_t k = 0; k < whole; k += 4) {
    for (int64_t i = 0; i < count; i += 4) {
      const int64_t first = std::min(i, count - 4);  // the last may overlap
      const float* const from = lines + first * line_stride + k;
      const auto a = hn::LoadU(d, from);
      const auto b = hn::LoadU(d, from + line_stride);
      const auto c = hn::LoadU(d, from + 2 * line_stride);
      const auto e = hn::LoadU(d, from + 3 * line_stride);
      const auto ab0 = hn::BitCast(d64, hn::InterleaveLower(d, a, b));
      const auto ab1 = hn::BitCast(d64, hn::InterleaveUpper(d, a, b));
      const auto ce0 = hn::BitCast(d64, hn::InterleaveLower(d, c, e));
      const auto ce1 = hn::BitCast(d64, hn::InterleaveUpper(d, c, e));
      float* const to = out + k * out_stride + first;
      const auto store = [&](auto v, float* at) {
        hn::StoreU(hn::Mul(by, hn::BitCast(d, v)), d, at);
      };
      store(hn::InterleaveLower(d64, ab0, ce0), to);
      store(hn::InterleaveUpper(d64, ab0, ce0), to + out_stride);
      store(hn::InterleaveLower(d64, ab1, ce1), to + 2 * out_stride);
      store(hn::InterleaveUpper(d64, ab1, ce1), to + 3 * out_stride);
    }
  }
  for (int64_t k = whole; k < depth; ++k) {
    for (int64_t i = 0; i < count; ++i) {
      out[k * out_stride + i] = scale * lines[i * line_stride + k];
    }
  }
}

}  // namespace

void PackRows(const StridedMatrix& a, int64_t row, const RowPanels& panels,
              int64_t k, int64_t depth, float scale, float* out) {
  if (depth == 0) return;  // `a` may be null then
  for (int64_t p = 0; p < panels.count(); ++p) {
    const int64_t rows = panels.Rows(p);
    float* const panel = out + panels.Begin(p) * depth;
    const float* const from =
        a.data + (row + panels.Begin(p)) * a.row + k * a.column;
    if (a.row == 1) {
      for (int64_t i = 0; i < depth; ++i) {
        for (int64_t r = 0; r < rows; ++r) {
          panel[i * rows + r] = scale * from[i * a.column + r];
        }
      }
      continue;
    }
    if (a.column == 1) {
      TransposeLines(from, a.row, rows, depth, scale, rows, panel);
      continue;
    }
    // Several rows at a time, so that the writes to a cache line come together.
    constexpr int64_t kStep = 16;
    for (int64_t i0 = 0; i0 < depth; i0 += kStep) {
      const int64_t i1 = std::min(depth, i0 + kStep);
      for (int64_t r = 0; r < rows; ++r) {
        const float* const source = from + r * a.row;
        for (int64_t i = i0; i < i1; ++i) {
          panel[i * rows + r] = scale * source[i * a.column];
        }
      }
    }
  }
}

void PackColumnPanel(const StridedMatrix& b, int64_t j, int64_t columns,
                     int64_t depth, int64_t width, float* out) {
  if (depth == 0) return;  // `b` may be null then
  const int64_t valid = std::min(width, columns - j);
  const float* const from = b.data + j * b.column;
  if (b.column == 1) {
    for (int64_t k = 0; k < depth; ++k) {
      float* const to = out + k * width;
      std::memcpy(to, from + k * b.row, valid * sizeof(float));
      if (valid < width) {
        std::memset(to + valid, 0, (width - valid) * sizeof(float));
      }
    }
    return;
  }
  if (b.row == 1) {
    TransposeLines(from, b.column, valid, depth, 1.0f, width, out);
    for (int64_t k = 0; k < depth && valid < width; ++k) {
      std::memset(out + k * width + valid, 0, (width - valid) * sizeof(float));
    }
    return;
  }
  constexpr int64_t kStep = 16;
  for (int64_t k0 = 0; k0 < depth; k0 += kStep) {
    const int64_t k1 = std::min(depth, k0 + kStep);
    for (int64_t c = 0; c < width; ++c) {
      const float* const source = from + c * b.column;
      for (int64_t k = k0; k < k1; ++k) {
        out[k * width + c] = c < valid ? source[k * b.row] : 0;
      }
    }
  }
}

PackedColumns::PackedColumns(const StridedMatrix& b, int64_t depth,
                             int64_t columns)
    : depth_(depth), columns_(columns) {
  const int64_t width = CurrentTileShape().columns;
  const int64_t size = PackedColumnsSize(depth, columns, width);
  bytes_ = static_cast<size_t>(size) * sizeof(float);
  data_ = hwy::AllocateAligned<float>(
      static_cast<size_t>(std::max<int64_t>(size, 1)));
  for (int64_t j = 0; j < columns; j += width) {
    PackColumnPanel(b, j, columns, depth, width, data_.get() + j * depth);
  }
}

PackedRows::PackedRows(const StridedMatrix& a, int64_t group_stride,
                       int64_t groups, int64_t rows, int64_t depth)
    : panels_(rows, CurrentTileShape().rows), depth_(depth) {
  const int64_t each = rows * depth;
  bytes_ = static_cast<size_t>(groups * each) * sizeof(float);
  data_ = hwy::AllocateAligned<float>(
      static_cast<size_t>(std::max<int64_t>(groups * each, 1)));
  for (int64_t g = 0; g < groups; ++g) {
    PackRows({a.data + g * group_stride, a.row, a.column}, 0, panels_, 0, depth,
             1.0f, data_.get() + g * each);
  }
}

}  // namespace hone
