#include "kernels/cpu/gemm/pack.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/gemm/panels.h"

namespace hone {

void PackRows(const StridedMatrix& a, int64_t row, const RowPanels& panels,
              int64_t k, int64_t depth, float scale, float* out) {
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
