// The instruction that multiplies uint8 by int8 and adds to int32, for one
// instruction set.
#if defined(HONE_KERNELS_CPU_INT8_GEMM_MULTIPLY_ADD_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_INT8_GEMM_MULTIPLY_ADD_INL_H_
#undef HONE_KERNELS_CPU_INT8_GEMM_MULTIPLY_ADD_INL_H_
#else
#define HONE_KERNELS_CPU_INT8_GEMM_MULTIPLY_ADD_INL_H_
#endif

#include <cstdint>

#include "hwy/highway.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/narrow/narrow-inl.h"

// The accumulators stay in registers only when these loops vanish.
#undef HONE_UNROLL
#if defined(__clang__)
#define HONE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define HONE_UNROLL _Pragma("GCC unroll 16")
#endif

// Highway's AVX3_DL does not name the VNNI instructions that its CPUs have.
#undef HONE_INT8_ATTR
#if HWY_TARGET == HWY_AVX3_DL
#define HONE_INT8_ATTR __attribute__((target(HWY_TARGET_STR ",avx512vnni")))
#else
#define HONE_INT8_ATTR
#endif

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3_DL
constexpr Int8Layout::Kind kKind = Int8Layout::Kind::kDot4;
#elif HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
constexpr Int8Layout::Kind kKind = Int8Layout::Kind::kSaturating4;
#else
constexpr Int8Layout::Kind kKind = Int8Layout::Kind::kPairs;
#endif
constexpr bool kPairs = kKind == Int8Layout::Kind::kPairs;
constexpr int64_t kStep = kPairs ? 2 : 4;  // of k

// sum[lane] += the kStep products of the lane. The result's lanes are in order
// after Ordered().
HONE_INT8_ATTR HWY_INLINE VI MultiplyAdd(VI x, VI w, VI sum, VI& other) {
#if HWY_TARGET == HWY_AVX3_DL
  (void)other;
  return VI{_mm512_dpbusd_epi32(sum.raw, x.raw, w.raw)};
#elif HWY_TARGET == HWY_AVX3
  (void)other;
  return VI{_mm512_add_epi32(
      sum.raw, _mm512_madd_epi16(_mm512_maddubs_epi16(x.raw, w.raw),
                                 _mm512_set1_epi16(1)))};
#elif HWY_TARGET == HWY_AVX2
  (void)other;
  return VI{_mm256_add_epi32(
      sum.raw, _mm256_madd_epi16(_mm256_maddubs_epi16(x.raw, w.raw),
                                 _mm256_set1_epi16(1)))};
#else
  const hn::Repartition<int16_t, DI> d16;
  return hn::ReorderWidenMulAccumulate(DI(), hn::BitCast(d16, x),
                                       hn::BitCast(d16, w), sum, other);
#endif
}

HWY_INLINE VI Ordered(VI sum, VI other) {
  return kPairs ? hn::RearrangeToOddPlusEven(sum, other) : sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_INT8_GEMM_MULTIPLY_ADD_INL_H_
