// The register tile of product.h: kRows rows times kVectors vectors of columns,
// for one instruction set.
#if defined(HONE_KERNELS_CPU_INT8_GEMM_TILE_INL_H_) == \
    defined(HWY_TARGET_TOGGLE)
#ifdef HONE_KERNELS_CPU_INT8_GEMM_TILE_INL_H_
#undef HONE_KERNELS_CPU_INT8_GEMM_TILE_INL_H_
#else
#define HONE_KERNELS_CPU_INT8_GEMM_TILE_INL_H_
#endif

#include <cstdint>
#include <cstring>

#include "hwy/highway.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/multiply_add-inl.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/int8/narrow/narrow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Of 32 registers or of 16, with room for weights, one activation and what
// maddubs needs.
constexpr int kMaxVectors = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
constexpr int MaxRows(int vectors) {
  if (HWY_TARGET > HWY_AVX3) return vectors == 2 ? 5 : 8;
  return vectors == 4 ? 6 : vectors == 3 ? 8 : 12;
}

struct TileArgs {
  const uint8_t* const* rows;
  int64_t row_stride;
  int64_t taps;
  int64_t depth;
  const int8_t* w;
  int64_t w_vector;                  // bytes between vectors of columns
  const PackedInt8::Extras* extras;  // of the first vector, or null
  const int32_t* bias;               // of the first column
  const float* multiplier;           // null for int32
  const float* float_bias;           // or null
  const Int8Epilogue* epilogue;
  Int8Outer outer[2];  // of the first row and column
  void* y;             // of the first row and column
  int64_t y_stride;
  int64_t columns;  // at most kVectors * kLanes
};

// Activations k to k + kStep of one row in every lane.
HWY_INLINE VI Activations(const uint8_t* x) {
  uint32_t bits = 0;
  std::memcpy(&bits, x, kStep);
  if (kPairs) bits = (bits & 0xFFu) | (bits & 0xFF00u) << 8;
  return hn::Set(DI(), static_cast<int32_t>(bits));
}

template <int kVectors>
HWY_INLINE void Write(const TileArgs& t, const VI (&sum)[kVectors],
                      uint8_t* y) {
  const DF df;
  const VI zero = hn::Set(DI(), t.epilogue->zero_point);
  const VF low =
      hn::ConvertTo(df, hn::Sub(hn::Set(DI(), t.epilogue->low), zero));
  const VF high =
      hn::ConvertTo(df, hn::Sub(hn::Set(DI(), t.epilogue->high), zero));
  VI q[kVectors];
  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    const VF scaled = hn::Mul(hn::ConvertTo(df, sum[v]),
                              hn::LoadU(df, t.multiplier + v * kLanes));
    // No NaN: a multiplier is finite.
    q[v] = hn::Add(hn::NearestInt(hn::Min(hn::Max(scaled, low), high)), zero);
  }
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  if constexpr (kVectors == 4) {
    // Narrowing works within 16 bytes; lanes of four bytes then go in order.
    const __m512i lower = _mm512_packs_epi32(q[0].raw, q[1].raw);
    const __m512i upper = _mm512_packs_epi32(q[2].raw, q[3].raw);
    const __m512i bytes = t.epilogue->low < 0
                              ? _mm512_packs_epi16(lower, upper)
                              : _mm512_packus_epi16(lower, upper);
    const __m512i order =
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    _mm512_storeu_si512(y, _mm512_permutexvar_epi32(order, bytes));
    return;
  }
#endif
  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    StoreBytes(q[v], y + v * kLanes);
  }
}

template <int kVectors>
HWY_INLINE void Write(const TileArgs& t, const VI (&sum)[kVectors], float* y) {
  const DF df;
  const auto low = hn::Set(df, t.epilogue->float_low);
  const auto high = hn::Set(df, t.epilogue->float_high);
  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    auto scaled = hn::Mul(hn::ConvertTo(df, sum[v]),
                          hn::LoadU(df, t.multiplier + v * kLanes));
    if (t.float_bias != nullptr) {
      scaled = hn::Add(scaled, hn::LoadU(df, t.float_bias + v * kLanes));
    }
    hn::StoreU(hn::Min(hn::Max(scaled, low), high), df, y + v * kLanes);
  }
}

