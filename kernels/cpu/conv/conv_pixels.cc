#include "kernels/cpu/conv/conv_pixels.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/conv_taps.h"
#include "kernels/cpu/conv/pixel_product.h"
#include "kernels/cpu/conv/spread.h"
#include "kernels/cpu/conv/tap_layout.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr int64_t kTaskWork = 1 << 20;  // multiply-adds worth a task
constexpr int64_t kTasks = 16;
constexpr int64_t kSpreadGrain = 1 << 14;
constexpr int64_t kWholeImages = 8;
constexpr int64_t kNoTap = 0;  // where a pointwise convolution reads

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

// What is read where it is, as one row.
bool IsPointwise(const ConvShape& s) {
  return Volume(s.kernel) == 1 && Volume(s.stride) == 1 && s.in == s.out &&
         s.pad_begin == Spatial{0, 0, 0};
}

int64_t ImageFloats(const ConvShape& s) {
  if (IsPointwise(s)) return 0;
  const TapLayout layout(s, TapLayout::kWholePlane);
  return CeilDiv(s.groups * s.in_channels * layout.plane + TapLayout::kSlack,
                 16) *
         16;
}

// The part of a PixelProduct that is the same for every image and group.
PixelProduct ProductOf(const ConvShape& s, const TapLayout& layout) {
  PixelProduct p;
  const int64_t max_rows = CurrentTileShape().rows;
  p.channels = s.in_channels;
  p.out_channels = s.out_channels;
  p.out_size = s.out_size();
  if (IsPointwise(s)) {
    p.plane = s.in_size();
    p.taps = &kNoTap;
    p.tap_count = 1;
    p.runs = RowPanels(s.out_size(), max_rows);
  } else {
    p.plane = layout.plane;
    p.taps = layout.taps.data();
    p.tap_count = static_cast<int64_t>(layout.taps.size());
    p.pitch = layout.pitch;
    p.runs = RowPanels(s.out[2], max_rows);
  }
  return p;
}

void ConvImage(const ConvShape& s, const TapLayout& layout, const float* x,
               const PixelWeights& w, const ConvEpilogue& epilogue, float* y,
               float* planes, float* buffers, ThreadPool& pool) {
  PixelProduct product = ProductOf(s, layout);
  product.activation = epilogue.activation;
  const CancelToken cancel = CancelToken::Current();
  if (IsPointwise(s)) {
    product.x = x;
  } else {
    product.x = planes;
    const int64_t channels = s.groups * s.in_channels;
    const int64_t grain = std::max<int64_t>(1, kSpreadGrain / layout.plane);
    pool.ParallelFor(CeilDiv(channels, grain), [&](int64_t task, int) {
      const int64_t end = std::min(channels, (task + 1) * grain);
      for (int64_t c = task * grain; c < end; ++c) {
        if (cancel.requested()) return;
        SpreadPlane(s, layout, x + c * s.in_size(), 0,
                    planes + c * layout.plane);
      }
    });
  }

  const int64_t runs =
      product.runs.count() * s.out_size() / product.runs.rows();
  const int64_t panels = CeilDiv(s.out_channels, CurrentTileShape().columns);
  const int64_t work = s.groups * s.out_channels * s.depth() * s.out_size();
  const int64_t tasks =
      CeilDiv(std::clamp<int64_t>(work / kTaskWork, 1, kTasks), s.groups);
  // Few pixels take panels by twos. Runs share the weights that they pass over,
  // so they are divided only where panels are few.
  const int64_t together =
      product.runs.Rows(0) <= CurrentTileShape().rows / 2 ? 2 : 1;
  const int64_t take_panels =
      std::min(panels, CeilDiv(CeilDiv(panels, tasks), together) * together);
  const int64_t by_panels = CeilDiv(panels, take_panels);
  const int64_t take_runs =
      std::min(kPixelRuns, CeilDiv(runs, CeilDiv(tasks, 2 * by_panels)));
  const int64_t by_runs = CeilDiv(runs, take_runs);
  pool.ParallelFor(
      s.groups * by_panels * by_runs, [&](int64_t task, int worker) {
        if (cancel.requested()) return;
        const int64_t run = task % by_runs * take_runs;
        const int64_t panel = task / by_runs % by_panels * take_panels;
        const int64_t group = task / by_runs / by_panels;
        const int64_t channel = group * s.out_channels;
        PixelProduct own = product;
        own.x += group * s.in_channels * product.plane;
        own.w = w.data(group);
        own.y = y + channel * s.out_size();
        if (epilogue.residual != nullptr) {
          own.residual = epilogue.residual + channel * s.out_size();
        }
        if (epilogue.bias != nullptr) own.bias = epilogue.bias + channel;
        MultiplyPixels(own, run, std::min(runs, run + take_runs), panel,
                       std::min(panels, panel + take_panels),
                       buffers + worker * PixelBufferSize());
      });
}

}  // namespace

