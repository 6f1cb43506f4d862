#include "kernels/cpu/gemm/gemm.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// A panel of B of this depth stays in the first-level cache while the rows of a
// block, which stay in the second, pass by.
constexpr int64_t kDepth = 256;
constexpr int64_t kPanelsOfRows = 8;
constexpr int64_t kPanelsOfColumns = 16;
// Multiply-adds that make a task worth handing out, and tasks enough to share
// evenly among a few threads.
constexpr int64_t kTaskWork = 1 << 20;
constexpr int64_t kTasks = 16;
constexpr int64_t kAlign = 16;  // floats in a cache line
// Of A, packed once for all columns: rows up to this many floats, at least a
// panel. A block of kDepth of so many panels stays in the second level.
constexpr int64_t kSharedRows = 1 << 19;
constexpr int64_t kPanelsOfSharedRows = 16;
constexpr int64_t kPackGrain = 1 << 14;  // floats worth a task

// How C is cut into tasks; a function of the extents alone.
struct Blocks {
  int64_t rows;
  int64_t columns;
};

Blocks BlocksOf(int64_t m, int64_t n, int64_t k, int64_t most_panels,
                const TileShape& tile) {
  const int64_t panels_m = (m + tile.rows - 1) / tile.rows;
  const int64_t panels_n = (n + tile.columns - 1) / tile.columns;
  int64_t take_m = std::min(most_panels, panels_m);
  const int64_t blocks_m = (panels_m + take_m - 1) / take_m;
  int64_t take_n = std::min(kPanelsOfColumns, panels_n);
  // Few rows wait for B to arrive, not for their sums.
  const int64_t work = std::max<int64_t>(m, 8) * n * k;
  const int64_t tasks = std::clamp<int64_t>(work / kTaskWork, 1, kTasks);
  while (take_n > 1 && blocks_m * ((panels_n + take_n - 1) / take_n) < tasks) {
    take_n = (take_n + 1) / 2;
  }
  // Blocks of equal height, so that no task is left with a sliver.
  take_m = (panels_m + blocks_m - 1) / blocks_m;
  return {take_m * tile.rows, take_n * tile.columns};
}

int64_t RowScratch(const TileShape& tile) {
  return (kPanelsOfRows * tile.rows * kDepth + kAlign - 1) / kAlign * kAlign;
}

// The product kDepth at a time, over all of k: what the first part starts from
// is given, the others start from C, the last one ends with the activation.
// place(l, part): where the rows of A for the depths from l on lie.
template <typename Place>
void MultiplyByDepth(PanelProduct product, int64_t k, const float* b,
                     const Activation& activation, const CancelToken& cancel,
                     const Place& place) {
  for (int64_t l = 0; l == 0 || l < k; l += kDepth) {
    if (cancel.requested()) return;
    product.depth = std::min(kDepth, k - l);
    place(l, product);
    product.b = b + l * product.b_row;
    if (l > 0) {
      product.initial = product.c;
      product.initial_stride = product.c_stride;
      product.row_bias = nullptr;
    }
    if (l + kDepth >= k) product.activation = activation;
    MultiplyPanels(product);
  }
}

void GemmPacked(int64_t m, int64_t n, int64_t k, const StridedMatrix& a,
                float a_scale, const float* b, const GemmEpilogue& epilogue,
                float* c, int64_t c_stride, float* scratch, ThreadPool& pool) {
  const TileShape tile = CurrentTileShape();
  const Blocks blocks = BlocksOf(m, n, k, kPanelsOfRows, tile);
  const int64_t blocks_m = (m + blocks.rows - 1) / blocks.rows;
  const int64_t blocks_n = (n + blocks.columns - 1) / blocks.columns;
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor(blocks_m * blocks_n, [&](int64_t task, int worker) {
    const int64_t i = task % blocks_m * blocks.rows;
    const int64_t j = task / blocks_m * blocks.columns;
    float* const rows = scratch + worker * RowScratch(tile);
    PanelProduct product;
    product.panels = RowPanels(std::min(blocks.rows, m - i), tile.rows);
    product.panel_end = product.panels.count();
    product.a = rows;
    product.b_panel = tile.columns * k;
    product.b_row = tile.columns;
    product.columns = std::min(blocks.columns, n - j);
    product.c = c + i * c_stride + j;
    product.c_stride = c_stride;
    if (epilogue.initial != nullptr) {
      product.initial = epilogue.initial + i * epilogue.initial_stride + j;
      product.initial_stride = epilogue.initial_stride;
    }
    if (epilogue.row_bias != nullptr) product.row_bias = epilogue.row_bias + i;
    MultiplyByDepth(product, k, b + j * k, epilogue.activation, cancel,
                    [&](int64_t l, PanelProduct& part) {
                      PackRows(a, i, part.panels, l, part.depth, a_scale, rows);
                      part.a_depth = part.depth;
                    });
  });
}

