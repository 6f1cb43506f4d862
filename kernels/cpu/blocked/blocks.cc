#include "kernels/cpu/blocked/blocks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/threads/thread_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/blocked/blocks.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr int64_t kLanes = hn::MaxLanes(hn::ScalableTag<float>());

int64_t Block() { return kLanes; }

// to[j * to_row + i] = from[i * from_row + j], i and j < 4.
HWY_INLINE void Turn4x4(const float* from, int64_t from_row, float* to,
                        int64_t to_row) {
  const hn::CappedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> d64;
  const auto a = hn::LoadU(d, from);
  const auto b = hn::LoadU(d, from + from_row);
  const auto c = hn::LoadU(d, from + 2 * from_row);
  const auto e = hn::LoadU(d, from + 3 * from_row);
  const auto ab0 = hn::BitCast(d64, hn::InterleaveLower(d, a, b));
  const auto ab1 = hn::BitCast(d64, hn::InterleaveUpper(d, a, b));
  const auto ce0 = hn::BitCast(d64, hn::InterleaveLower(d, c, e));
  const auto ce1 = hn::BitCast(d64, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, ab0, ce0)), d, to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, ab0, ce0)), d,
             to + to_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, ab1, ce1)), d,
             to + 2 * to_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, ab1, ce1)), d,
             to + 3 * to_row);
}

// One block of `channels` channels, [channels][pixels] to [pixels][kLanes].
void ToBlock(const float* x, int64_t channels, int64_t pixels, float* y) {
  int64_t p = 0;
  for (; p + 4 <= pixels; p += 4) {
    int64_t c = 0;
    for (; c + 4 <= channels; c += 4) {
      Turn4x4(x + c * pixels + p, pixels, y + p * kLanes + c, kLanes);
    }
    for (; c < kLanes; ++c) {
      for (int64_t i = p; i < p + 4; ++i) {
        y[i * kLanes + c] = c < channels ? x[c * pixels + i] : 0;
      }
    }
  }
  for (; p < pixels; ++p) {
    for (int64_t c = 0; c < kLanes; ++c) {
      y[p * kLanes + c] = c < channels ? x[c * pixels + p] : 0;
    }
  }
}

void FromBlock(const float* x, int64_t channels, int64_t pixels, float* y) {
  int64_t p = 0;
  for (; p + 4 <= pixels; p += 4) {
    int64_t c = 0;
    for (; c + 4 <= channels; c += 4) {
      Turn4x4(x + p * kLanes + c, kLanes, y + c * pixels + p, pixels);
    }
    for (; c < channels; ++c) {
      for (int64_t i = p; i < p + 4; ++i) y[c * pixels + i] = x[i * kLanes + c];
    }
  }
  for (; p < pixels; ++p) {
    for (int64_t c = 0; c < channels; ++c) {
      y[c * pixels + p] = x[p * kLanes + c];
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Block);
HWY_EXPORT(ToBlock);
HWY_EXPORT(FromBlock);

namespace {

constexpr int64_t kGrain = 1 << 14;  // floats worth a task

// do_block(plain offset, channels, blocked offset) for every block.
template <typename F>
void ForBlocks(int64_t batch, int64_t channels, int64_t pixels,
               ThreadPool& pool, const F& do_block) {
  const int64_t lanes = ChannelBlock();
  const int64_t blocks = ChannelBlocks(channels);
  const int64_t grain =
      std::max<int64_t>(1, kGrain / std::max<int64_t>(1, lanes * pixels));
  const int64_t all = batch * blocks;
  pool.ParallelFor((all + grain - 1) / grain, [&](int64_t task, int) {
    const int64_t end = std::min(all, (task + 1) * grain);
    for (int64_t i = task * grain; i < end; ++i) {
      const int64_t first = i % blocks * lanes;
      do_block((i / blocks * channels + first) * pixels,
               std::min(lanes, channels - first), i * lanes * pixels);
    }
  });
}

}  // namespace

int64_t ChannelBlock() { return HWY_DYNAMIC_DISPATCH(Block)(); }

void BlockChannels(const float* x, int64_t batch, int64_t channels,
                   int64_t pixels, float* y, ThreadPool& pool) {
  ForBlocks(batch, channels, pixels, pool,
            [&](int64_t plain, int64_t in_block, int64_t blocked) {
              HWY_DYNAMIC_DISPATCH(ToBlock)
              (x + plain, in_block, pixels, y + blocked);
            });
}

void UnblockChannels(const float* x, int64_t batch, int64_t channels,
                     int64_t pixels, float* y, ThreadPool& pool) {
  ForBlocks(batch, channels, pixels, pool,
            [&](int64_t plain, int64_t in_block, int64_t blocked) {
              HWY_DYNAMIC_DISPATCH(FromBlock)
              (x + blocked, in_block, pixels, y + plain);
            });
}

}  // namespace hone
#endif  // HWY_ONCE
