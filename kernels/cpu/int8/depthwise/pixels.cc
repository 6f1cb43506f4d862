#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/int8/depthwise/pixels.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include <cstring>

#include "hwy/highway.h"
#include "kernels/cpu/int8/depthwise/pixels.h"
#include "kernels/cpu/int8/gemm/multiply_add-inl.h"
#include "kernels/cpu/int8/narrow/narrow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

using D8 = hn::Repartition<uint8_t, DI>;
using D16 = hn::Repartition<uint16_t, DI>;
using V8 = hn::Vec<D8>;
constexpr int64_t kBlock = 4 * kLanes;

// The activations of kStep taps for the block's 4 * kLanes channels.
HONE_INT8_ATTR HWY_INLINE void Interleave(const uint8_t* const* at,
                                          int64_t channel, VI (&x)[4]) {
  const D8 d8;
  const D16 d16;
  const DI di;
  const V8 a = hn::LoadU(d8, at[0] + channel);
  const V8 b = hn::LoadU(d8, at[1] + channel);
  const V8 ab_low = hn::InterleaveLower(d8, a, b);
  const V8 ab_high = hn::InterleaveUpper(d8, a, b);
  if constexpr (kPairs) {
    const V8 zero = hn::Zero(d8);
    x[0] = hn::BitCast(di, hn::InterleaveLower(d8, ab_low, zero));
    x[1] = hn::BitCast(di, hn::InterleaveUpper(d8, ab_low, zero));
    x[2] = hn::BitCast(di, hn::InterleaveLower(d8, ab_high, zero));
    x[3] = hn::BitCast(di, hn::InterleaveUpper(d8, ab_high, zero));
  } else {
    const V8 c = hn::LoadU(d8, at[2] + channel);
    const V8 d = hn::LoadU(d8, at[3] + channel);
    const auto ab0 = hn::BitCast(d16, ab_low);
    const auto ab1 = hn::BitCast(d16, ab_high);
    const auto cd0 = hn::BitCast(d16, hn::InterleaveLower(d8, c, d));
    const auto cd1 = hn::BitCast(d16, hn::InterleaveUpper(d8, c, d));
    x[0] = hn::BitCast(di, hn::InterleaveLower(d16, ab0, cd0));
    x[1] = hn::BitCast(di, hn::InterleaveUpper(d16, ab0, cd0));
    x[2] = hn::BitCast(di, hn::InterleaveLower(d16, ab1, cd1));
    x[3] = hn::BitCast(di, hn::InterleaveUpper(d16, ab1, cd1));
  }
}

// Bounds and zero point of the output, in registers.
struct Bounds {
  explicit Bounds(const Int8Epilogue& e)
      : zero(hn::Set(DI(), e.zero_point)),
        low(hn::ConvertTo(DF(), hn::Sub(hn::Set(DI(), e.low), zero))),
        high(hn::ConvertTo(DF(), hn::Sub(hn::Set(DI(), e.high), zero))),
        float_low(hn::Set(DF(), e.float_low)),
        float_high(hn::Set(DF(), e.float_high)),
        is_signed(e.low < 0 || e.zero_point < 0) {}
  VI zero;
  VF low, high, float_low, float_high;
  bool is_signed;
};

// The sums in the order of channels; narrowing undoes the interleaving.
HONE_INT8_ATTR HWY_INLINE void StoreBlock(const Bounds& b, const VF (&y)[4],
                                          uint8_t* to) {
  VI q[4];
  HONE_UNROLL for (int j = 0; j < 4; ++j) {
    q[j] = RoundBetween(y[j], b.low, b.high, b.zero);
  }
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const __m512i lower = _mm512_packs_epi32(q[0].raw, q[1].raw);
  const __m512i upper = _mm512_packs_epi32(q[2].raw, q[3].raw);
  _mm512_storeu_si512(to, b.is_signed ? _mm512_packs_epi16(lower, upper)
                                      : _mm512_packus_epi16(lower, upper));
#elif HWY_TARGET == HWY_AVX2
  const __m256i lower = _mm256_packs_epi32(q[0].raw, q[1].raw);
  const __m256i upper = _mm256_packs_epi32(q[2].raw, q[3].raw);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                      b.is_signed ? _mm256_packs_epi16(lower, upper)
                                  : _mm256_packus_epi16(lower, upper));
