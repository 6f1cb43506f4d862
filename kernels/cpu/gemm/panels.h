// The innermost part of every float32 product: packed rows times packed
// columns.
//
// C[m, n] = f(initial[m, n] + row_bias[m] + sum_k A[m, k] * B[k, n])
//
// A is stored in row panels: panel p holds rows [Begin(p), Begin(p) + Rows(p))
// as [depth][Rows(p)]. B is read in column panels of PanelShape().columns
// columns. A matrix product packs B once and A as it goes; a convolution packs
// its weights as A and gathers patches of the image as B.
#ifndef HONE_KERNELS_CPU_GEMM_PANELS_H_
#define HONE_KERNELS_CPU_GEMM_PANELS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"

namespace hone {

// The register tile of the instruction set in use: at most `rows` rows by
// `columns` columns (a multiple of the vector length, which is columns / 2).
struct TileShape {
  int64_t rows = 0;
  int64_t columns = 0;
};
TileShape CurrentTileShape();

// `rows` rows divided into the fewest panels of at most `max_rows` rows, as
// equal as can be: 64 rows by 14 are 13 + 13 + 13 + 13 + 12.
class RowPanels {
 public:
  RowPanels(int64_t rows, int64_t max_rows)
      : rows_(rows),
        count_((rows + max_rows - 1) / max_rows),
        base_(count_ == 0 ? 0 : rows / count_),
        extra_(count_ == 0 ? 0 : rows % count_) {}

  int64_t rows() const { return rows_; }
  int64_t count() const { return count_; }
  int64_t Begin(int64_t panel) const {
    return panel * base_ + std::min(panel, extra_);
  }
  int64_t Rows(int64_t panel) const { return base_ + (panel < extra_ ? 1 : 0); }

 private:
  int64_t rows_;
  int64_t count_;
  int64_t base_;
  int64_t extra_;
};

struct PanelProduct {
  // Row panel p, of `panels`, begins at a + panels.Begin(p) * a_depth +
  // k_begin * panels.Rows(p); [panel_begin, panel_end) are computed.
  RowPanels panels{0, 1};
  int64_t panel_begin = 0;
  int64_t panel_end = 0;
  const float* a = nullptr;
  int64_t a_depth = 0;
  int64_t k_begin = 0;

  // Row k of column panel j begins at b + j * b_panel + k * b_row, and a whole
  // panel can be read there whatever `columns` is: the rest of the last one
  // must be readable, its values do not matter.
  const float* b = nullptr;
  int64_t b_panel = 0;
  int64_t b_row = 0;

  int64_t depth = 0;    // products summed in this call
  int64_t columns = 0;  // of C

  // Row 0 (of all panels), column 0; rows are c_stride apart.
  float* c = nullptr;
  int64_t c_stride = 0;
  // What the sum starts from: null for zero; may be c itself; a stride of 0
  // gives every row the same (a bias per column).
  const float* initial = nullptr;
  int64_t initial_stride = 0;
  const float* row_bias = nullptr;  // of row 0; null for none
  Activation activation;
};

void MultiplyPanels(const PanelProduct& product);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_GEMM_PANELS_H_
