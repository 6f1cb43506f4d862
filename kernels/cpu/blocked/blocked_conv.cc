#include "kernels/cpu/blocked/blocked_conv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/blocked/blocked_product.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/spread.h"
#include "kernels/cpu/conv/tap_layout.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr int64_t kTaskWork = 1 << 20;  // multiply-adds worth a task
constexpr int64_t kTasks = 16;
constexpr int64_t kSpreadGrain = 1 << 14;
// Products between two looks at whether the run was cancelled: some 10 ms.
constexpr int64_t kPieceWork = int64_t{1} << 28;
// From this many images on, each is one task.
constexpr int64_t kWholeImages = 8;
constexpr BlockedTap kOneTap;  // of a pointwise convolution

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

// What is read where it is, as one row.
bool IsPointwise(const ConvShape& s) {
  return Volume(s.kernel) == 1 && Volume(s.stride) == 1 && s.in == s.out &&
         s.pad_begin == Spatial{0, 0, 0};
}

// The outputs along an axis that meet tap k inside the image.
struct Met {
  int64_t begin, end;
};

Met Outputs(const ConvShape& s, size_t axis, int64_t k) {
  const int64_t start = k * s.dilation[axis] - s.pad_begin[axis];
  const int64_t stride = s.stride[axis];
  const int64_t begin = start >= 0 ? 0 : CeilDiv(-start, stride);
  const int64_t end =
      start >= s.in[axis] ? 0 : (s.in[axis] - 1 - start) / stride + 1;
  return {begin, end};
}

// The planes of one image arranged by taps (tap_layout.h), of pixels of `step`
// floats.
struct Arrangement {
  Arrangement(const ConvShape& s, bool blocked)
      : step(blocked ? ChannelBlock() : 1),
        planes(blocked ? ChannelBlocks(s.in_channels) : s.in_channels),
        layout(s, TapLayout::kWholePlane) {
    for (size_t t = 0; t < layout.taps.size(); ++t) {
      const int64_t kernel_w = s.kernel[2];
      const Met h = Outputs(s, 1, static_cast<int64_t>(t) / kernel_w);
      const Met w = Outputs(s, 2, static_cast<int64_t>(t) % kernel_w);
      taps.push_back({layout.taps[t] * step, h.begin, h.end, w.begin, w.end});
    }
  }

  int64_t floats(const ConvShape& s) const {
    if (IsPointwise(s)) return 0;
    return CeilDiv(planes * layout.plane * step + TapLayout::kSlack, 16) * 16;
  }

  int64_t step;
  int64_t planes;
  TapLayout layout;
  std::vector<BlockedTap> taps;
};

// SpreadPlane of pixels that are blocks.
void SpreadBlocks(const ConvShape& s, const Arrangement& a, const float* x,
                  float* out) {
  const TapLayout& layout = a.layout;
  const int64_t block = a.step;
  const int64_t stride_w = s.stride[2];
  for (size_t phase = 0; phase < layout.used.size(); ++phase) {
    if (!layout.used[phase]) continue;
    const int64_t phase_h = static_cast<int64_t>(phase) / stride_w;
    const int64_t phase_w = static_cast<int64_t>(phase) % stride_w;
    float* to = out + static_cast<int64_t>(phase) * layout.phase * block;
    // Columns [first, end) of the phase lie in the image.
    const int64_t begin = phase_w - s.pad_begin[2];
    const int64_t first =
        std::min(layout.pitch, begin >= 0 ? 0 : CeilDiv(-begin, stride_w));
    const int64_t end = std::clamp<int64_t>(CeilDiv(s.in[2] - begin, stride_w),
                                            first, layout.pitch);
    for (int64_t row = 0; row < layout.rows; ++row) {
      const int64_t h = row * s.stride[1] + phase_h - s.pad_begin[1];
      if (h < 0 || h >= s.in[1] || first == end) {
        std::fill_n(to, layout.pitch * block, 0.0f);
        to += layout.pitch * block;
        continue;
      }
      to = std::fill_n(to, first * block, 0.0f);
      const float* from = x + (h * s.in[2] + first * stride_w + begin) * block;
      if (stride_w == 1) {
        to = std::copy_n(from, (end - first) * block, to);
      } else {
        for (int64_t i = first; i < end; ++i) {
          to = std::copy_n(from, block, to);
          from += stride_w * block;
        }
      }
      to = std::fill_n(to, (layout.pitch - end) * block, 0.0f);
    }
  }
}

