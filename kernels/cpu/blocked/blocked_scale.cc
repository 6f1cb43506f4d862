#include "kernels/cpu/blocked/blocked_scale.h"

#include <algorithm>
#include <cstdint>

#include "kernels/cpu/blocked/blocks.h"
#include "kernels/threads/cancel_scope.h"
#include "kernels/threads/thread_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/blocked/blocked_scale.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void ScalePlane(const float* x, const float* scale, int64_t pixels, float* y) {
  const hn::ScalableTag<float> d;
  constexpr int64_t kLanes = hn::MaxLanes(d);
  const auto factor = hn::LoadU(d, scale);
  for (int64_t i = 0; i < pixels * kLanes; i += kLanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + i), factor), d, y + i);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(ScalePlane);

void BlockedScale(const float* x, const float* scale, int64_t planes,
                  int64_t pixels, float* y, ThreadPool& pool) {
  constexpr int64_t kGrain = 1 << 14;  // floats worth a task
  const int64_t block = ChannelBlock();
  const int64_t grain =
      std::max<int64_t>(1, kGrain / std::max<int64_t>(1, pixels * block));
  const CancelToken cancel = CancelToken::Current();
  pool.ParallelFor((planes + grain - 1) / grain, [&](int64_t task, int) {
    const int64_t end = std::min(planes, (task + 1) * grain);
    for (int64_t p = task * grain; p < end; ++p) {
      if (cancel.requested()) return;
      HWY_DYNAMIC_DISPATCH(ScalePlane)
      (x + p * pixels * block, scale + p * block, pixels,
       y + p * pixels * block);
    }
  });
}

}  // namespace hone
#endif  // HWY_ONCE
