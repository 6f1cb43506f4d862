#include "kernels/cpu/conv/conv_taps.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/spread.h"
#include "kernels/cpu/conv/tap_layout.h"
#include "kernels/cpu/conv/tap_product.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// Multiply-adds that make a task worth handing out, and tasks enough to share
// evenly among a few threads.
constexpr int64_t kTaskWork = 1 << 20;
constexpr int64_t kTasks = 16;
// Elements of planes worth a task.
constexpr int64_t kSpreadGrain = 1 << 14;
// Up to this depth the taps of all channels are one list: one loop to enter and
// to leave instead of one a channel.
constexpr int64_t kFlatDepth = 768;
// Products between two looks at whether the run was cancelled: some 10 ms.
constexpr int64_t kPieceWork = int64_t{1} << 28;
// From this many images on, each is one task.
constexpr int64_t kWholeImages = 8;

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

ColumnTiles TilesOf(const ConvShape& s, const TapLayout& layout) {
  return ColumnTiles(layout.pitch, s.out[1], s.out[2],
                     CurrentTileShape().columns);
}

int64_t ImageFloats(const ConvShape& s, const TapLayout& layout) {
  const int64_t floats =
      s.groups * s.in_channels * layout.plane + TapLayout::kSlack;
  return CeilDiv(floats, 16) * 16;
}

// How one group's product is cut into tasks; a function of extents alone. The
// larger operand is divided first, so that it is read once.
struct Cut {
  int64_t panels;  // of rows, in a task
  int64_t tiles;   // of columns
};

Cut CutOf(const ConvShape& s, const TapLayout& layout, int64_t panels,
          int64_t tiles) {
  const int64_t work = s.groups * s.out_channels * s.depth() * s.out_size();
  const int64_t tasks =
      CeilDiv(std::clamp<int64_t>(work / kTaskWork, 1, kTasks), s.groups);
  const bool weights_first =
      s.out_channels * s.depth() >= s.in_channels * layout.plane;
  int64_t of_panels, of_tiles;
  if (weights_first) {
    of_panels = std::min(panels, tasks);
    of_tiles = std::min(tiles, CeilDiv(tasks, of_panels));
  } else {
    of_tiles = std::min(tiles, tasks);
    of_panels = std::min(panels, CeilDiv(tasks, of_tiles));
  }
  return {CeilDiv(panels, of_panels), CeilDiv(tiles, of_tiles)};
}