void ConvImage(const ConvShape& s, const Arrangement& a, const float* x,
               bool blocked_input, const BlockedWeights& w,
               const ConvEpilogue& epilogue, float* y, float* planes,
               ThreadPool& pool) {
  const CancelToken cancel = CancelToken::Current();
  const TileShape tile = CurrentTileShape();
  BlockedProduct p;
  p.blocked_input = blocked_input;
  p.planes = a.planes;
  p.w = w.data();
  p.out_blocks = w.out_blocks();
  p.y = y;
  p.y_plane = s.out_size() * ChannelBlock();
  p.bias = epilogue.bias;
  p.residual = epilogue.residual;
  p.activation = epilogue.activation;
  if (IsPointwise(s)) {
    p.x = x;
    p.x_plane = s.in_size() * a.step;
    p.taps = &kOneTap;
    p.tap_count = 1;
    p.runs = RowPanels(s.out_size(), tile.rows);
    p.rows = 1;
  } else {
    const int64_t plane = a.layout.plane * a.step;
    const int64_t grain = std::max<int64_t>(1, kSpreadGrain / plane);
    pool.ParallelFor(CeilDiv(a.planes, grain), [&](int64_t task, int) {
      const int64_t end = std::min(a.planes, (task + 1) * grain);
      for (int64_t c = task * grain; c < end; ++c) {
        if (cancel.requested()) return;
        const float* const from = x + c * s.in_size() * a.step;
        if (blocked_input) {
          SpreadBlocks(s, a, from, planes + c * plane);
        } else {
          SpreadPlane(s, a.layout, from, 0, planes + c * plane);
        }
      }
    });
    p.x = planes;
    p.x_plane = plane;
    p.taps = a.taps.data();
    p.tap_count = static_cast<int64_t>(a.taps.size());
    p.pitch = a.layout.pitch * a.step;
    p.runs = RowPanels(s.out[2], tile.rows);
    p.rows = s.out[1];
  }

  const int64_t runs = p.run_count();
  const int64_t panels = BlockedPanels(w.out_blocks());
  const int64_t work = s.out_channels * s.depth() * s.out_size();
  const int64_t tasks = std::clamp<int64_t>(work / kTaskWork, 1, kTasks);
  // Runs are divided first where the image is the larger operand, so that it
  // is read once.
  const bool weights_first = w.depth() * s.out_channels >= a.planes * p.x_plane;
  int64_t by_panels = 1, by_runs = 1;
  if (weights_first) {
    by_panels = std::min(panels, tasks);
    by_runs = std::min(runs, CeilDiv(tasks, by_panels));
  } else {
    by_runs = std::min(runs, tasks);
    by_panels = std::min(panels, CeilDiv(tasks, by_runs));
  }
  const int64_t take_panels = CeilDiv(panels, by_panels);
  const int64_t take_runs = CeilDiv(runs, by_runs);
  by_panels = CeilDiv(panels, take_panels);
  by_runs = CeilDiv(runs, take_runs);
  const int64_t piece = std::max<int64_t>(
      1, kPieceWork / (take_panels * tile.rows * tile.columns *
                       std::max<int64_t>(1, w.depth())));
  pool.ParallelFor(by_panels * by_runs, [&](int64_t task, int) {
    const int64_t panel = task / by_runs * take_panels;
    const int64_t begin = task % by_runs * take_runs;
    const int64_t end = std::min(runs, begin + take_runs);
    for (int64_t run = begin; run < end; run += piece) {
      if (cancel.requested()) return;
      MultiplyBlocked(p, run, std::min(end, run + piece), panel,
                      std::min(panels, panel + take_panels));
    }
  });
}

}  // namespace

bool BlockedConvApplies(const ConvShape& s) {
  return s.groups == 1 && s.in[0] == 1 && s.kernel[0] == 1 && s.out[0] == 1 &&
         s.pad_begin[0] == 0;
}

size_t BlockedConvScratchBytes(const ConvShape& s, bool blocked_input,
                               int threads) {
  const int64_t images = s.batch >= kWholeImages ? threads : 1;
  return static_cast<size_t>(images * Arrangement(s, blocked_input).floats(s)) *
         sizeof(float);
}

void BlockedConv(const ConvShape& s, const float* x, bool blocked_input,
                 const BlockedWeights& w, const ConvEpilogue& epilogue,
                 float* y, std::byte* scratch, ThreadPool& pool) {
  if (s.batch * s.out_channels * s.out_size() == 0) return;
  const Arrangement a(s, blocked_input);
  const int64_t floats = a.floats(s);
  const int64_t in = a.planes * a.step * s.in_size();
  const int64_t out = w.out_blocks() * ChannelBlock() * s.out_size();
  float* const planes = reinterpret_cast<float*>(scratch);
  const CancelToken cancel = CancelToken::Current();
  const auto image = [&](int64_t n, int worker) {
    const CancelScope scope(cancel);
    ConvEpilogue own = epilogue;
    if (own.residual != nullptr) own.residual += n * out;
    ConvImage(s, a, x + n * in, blocked_input, w, own, y + n * out,
              planes + worker * floats, pool);
  };
  if (s.batch >= kWholeImages) {
    pool.ParallelFor(s.batch, image);
  } else {
    for (int64_t n = 0; n < s.batch; ++n) image(n, 0);
  }
}

}  // namespace hone