template <int kVectors>
HWY_INLINE void Write(const TileArgs& /*t*/, const VI (&sum)[kVectors],
                      int32_t* y) {
  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    hn::StoreU(sum[v], DI(), y + v * kLanes);
  }
}

// Writes all rows; a last vector that y has no room for goes through memory of
// our own.
template <int kRows, int kVectors, typename T>
HWY_INLINE void Finish(const TileArgs& t, const VI (&sum)[kRows][kVectors]) {
  T* y = static_cast<T*>(t.y);
  if (t.columns == kVectors * kLanes) {
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      Write<kVectors>(t, sum[r], y);
      y += t.y_stride;
    }
    return;
  }
  HWY_ALIGN T own[kRows][kVectors * kLanes];
  HONE_UNROLL for (int r = 0; r < kRows; ++r) {
    Write<kVectors>(t, sum[r], own[r]);
  }
  for (int r = 0; r < kRows; ++r) {
    std::memcpy(y, own[r], static_cast<size_t>(t.columns) * sizeof(T));
    y += t.y_stride;
  }
}

template <int kRows, int kVectors>
HONE_INT8_ATTR HWY_NOINLINE void Tile(const TileArgs& t) {
  const DI d;
  VI sum[kRows][kVectors];
  VI other[kRows][kVectors];
  HONE_UNROLL for (int r = 0; r < kRows; ++r) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = hn::Zero(d);
      other[r][v] = hn::Zero(d);
    }
  }

  const int8_t* HWY_RESTRICT w = t.w;
  const int64_t w_vector = t.w_vector;
  for (int64_t tap = 0; tap < t.taps; ++tap) {
    const uint8_t* x[kRows];
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      x[r] = t.rows[tap * t.row_stride + r];
    }
    for (int64_t k = 0; k < t.depth; k += kStep) {
      VI column[kVectors];
      HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
        column[v] =
            hn::Load(d, reinterpret_cast<const int32_t*>(w + v * w_vector));
      }
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        const VI row = Activations(x[r] + k);
        HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
          sum[r][v] = MultiplyAdd(row, column[v], sum[r][v], other[r][v]);
        }
      }
      w += kLanes * 4;
    }
  }
  if (kKind == Int8Layout::Kind::kSaturating4) {
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      const PackedInt8::Extras& extras = t.extras[v];
      const int8_t* more = extras.weights.data();
      for (const PackedInt8::Extras::Place& place : extras.places) {
        const VI column = hn::LoadU(d, reinterpret_cast<const int32_t*>(more));
        more += kLanes * 4;
        HONE_UNROLL for (int r = 0; r < kRows; ++r) {
          const VI row =
              Activations(t.rows[place.tap * t.row_stride + r] + place.offset);
          sum[r][v] = MultiplyAdd(row, column, sum[r][v], other[r][v]);
        }
      }
    }
  }

  HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
    const VI bias = hn::LoadU(d, t.bias + v * kLanes);
    HONE_UNROLL for (int r = 0; r < kRows; ++r) {
      sum[r][v] = hn::Add(Ordered(sum[r][v], other[r][v]), bias);
    }
  }
  for (const Int8Outer& outer : t.outer) {
    if (outer.rows == nullptr) continue;
    HONE_UNROLL for (int v = 0; v < kVectors; ++v) {
      const VI column = hn::LoadU(d, outer.columns + v * kLanes);
      HONE_UNROLL for (int r = 0; r < kRows; ++r) {
        sum[r][v] =
            hn::Add(sum[r][v], hn::Mul(hn::Set(d, outer.rows[r]), column));
      }
    }
  }
  if (t.epilogue->to_sums) {
    Finish<kRows, kVectors, int32_t>(t, sum);
  } else if (t.epilogue->to_float) {
    Finish<kRows, kVectors, float>(t, sum);
  } else {
    Finish<kRows, kVectors, uint8_t>(t, sum);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#endif  // HONE_KERNELS_CPU_INT8_GEMM_TILE_INL_H_