#else
  // Byte j of a lane is from vector j; then each 16 bytes are turned.
  const DI d;
  const VI byte = hn::Set(d, 0xFF);
  const VI low =
      hn::Or(hn::And(q[0], byte), hn::ShiftLeft<8>(hn::And(q[1], byte)));
  const VI high =
      hn::Or(hn::ShiftLeft<16>(hn::And(q[2], byte)), hn::ShiftLeft<24>(q[3]));
  const D8 d8;
  alignas(16) static constexpr uint8_t kTurn[16] = {0, 4, 8,  12, 1, 5, 9,  13,
                                                    2, 6, 10, 14, 3, 7, 11, 15};
  hn::StoreU(hn::TableLookupBytes(hn::BitCast(d8, hn::Or(low, high)),
                                  hn::LoadDup128(d8, kTurn)),
             d8, to);
#endif
}

// The same in float32: vector j has channels 4 * j to 4 * j + 3 of each 16.
HWY_INLINE void StoreBlock(const Bounds& b, const VF (&y)[4], float* to) {
  HONE_UNROLL for (int j = 0; j < 4; ++j) {
    HWY_ALIGN float lanes[kLanes];
    hn::Store(hn::Min(hn::Max(y[j], b.float_low), b.float_high), DF(), lanes);
    for (int64_t l = 0; l < kLanes; l += 4) {
      std::memcpy(to + 4 * l + 4 * j, lanes + l, 4 * sizeof(float));
    }
  }
}

template <int kSteps, typename T>
HONE_INT8_ATTR HWY_NOINLINE void Multiply(const Int8DepthwisePixels& p) {
  const DI d;
  const Int8DepthwiseWeights& weights = *p.weights;
  const Int8Epilogue& epilogue = *p.epilogue;
  const Bounds bounds(epilogue);
  const int64_t steps = kSteps > 0 ? kSteps : weights.steps();
  const int64_t taps = steps * kStep;
  const int64_t channels = weights.channels();
  const uint8_t* at[kMostDepthwiseTaps];
  std::memcpy(at, p.at, sizeof(at));
  T* y = static_cast<T*>(p.y);
  for (int64_t i = 0; i < p.count; ++i) {
    for (int64_t b = 0; b < weights.blocks(); ++b) {
      const int64_t start = weights.start(b);
      const int32_t* w = reinterpret_cast<const int32_t*>(weights.data(b));
      const int32_t* rest = reinterpret_cast<const int32_t*>(weights.rest(b));
      VI sum[4];
      VI other[4];
      HONE_UNROLL for (int j = 0; j < 4; ++j) {
        sum[j] = hn::Zero(d);
        other[j] = hn::Zero(d);
      }
      for (int64_t s = 0; s < steps; ++s) {
        VI x[4];
        Interleave(at + s * kStep, start, x);
        HONE_UNROLL for (int j = 0; j < 4; ++j) {
          sum[j] = MultiplyAdd(x[j], hn::Load(d, w + s * kBlock + j * kLanes),
                               sum[j], other[j]);
        }
        if (kKind == Int8Layout::Kind::kSaturating4 && rest != nullptr) {
          HONE_UNROLL for (int j = 0; j < 4; ++j) {
            sum[j] =
                MultiplyAdd(x[j], hn::Load(d, rest + s * kBlock + j * kLanes),
                            sum[j], other[j]);
          }
        }
      }
      VF scaled[4];
      HONE_UNROLL for (int j = 0; j < 4; ++j) {
        const int64_t lane = b * kBlock + j * kLanes;
        const VI acc = hn::Add(Ordered(sum[j], other[j]),
                               hn::LoadU(d, epilogue.bias + lane));
        scaled[j] = hn::Mul(hn::ConvertTo(DF(), acc),
                            hn::LoadU(DF(), epilogue.multiplier + lane));
      }
      if (channels >= kBlock) {
        StoreBlock(bounds, scaled, y + start);
      } else {
        HWY_ALIGN T own[kBlock];
        StoreBlock(bounds, scaled, own);
        std::memcpy(y, own, static_cast<size_t>(channels) * sizeof(T));
      }
    }
    y += channels;
    for (int64_t t = 0; t < taps; ++t) at[t] += p.step[t];
  }
}

void Pixels(const Int8DepthwisePixels& p) {
  if (p.epilogue->to_float) {
    Multiply<0, float>(p);
  } else if (p.weights->taps() == 9) {
    Multiply<kPairs ? 5 : 3, uint8_t>(p);
  } else {
    Multiply<0, uint8_t>(p);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Pixels);

void MultiplyInt8Pixels(const Int8DepthwisePixels& pixels) {
  HWY_DYNAMIC_DISPATCH(Pixels)(pixels);
}

}  // namespace hone
#endif  // HWY_ONCE