// Rows of A that are packed together.
int64_t SharedRows(int64_t m, int64_t k, const TileShape& tile) {
  const int64_t rows =
      kSharedRows / std::max<int64_t>(1, k) / tile.rows * tile.rows;
  return std::min(m, std::max(rows, tile.rows));
}

// A [m, k] packed whole, then C; m at most SharedRows.
void GemmShared(int64_t m, int64_t n, int64_t k, const StridedMatrix& a,
                float a_scale, const float* b, const GemmEpilogue& epilogue,
                float* c, int64_t c_stride, float* rows, ThreadPool& pool) {
  const TileShape tile = CurrentTileShape();
  const RowPanels panels(m, tile.rows);
  const CancelToken cancel = CancelToken::Current();
  const int64_t grain =
      std::max<int64_t>(1, kPackGrain / std::max<int64_t>(1, tile.rows * k));
  pool.ParallelFor(
      (panels.count() + grain - 1) / grain, [&](int64_t task, int) {
        const int64_t end = std::min(panels.count(), (task + 1) * grain);
        for (int64_t p = task * grain; p < end; ++p) {
          if (cancel.requested()) return;
          PackRows(a, panels.Begin(p), RowPanels(panels.Rows(p), tile.rows), 0,
                   k, a_scale, rows + panels.Begin(p) * k);
        }
      });
  const Blocks blocks = BlocksOf(m, n, k, kPanelsOfSharedRows, tile);
  const int64_t take_m = blocks.rows / tile.rows;
  const int64_t blocks_m = (panels.count() + take_m - 1) / take_m;
  const int64_t blocks_n = (n + blocks.columns - 1) / blocks.columns;
  pool.ParallelFor(blocks_m * blocks_n, [&](int64_t task, int) {
    const int64_t j = task / blocks_m * blocks.columns;
    PanelProduct product;
    product.panels = panels;
    product.panel_begin = task % blocks_m * take_m;
    product.panel_end = std::min(panels.count(), product.panel_begin + take_m);
    product.a = rows;
    product.a_depth = k;
    product.b_panel = tile.columns * k;
    product.b_row = tile.columns;
    product.columns = std::min(blocks.columns, n - j);
    product.c = c + j;
    product.c_stride = c_stride;
    if (epilogue.initial != nullptr) {
      product.initial = epilogue.initial + j;
      product.initial_stride = epilogue.initial_stride;
    }
    product.row_bias = epilogue.row_bias;
    MultiplyByDepth(product, k, b + j * k, epilogue.activation, cancel,
                    [](int64_t l, PanelProduct& part) { part.k_begin = l; });
  });
}

}  // namespace

size_t GemmScratchBytes(int threads) {
  return static_cast<size_t>(RowScratch(CurrentTileShape()) * threads) *
         sizeof(float);
}

size_t GemmScratchBytes(int64_t m, int64_t k) {
  const int64_t floats = SharedRows(m, k, CurrentTileShape()) * k;
  return static_cast<size_t>((floats + kAlign - 1) / kAlign * kAlign) *
         sizeof(float);
}

void Gemm(int64_t m, const StridedMatrix& a, float a_scale,
          const PackedColumns& b, const GemmEpilogue& epilogue, float* c,
          int64_t c_stride, std::byte* scratch, ThreadPool& pool) {
  if (m == 0 || b.columns() == 0) return;
  const int64_t take = SharedRows(m, b.depth(), CurrentTileShape());
  for (int64_t i = 0; i < m; i += take) {
    GemmEpilogue own = epilogue;
    if (own.initial != nullptr) own.initial += i * own.initial_stride;
    if (own.row_bias != nullptr) own.row_bias += i;
    GemmShared(std::min(take, m - i), b.columns(), b.depth(),
               {a.data + i * a.row, a.row, a.column}, a_scale, b.data(), own,
               c + i * c_stride, c_stride, reinterpret_cast<float*>(scratch),
               pool);
  }
}

size_t GemmColumnsBytes(int64_t k, int64_t n) {
  const int64_t floats = PackedColumnsSize(k, n, CurrentTileShape().columns);
  return static_cast<size_t>((floats + kAlign - 1) / kAlign * kAlign) *
         sizeof(float);
}

void Gemm(int64_t m, int64_t n, int64_t k, const StridedMatrix& a,
          float a_scale, const StridedMatrix& b, const GemmEpilogue& epilogue,
          float* c, int64_t c_stride, std::byte* scratch, std::byte* columns,
          ThreadPool& pool) {
  if (m == 0 || n == 0) return;
  const int64_t width = CurrentTileShape().columns;
  float* const panels = reinterpret_cast<float*>(columns);
  pool.ParallelFor((n + width - 1) / width, [&](int64_t panel, int) {
    PackColumnPanel(b, panel * width, n, k, width, panels + panel * width * k);
  });
  GemmPacked(m, n, k, a, a_scale, panels, epilogue, c, c_stride,
             reinterpret_cast<float*>(scratch), pool);
}

}  // namespace hone
