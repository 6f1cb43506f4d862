#include "kernels/cpu/conv/conv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/conv_taps.h"
#include "kernels/cpu/conv/patches.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Patches of this depth, one panel wide, stay in the first-level cache while
// the weights, which stay in the second, pass by.
constexpr int64_t kDepth = 256;
constexpr int64_t kMaxPanels = 4;
// Multiply-adds that make a task worth handing out, and tasks enough to share
// evenly among a few threads.
constexpr int64_t kTaskWork = 1 << 20;
constexpr int64_t kTasks = 16;

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

// How the columns are cut; a function of the extents alone. A block is gathered
// at a time, a task computes several.
struct Cut {
  int64_t block;    // columns gathered together
  int64_t blocks;   // of an image and group
  int64_t in_task;  // blocks
};

Cut CutOf(const ConvShape& s, int64_t width) {
  const int64_t images = s.batch * s.groups;
  const int64_t work = images * s.out_channels * s.depth() * s.out_size();
  const int64_t tasks = std::clamp<int64_t>(work / kTaskWork, 1, kTasks);
  const int64_t panels = CeilDiv(s.out_size(), width);
  int64_t take = kMaxPanels;
  while (take > 1 && images * CeilDiv(panels, take) < tasks) take /= 2;
  const int64_t blocks = CeilDiv(panels, take);
  return {take * width, blocks, CeilDiv(images * blocks, tasks)};
}

// Weights times patches that are gathered block by block.
void ConvPatches(const ConvShape& shape, const float* x, const PackedRows& w,
                 const ConvEpilogue& epilogue, float* y, float* buffers,
                 ThreadPool& pool) {
  const int64_t width = CurrentTileShape().columns;
  const int64_t size = shape.out_size();
  const int64_t depth = shape.depth();
  const Cut cut = CutOf(shape, width);
  const auto compute = [&](int64_t image, int64_t j, float* patches) {
    const int64_t group = image % shape.groups;
    const float* const from = x + image * shape.in_channels * shape.in_size();
    PanelProduct product;
    product.panels = w.panels();
    product.panel_end = product.panels.count();
    product.a = w.data(group);
    product.a_depth = depth;
    product.b = patches;
    product.b_row = width;
    product.columns = std::min(cut.block, size - j);
    const int64_t at = image * shape.out_channels * size + j;
    product.c = y + at;
    product.c_stride = size;
    if (epilogue.residual != nullptr) {
      product.initial = epilogue.residual + at;
      product.initial_stride = size;
    }
    if (epilogue.bias != nullptr) {
      product.row_bias = epilogue.bias + group * shape.out_channels;
    }
    for (int64_t k = 0; k == 0 || k < depth; k += kDepth) {
      product.depth = std::min(kDepth, depth - k);
      product.k_begin = k;
      product.b_panel = width * product.depth;
      PackPatches(shape, from, k, product.depth, j, product.columns, width,
                  patches);
      if (k > 0) {
        product.initial = product.c;
        product.initial_stride = size;
        product.row_bias = nullptr;
      }
      if (k + kDepth >= depth) product.activation = epilogue.activation;
      MultiplyPanels(product);
    }
  };
  // (n, group, block), the block changing fastest.
  const int64_t all = shape.batch * shape.groups * cut.blocks;
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor(CeilDiv(all, cut.in_task), [&](int64_t task, int worker) {
    const int64_t end = std::min(all, (task + 1) * cut.in_task);
    for (int64_t i = task * cut.in_task; i < end; ++i) {
      if (cancel.requested()) return;
      compute(i / cut.blocks, i % cut.blocks * cut.block,
              buffers + worker * kMaxPanels * width * kDepth);
    }
  });
}

}  // namespace

size_t ConvScratchBytes(const ConvShape& shape, int threads) {
  if (ConvTapsPays(shape)) return ConvTapsScratchBytes(shape, threads);
  const int64_t width = CurrentTileShape().columns;
  return static_cast<size_t>(threads * kMaxPanels * width * kDepth) *
         sizeof(float);
}

void Conv(const ConvShape& shape, const float* x, const PackedRows& w,
          const ConvEpilogue& epilogue, float* y, std::byte* scratch,
          ThreadPool& pool) {
  if (shape.batch * shape.groups * shape.out_channels * shape.out_size() == 0) {
    return;
  }
  float* const buffers = reinterpret_cast<float*>(scratch);
  if (ConvTapsPays(shape)) {
    ConvTaps(shape, x, w, epilogue, y, buffers, pool);
  } else {
    ConvPatches(shape, x, w, epilogue, y, buffers, pool);
  }
}

}  // namespace hone
