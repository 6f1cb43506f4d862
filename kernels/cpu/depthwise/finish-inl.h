// What a depthwise convolution's inner loop leaves to be done on a whole plane;
// included by files that Highway's foreach_target compiles again.
#if defined(HONE_KERNELS_CPU_DEPTHWISE_FINISH_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_DEPTHWISE_FINISH_INL_H_
#undef HONE_KERNELS_CPU_DEPTHWISE_FINISH_INL_H_
#else
#define HONE_KERNELS_CPU_DEPTHWISE_FINISH_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// y = f(y + residual); residual may be null.
inline void FinishPlane(const Activation& f, const float* residual, int64_t n,
                        float* y) {
  if (residual != nullptr) {
    const hn::ScalableTag<float> d;
    const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, y + i), hn::LoadU(d, residual + i)), d,
                 y + i);
    }
    for (; i < n; ++i) y[i] += residual[i];
  }
  if (f.kind != Activation::Kind::kNone) {
    ActivateRow(f, y, static_cast<size_t>(n));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_DEPTHWISE_FINISH_INL_H_
