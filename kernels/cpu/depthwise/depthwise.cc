#include "kernels/cpu/depthwise/depthwise.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv/spread.h"
#include "kernels/cpu/conv/tap_layout.h"
#include "kernels/cpu/depthwise/depthwise_direct.h"
#include "kernels/cpu/depthwise/direct_plan.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/depthwise/depthwise.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/depthwise/finish-inl.h"
#include "kernels/cpu/gemm/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

struct Tile {
  const float* taps_of_weight;
  const int64_t* taps;
  size_t tap_count;
  float bias;
  float low;
  float high;
};

// out[j] = clamp(bias + sum_t w[t] * in[j + taps[t]]), kVectors vectors of j.
template <int kVectors>
HWY_INLINE void ComputeVectors(const Tile& t, const float* in, float* out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  using V = hn::Vec<decltype(d)>;
  V sum[kVectors];
  for (int v = 0; v < kVectors; ++v) sum[v] = hn::Set(d, t.bias);
  for (size_t k = 0; k < t.tap_count; ++k) {
    const V w = hn::Set(d, t.taps_of_weight[k]);
    const float* const from = in + t.taps[k];
    for (int v = 0; v < kVectors; ++v) {
      sum[v] = hn::MulAdd(w, hn::LoadU(d, from + v * lanes), sum[v]);
    }
  }
  const V low = hn::Set(d, t.low);
  const V high = hn::Set(d, t.high);
  for (int v = 0; v < kVectors; ++v) {
    hn::StoreU(ClampVector(d, sum[v], low, high), d, out + v * lanes);
  }
}

void ComputeRun(const Tile& t, const float* in, int64_t n, float* out) {
  const int64_t lanes =
      static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  int64_t j = 0;
  for (; j + 3 * lanes < n; j += 4 * lanes) {
    ComputeVectors<4>(t, in + j, out + j);
  }
  for (; j < n; j += lanes) ComputeVectors<1>(t, in + j, out + j);
}

// Rows of `width` out of rows `pitch` apart. Whole vectors are stored, and what
// they write past a row's end the next row overwrites; `room` floats may be
// written in all.
void GatherRows(const float* from, int64_t pitch, int64_t rows, int64_t width,
                int64_t room, float* y) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r) {
    const float* const row = from + r * pitch;
    float* const to = y + r * width;
    int64_t j = 0;
    for (; j < width && r * width + j + lanes <= room; j += lanes) {
      hn::StoreU(hn::LoadU(d, row + j), d, to + j);
    }
    for (; j < width; ++j) to[j] = row[j];
  }
}

void ComputePlane(const ConvShape& s, const TapLayout& layout, const float* x,
                  const Tile& tile, float* in, float* out, float* y) {
  for (int64_t first = 0; first < s.out[1]; first += layout.strip) {
    const int64_t rows = std::min(layout.strip, s.out[1] - first);
    SpreadPlane(s, layout, x, first, in);
    ComputeRun(tile, in, layout.Run(rows, s.out[2]), out);
    GatherRows(out, layout.pitch, rows, s.out[2], (s.out[1] - first) * s.out[2],
               y + first * s.out[2]);
  }
}

// Planes [begin, end) of y's batch * channels.
void ComputePlanes(const ConvShape& s, const TapLayout& layout, const float* x,
                   const float* w, const ConvEpilogue& epilogue, int64_t begin,
                   int64_t end, float* in, float* y) {
  const int64_t channels = s.groups * s.out_channels;
  const bool in_tile =
      epilogue.activation.in_tile() && epilogue.residual == nullptr;
  Tile tile;
  tile.taps = layout.taps.data();
  tile.tap_count = layout.taps.size();
  tile.low = -std::numeric_limits<float>::infinity();
  tile.high = std::numeric_limits<float>::infinity();
  if (in_tile && epilogue.activation.kind == Activation::Kind::kClamp) {
    tile.low = epilogue.activation.a;
    tile.high = epilogue.activation.b;
  }
  for (int64_t plane = begin; plane < end; ++plane) {
    const int64_t m = plane % channels;
    const int64_t at = plane * s.out_size();
    tile.taps_of_weight = w + m * s.depth();
    tile.bias = epilogue.bias == nullptr ? 0 : epilogue.bias[m];
    ComputePlane(s, layout, x + plane / s.out_channels * s.in_size(), tile, in,
                 in + layout.plane + TapLayout::kSlack, y + at);
    if (in_tile) continue;
    FinishPlane(epilogue.activation,
                epilogue.residual == nullptr ? nullptr : epilogue.residual + at,
                s.out_size(), y + at);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(ComputePlanes);

namespace {

// Multiply-adds worth a task.
constexpr int64_t kGrain = 1 << 16;

// A strip that the first-level cache holds.
constexpr int64_t kStripFloats = 6144;

int64_t Rounded(int64_t floats) { return (floats + 15) / 16 * 16; }

int64_t WorkerFloats(const TapLayout& layout) {
  return Rounded(layout.plane + layout.strip * layout.pitch +
                 2 * TapLayout::kSlack);
}

}  // namespace

bool IsDepthwise(const ConvShape& shape) {
  return shape.in_channels == 1 && shape.in[0] == 1 && shape.kernel[0] == 1 &&
         shape.out[0] == 1 && shape.pad_begin[0] == 0;
}

size_t DepthwiseScratchBytes(const ConvShape& shape, int threads) {
  const int64_t floats =
      DirectPlan::Applies(shape)
          ? Rounded(DirectPlan(shape, DirectLanes()).BufferSize())
          : WorkerFloats(TapLayout(shape, kStripFloats));
  return static_cast<size_t>(floats * threads) * sizeof(float);
}

void DepthwiseConv(const ConvShape& shape, const float* x, const float* w,
                   const ConvEpilogue& epilogue, float* y, std::byte* scratch,
                   ThreadPool& pool) {
  const int64_t planes = shape.batch * shape.groups * shape.out_channels;
  if (planes == 0 || shape.out_size() == 0) return;
  const int64_t take = std::max<int64_t>(
      1, kGrain / std::max<int64_t>(1, shape.out_size() * shape.depth()));
  const int64_t tasks = (planes + take - 1) / take;
  float* const buffers = reinterpret_cast<float*>(scratch);
  const CancelToken cancel = CancelToken::Current();
  if (DirectPlan::Applies(shape)) {
    const DirectPlan plan(shape, DirectLanes());
    const int64_t floats = Rounded(plan.BufferSize());
    pool.ParallelFor(tasks, [&](int64_t task, int worker) {
      if (cancel.requested()) return;
      DepthwiseDirect(shape, plan, x, w, epilogue, task * take,
                      std::min(planes, (task + 1) * take),
                      buffers + worker * floats, y);
    });
    return;
  }
  const TapLayout layout(shape, kStripFloats);
  const int64_t floats = WorkerFloats(layout);
  pool.ParallelFor(tasks, [&](int64_t task, int worker) {
    if (cancel.requested()) return;
    HWY_DYNAMIC_DISPATCH(ComputePlanes)
    (shape, layout, x, w, epilogue, task * take,
     std::min(planes, (task + 1) * take), buffers + worker * floats, y);
  });
}

}  // namespace hone
#endif  // HWY_ONCE
