// Matrices in the order in which MultiplyPanels (panels.h) reads them.
#ifndef HONE_KERNELS_CPU_GEMM_PACK_H_
#define HONE_KERNELS_CPU_GEMM_PACK_H_

#include <cstddef>
#include <cstdint>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// A matrix somewhere in memory: element (i, j) at data[i * row + j * column].
struct StridedMatrix {
  const float* data = nullptr;
  int64_t row = 0;
  int64_t column = 0;
};

// Rows [row, row + panels.rows()) and columns [k, k + depth) of `a`, times
// `scale`, as row panels: panel p at out + panels.Begin(p) * depth. Writes
// panels.rows() * depth floats.
void PackRows(const StridedMatrix& a, int64_t row, const RowPanels& panels,
              int64_t k, int64_t depth, float scale, float* out);

// Floats that `columns` columns of `depth` take as panels of `width` columns.
inline int64_t PackedColumnsSize(int64_t depth, int64_t columns,
                                 int64_t width) {
  return (columns + width - 1) / width * width * depth;
}

// Columns [j, j + width) and rows [0, depth) of b, as one panel [depth][width];
// columns from `columns` on are zero.
void PackColumnPanel(const StridedMatrix& b, int64_t j, int64_t columns,
                     int64_t depth, int64_t width, float* out);

// A whole B [depth, columns], packed once.
class PackedColumns {
 public:
  PackedColumns(const StridedMatrix& b, int64_t depth, int64_t columns);

  int64_t depth() const { return depth_; }
  int64_t columns() const { return columns_; }
  const float* data() const { return data_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  int64_t depth_;
  int64_t columns_;
  size_t bytes_;
  hwy::AlignedFreeUniquePtr<float[]> data_;
};

// A whole A [rows, depth] (a convolution's weights), packed once; `groups`
// matrices, `group_stride` elements apart.
class PackedRows {
 public:
  PackedRows(const StridedMatrix& a, int64_t group_stride, int64_t groups,
             int64_t rows, int64_t depth);
  // Dense row-major matrices one after the other.
  PackedRows(const float* a, int64_t groups, int64_t rows, int64_t depth)
      : PackedRows({a, depth, 1}, rows * depth, groups, rows, depth) {}

  const RowPanels& panels() const { return panels_; }
  int64_t depth() const { return depth_; }
  const float* data(int64_t group) const {
    return data_.get() + group * panels_.rows() * depth_;
  }
  size_t bytes() const { return bytes_; }

 private:
  RowPanels panels_;
  int64_t depth_;
  size_t bytes_;
  hwy::AlignedFreeUniquePtr<float[]> data_;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_GEMM_PACK_H_
