// Between int32 lanes and bytes, for one instruction set.
#if defined(HONE_KERNELS_CPU_INT8_NARROW_NARROW_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_INT8_NARROW_NARROW_INL_H_
#undef HONE_KERNELS_CPU_INT8_NARROW_NARROW_INL_H_
#else
#define HONE_KERNELS_CPU_INT8_NARROW_NARROW_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DI = hn::ScalableTag<int32_t>;
using DF = hn::RebindToFloat<DI>;
using VI = hn::Vec<DI>;
using VF = hn::Vec<DF>;
constexpr int64_t kLanes = hn::MaxLanes(DI());

// y[i] = the lowest byte of v[i].
HWY_INLINE void StoreBytes(VI v, uint8_t* HWY_RESTRICT y) {
  const hn::Rebind<uint8_t, DI> d8;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  // Highway 1.0.3 permutes 32-bit lanes by the indices of bytes here.
  hn::StoreU(hn::Vec<decltype(d8)>{_mm512_cvtepi32_epi8(v.raw)}, d8, y);
#else
  const hn::RebindToUnsigned<DI> du;
  hn::StoreU(hn::TruncateTo(d8, hn::BitCast(du, v)), d8, y);
#endif
}

// Lane i is x[i].
HWY_INLINE VI LoadBytes(const uint8_t* HWY_RESTRICT x) {
  const hn::Rebind<uint8_t, DI> d8;
  return hn::PromoteTo(DI(), hn::LoadU(d8, x));
}
HWY_INLINE VI LoadBytes(const int8_t* HWY_RESTRICT x) {
  const hn::Rebind<int8_t, DI> d8;
  return hn::PromoteTo(DI(), hn::LoadU(d8, x));
}

// clamp(round_half_even(x) + zero, ...) where low and high are the bounds less
// `zero`, as floats. They are whole, so clamping first gives the same and keeps
// the conversion in range. NaN becomes low.
HWY_INLINE VI RoundBetween(VF x, VF low, VF high, VI zero) {
  const VF raised = hn::IfThenElse(hn::Gt(x, low), x, low);
  return hn::Add(hn::NearestInt(hn::Min(raised, high)), zero);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_INT8_NARROW_NARROW_INL_H_