void ConvImage(const ConvShape& s, const TapLayout& layout, const float* x,
               const PackedRows& w, const ConvEpilogue& epilogue, float* y,
               float* planes, ThreadPool& pool) {
  const int64_t channels = s.groups * s.in_channels;
  const int64_t grain =
      std::max<int64_t>(1, kSpreadGrain / std::max<int64_t>(layout.plane, 1));
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor(CeilDiv(channels, grain), [&](int64_t task, int) {
    const int64_t end = std::min(channels, (task + 1) * grain);
    for (int64_t c = task * grain; c < end; ++c) {
      if (cancel.requested()) return;
      SpreadPlane(s, layout, x + c * s.in_size(), 0, planes + c * layout.plane);
    }
  });

  TapProduct product;
  product.panels = w.panels();
  product.channels = s.in_channels;
  product.plane = layout.plane;
  product.taps = layout.taps.data();
  product.tap_count = static_cast<int64_t>(layout.taps.size());
  std::vector<int64_t> flat;
  if (s.depth() <= kFlatDepth) {
    flat.reserve(static_cast<size_t>(s.depth()));
    for (int64_t c = 0; c < s.in_channels; ++c) {
      for (int64_t tap : layout.taps) flat.push_back(c * layout.plane + tap);
    }
    product.channels = 1;
    product.taps = flat.data();
    product.tap_count = s.depth();
  }
  product.pitch = layout.pitch;
  product.out_height = s.out[1];
  product.out_width = s.out[2];
  product.activation = epilogue.activation;
  const ColumnTiles tiles = TilesOf(s, layout);
  const int64_t panels = product.panels.count();
  const Cut cut = CutOf(s, layout, panels, tiles.count());
  const int64_t by_panels = CeilDiv(panels, cut.panels);
  const int64_t by_tiles = CeilDiv(tiles.count(), cut.tiles);
  const TileShape shape = CurrentTileShape();
  const int64_t piece = std::max<int64_t>(
      1, kPieceWork / (cut.panels * shape.rows * shape.columns *
                       std::max<int64_t>(1, s.depth())));
  pool.ParallelFor(s.groups * by_panels * by_tiles, [&](int64_t task, int) {
    const int64_t tile = task % by_tiles * cut.tiles;
    const int64_t panel = task / by_tiles % by_panels * cut.panels;
    const int64_t group = task / by_tiles / by_panels;
    const int64_t channel = group * s.out_channels;
    TapProduct own = product;
    own.a = w.data(group);
    own.b = planes + group * s.in_channels * layout.plane;
    own.y = y + channel * s.out_size();
    if (epilogue.residual != nullptr) {
      own.residual = epilogue.residual + channel * s.out_size();
    }
    if (epilogue.bias != nullptr) own.bias = epilogue.bias + channel;
    const int64_t last = std::min(tiles.count(), tile + cut.tiles);
    for (int64_t from = tile; from < last; from += piece) {
      if (cancel.requested()) return;
      MultiplyTaps(own, tiles, panel, std::min(panels, panel + cut.panels),
                   from, std::min(last, from + piece));
    }
  });
}

// Vectors of positions that one channel of an image takes, with and without
// those between rows.
int64_t TapVectors(const ConvShape& s) {
  return TilesOf(s, TapLayout(s, TapLayout::kWholePlane)).vectors();
}

int64_t DenseVectors(const ConvShape& s) {
  return CeilDiv(s.out_size(), CurrentTileShape().columns / 2);
}

}  // namespace

int64_t ConvVectors(const ConvShape& s) {
  return ConvTapsPays(s) ? TapVectors(s) : DenseVectors(s);
}

bool ConvTapsPays(const ConvShape& s) {
  if (s.in[0] != 1 || s.kernel[0] != 1 || s.out[0] != 1 ||
      s.pad_begin[0] != 0) {
    return false;
  }
  if (Volume(s.kernel) == 1 && Volume(s.stride) == 1 && s.in == s.out) {
    return false;
  }
  const int64_t dense = DenseVectors(s);
  return TapVectors(s) <= dense + dense / 3 + 1;
}

size_t ConvTapsScratchBytes(const ConvShape& s, int threads) {
  const TapLayout layout(s, TapLayout::kWholePlane);
  const int64_t images = s.batch >= kWholeImages ? threads : 1;
  return static_cast<size_t>(images * ImageFloats(s, layout)) * sizeof(float);
}

void ConvTaps(const ConvShape& s, const float* x, const PackedRows& w,
              const ConvEpilogue& epilogue, float* y, float* scratch,
              ThreadPool& pool) {
  const TapLayout layout(s, TapLayout::kWholePlane);
  const int64_t in = s.groups * s.in_channels * s.in_size();
  const int64_t out = s.groups * s.out_channels * s.out_size();
  const int64_t floats = ImageFloats(s, layout);
  const CancelToken cancel = CancelToken::Current();
  const auto image = [&](int64_t n, int worker) {
    const CancelScope scope(cancel);
    ConvEpilogue own = epilogue;
    if (own.residual != nullptr) own.residual += n * out;
    ConvImage(s, layout, x + n * in, w, own, y + n * out,
              scratch + worker * floats, pool);
  };
  if (s.batch >= kWholeImages) {
    pool.ParallelFor(s.batch, image);
  } else {
    for (int64_t n = 0; n < s.batch; ++n) image(n, 0);
  }
}

}  // namespace hone