PixelWeights::PixelWeights(const float* w, int64_t groups, int64_t out_channels,
                           int64_t depth) {
  groups_.reserve(static_cast<size_t>(groups));
  for (int64_t g = 0; g < groups; ++g) {
    groups_.emplace_back(StridedMatrix{w + g * out_channels * depth, 1, depth},
                         depth, out_channels);
  }
}

size_t PixelWeights::bytes() const {
  size_t bytes = 0;
  for (const PackedColumns& group : groups_) bytes += group.bytes();
  return bytes;
}

bool ConvPixelsApplies(const ConvShape& s) {
  return s.in[0] == 1 && s.kernel[0] == 1 && s.out[0] == 1 &&
         s.pad_begin[0] == 0;
}

bool ConvPixelsPays(const ConvShape& s) {
  if (s.out_size() == 0 || s.depth() == 0) return false;
  const TileShape tile = CurrentTileShape();
  const double lanes = static_cast<double>(tile.columns) / 2;
  const double outputs = static_cast<double>(s.out_size());
  const double used = outputs / (ConvVectors(s) * lanes);
  const double padded =
      static_cast<double>(CeilDiv(s.out_channels, tile.columns) * tile.columns);
  // Turning a tile takes as long as this many of its products.
  constexpr double kTurn = 16;
  const double depth = static_cast<double>(s.depth());
  const double used_here =
      static_cast<double>(s.out_channels) / padded * depth / (depth + kTurn);
  return used_here > 1.02 * used;
}

size_t ConvPixelsScratchBytes(const ConvShape& s, int threads) {
  const int64_t images = s.batch >= kWholeImages ? threads : 1;
  return static_cast<size_t>(images * ImageFloats(s) +
                             threads * PixelBufferSize()) *
         sizeof(float);
}

void ConvPixels(const ConvShape& s, const float* x, const PixelWeights& w,
                const ConvEpilogue& epilogue, float* y, std::byte* scratch,
                ThreadPool& pool) {
  if (s.batch * s.groups * s.out_channels * s.out_size() == 0) return;
  const TapLayout layout(s, TapLayout::kWholePlane);
  const int64_t in = s.groups * s.in_channels * s.in_size();
  const int64_t out = s.groups * s.out_channels * s.out_size();
  const int64_t floats = ImageFloats(s);
  float* const buffers = reinterpret_cast<float*>(scratch);
  float* const planes = buffers + pool.threads() * PixelBufferSize();
  const CancelToken cancel = CancelToken::Current();
  const auto image = [&](int64_t n, int worker) {
    const CancelScope scope(cancel);
    ConvEpilogue own = epilogue;
    if (own.residual != nullptr) own.residual += n * out;
    ConvImage(s, layout, x + n * in, w, own, y + n * out,
              planes + worker * floats, buffers, pool);
  };
  if (s.batch >= kWholeImages) {
    pool.ParallelFor(s.batch, image);
  } else {
    for (int64_t n = 0; n < s.batch; ++n) image(n, 0);
  }
}

}  // namespace hone
