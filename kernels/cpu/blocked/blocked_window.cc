#include "kernels/cpu/blocked/blocked_window.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/blocked/blocked_window.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());

// The taps [from, end) of one axis.
struct Taps {
  int64_t from, end;
};

// How a window's inputs come together; kPixels outputs side by side whose taps
// are the same.
struct Products {
  const float* w;  // [taps][kLanes]
  V start;

  HWY_INLINE V first() const { return start; }
  HWY_INLINE V weight(int64_t tap) const {
    return hn::LoadU(D(), w + tap * kLanes);
  }
  static HWY_INLINE V Join(V x, V weight, V sum) {
    return hn::MulAdd(x, weight, sum);
  }
};

struct Maxima {
  HWY_INLINE V first() const {
    return hn::Set(D(), -std::numeric_limits<float>::infinity());
  }
  HWY_INLINE V weight(int64_t /*tap*/) const { return hn::Zero(D()); }
  // The second operand is what the instruction returns for a NaN in the first.
  static HWY_INLINE V Join(V x, V /*weight*/, V most) {
    return hn::Max(x, most);
  }
};

struct Sums {
  HWY_INLINE V first() const { return hn::Zero(D()); }
  HWY_INLINE V weight(int64_t /*tap*/) const { return hn::Zero(D()); }
  static HWY_INLINE V Join(V x, V /*weight*/, V sum) { return hn::Add(x, sum); }
};

// x: where tap (0, 0) of the first pixel lies, in the image or not.
template <int kPixels, class Op>
HWY_INLINE void JoinWindow(const BlockedWindow& s, const Op& op, const float* x,
                           Taps rows, Taps columns, V* out) {
  const D d;
  const int64_t row = s.height.dilation * s.width.input * kLanes;
  const int64_t column = s.width.dilation * kLanes;
  const int64_t pixel = s.width.stride * kLanes;
  V joined[kPixels];
  HONE_UNROLL for (int i = 0; i < kPixels; ++i) joined[i] = op.first();
  for (int64_t h = rows.from; h < rows.end; ++h) {
    const float* from = x + h * row + columns.from * column;
    for (int64_t w = columns.from; w < columns.end; ++w) {
      const V weight = op.weight(h * s.width.kernel + w);
      HONE_UNROLL for (int i = 0; i < kPixels; ++i) {
        joined[i] = Op::Join(hn::LoadU(d, from + i * pixel), weight, joined[i]);
      }
      from += column;
    }
  }
  HONE_UNROLL for (int i = 0; i < kPixels; ++i) out[i] = joined[i];
}

// finish(vectors, pixels, first pixel, columns' taps) for the pixels of a row.
template <class Op, class Finish>
HWY_INLINE void JoinRow(const BlockedWindow& s, const Op& op, const float* x,
                        int64_t h, Taps rows, const Finish& finish) {
  constexpr int kMost = 8;
  const PoolAxis& axis = s.width;
  const float* const line = x + s.height.Start(h) * axis.input * kLanes;
  V out[kMost];
  for (int64_t w = 0; w < axis.output;) {
    const Taps taps = {axis.FirstTap(w), axis.EndTap(w)};
    int64_t same = 1;
    if (taps.from == 0 && taps.end == axis.kernel) {
      // From here to the last pixel whose window is inside.
      const int64_t reach = (axis.kernel - 1) * axis.dilation;
      const int64_t room = axis.input - 1 - reach - axis.Start(w);
      same = std::min(axis.output - w, room / axis.stride + 1);
    }
    const float* const from = line + axis.Start(w) * kLanes;
    if (same >= 8) {
      JoinWindow<8>(s, op, from, rows, taps, out);
      same = 8;
    } else if (same >= 4) {
      JoinWindow<4>(s, op, from, rows, taps, out);
      same = 4;
    } else if (same >= 2) {
      JoinWindow<2>(s, op, from, rows, taps, out);
      same = 2;
    } else {
      JoinWindow<1>(s, op, from, rows, taps, out);
      same = 1;
    }
    finish(out, same, w, taps);
    w += same;
  }
}

void DepthwisePlane(const BlockedWindow& s, const float* x, const float* w,
                    const float* bias, const float* residual,
                    const Activation& activation, float* y) {
  const D d;
  const Products op = {w, bias == nullptr ? hn::Zero(d) : hn::LoadU(d, bias)};
  const bool clamp = activation.kind == Activation::Kind::kClamp;
  const V low = hn::Set(d, activation.a);
  const V high = hn::Set(d, activation.b);
  for (int64_t h = 0; h < s.height.output; ++h) {
    const int64_t line = h * s.width.output * kLanes;
    JoinRow(s, op, x, h, {s.height.FirstTap(h), s.height.EndTap(h)},
            [&](const V* out, int64_t count, int64_t first, Taps /*taps*/) {
              const int64_t at = line + first * kLanes;
              for (int64_t i = 0; i < count; ++i) {
                V sum = out[i];
                if (residual != nullptr) {
                  sum = hn::Add(sum, hn::LoadU(d, residual + at + i * kLanes));
                }
                if (clamp) sum = ClampVector(d, sum, low, high);
                hn::StoreU(sum, d, y + at + i * kLanes);
              }
            });
    if (!activation.in_tile()) {
      ActivateRow(activation, y + line,
                  static_cast<size_t>(s.width.output * kLanes));
    }
  }
}

void MaxPlane(const BlockedWindow& s, const float* x, float* y) {
  const D d;
  for (int64_t h = 0; h < s.height.output; ++h) {
    JoinRow(s, Maxima(), x, h, {s.height.FirstTap(h), s.height.EndTap(h)},
            [&](const V* out, int64_t count, int64_t first, Taps /*taps*/) {
              float* const to = y + (h * s.width.output + first) * kLanes;
              for (int64_t i = 0; i < count; ++i) {
                hn::StoreU(out[i], d, to + i * kLanes);
              }
            });
  }
}

void AveragePlane(const BlockedWindow& s, bool count_include_pad,
                  const float* x, float* y) {
  const D d;
  for (int64_t h = 0; h < s.height.output; ++h) {
    const Taps rows = {s.height.FirstTap(h), s.height.EndTap(h)};
    JoinRow(
        s, Sums(), x, h, rows,
        [&](const V* out, int64_t count, int64_t first, Taps taps) {
          float* const to = y + (h * s.width.output + first) * kLanes;
          for (int64_t i = 0; i < count; ++i) {
            const int64_t elements =
                count_include_pad
                    ? s.height.PaddedTaps(h) * s.width.PaddedTaps(first + i)
                    : std::max<int64_t>(0, rows.end - rows.from) *
                          std::max<int64_t>(0, taps.end - taps.from);
            const V mean = hn::Div(
                out[i],
                hn::Set(d, static_cast<float>(std::max<int64_t>(1, elements))));
            hn::StoreU(mean, d, to + i * kLanes);
          }
        });
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(DepthwisePlane);
HWY_EXPORT(MaxPlane);
HWY_EXPORT(AveragePlane);

namespace {

constexpr int64_t kGrain = 1 << 14;  // floats worth a task

template <typename F>
void ForPlanes(const BlockedWindow& s, ThreadPool& pool, const F& plane) {
  const int64_t grain = std::max<int64_t>(
      1, kGrain / std::max<int64_t>(1, s.in_size() * ChannelBlock()));
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor((s.planes + grain - 1) / grain, [&](int64_t task, int) {
    const int64_t end = std::min(s.planes, (task + 1) * grain);
    for (int64_t p = task * grain; p < end; ++p) {
      if (cancel.requested()) return;
      plane(p, p * s.in_size() * ChannelBlock(),
            p * s.out_size() * ChannelBlock());
    }
  });
}

}  // namespace

BlockedFilters::BlockedFilters(const float* w, int64_t channels, int64_t taps)
    : blocks_(ChannelBlocks(channels)) {
  const int64_t lanes = ChannelBlock();
  const size_t floats = static_cast<size_t>(blocks_ * taps * lanes);
  bytes_ = floats * sizeof(float);
  data_ = hwy::AllocateAligned<float>(std::max<size_t>(1, floats));
  for (int64_t b = 0; b < blocks_; ++b) {
    for (int64_t t = 0; t < taps; ++t) {
      for (int64_t i = 0; i < lanes; ++i) {
        const int64_t c = b * lanes + i;
        data_[static_cast<size_t>((b * taps + t) * lanes + i)] =
            c < channels ? w[c * taps + t] : 0;
      }
    }
  }
}

void BlockedDepthwise(const BlockedWindow& window, const float* x,
                      const BlockedFilters& filters,
                      const ConvEpilogue& epilogue, float* y,
                      ThreadPool& pool) {
  const int64_t lanes = ChannelBlock();
  const int64_t taps = window.height.kernel * window.width.kernel;
  ForPlanes(window, pool, [&](int64_t p, int64_t in, int64_t out) {
    const int64_t b = p % filters.blocks();
    HWY_DYNAMIC_DISPATCH(DepthwisePlane)
    (window, x + in, filters.data() + b * taps * lanes,
     epilogue.bias == nullptr ? nullptr : epilogue.bias + b * lanes,
     epilogue.residual == nullptr ? nullptr : epilogue.residual + out,
     epilogue.activation, y + out);
  });
}

void BlockedPool(PoolOp op, bool count_include_pad, const BlockedWindow& window,
                 const float* x, float* y, ThreadPool& pool) {
  ForPlanes(window, pool, [&](int64_t /*p*/, int64_t in, int64_t out) {
    if (op == PoolOp::kMax) {
      HWY_DYNAMIC_DISPATCH(MaxPlane)(window, x + in, y + out);
    } else {
      HWY_DYNAMIC_DISPATCH(AveragePlane)
      (window, count_include_pad, x + in, y + out);
    }
  });
}

}  // namespace hone
#endif  // HWY_ONCE
