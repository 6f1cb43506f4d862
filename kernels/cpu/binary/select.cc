#include "kernels/cpu/binary/select.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/binary/select.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Conditions as elements of a wider type.
template <class D>
HWY_INLINE hn::Vec<D> Widened(D d, const uint8_t* condition) {
  if constexpr (sizeof(hn::TFromD<D>) == 1) {
    return hn::LoadU(d, condition);
  } else if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::PromoteTo(d, Widened(hn::Rebind<uint32_t, D>(), condition));
  } else {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<uint8_t, D>(), condition));
  }
}

template <bool kMoves, class D, typename T>
HWY_INLINE hn::Vec<D> Read(D d, const T* data, size_t i) {
  if constexpr (kMoves) return hn::LoadU(d, data + i);
  return hn::Set(d, data[0]);
}

template <bool kMovesA, bool kMovesB, typename T>
void Loop(const uint8_t* condition, const T* a, const T* b, size_t n, T* y) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto no = hn::Eq(Widened(d, condition + i), hn::Zero(d));
    hn::StoreU(
        hn::IfThenElse(no, Read<kMovesB>(d, b, i), Read<kMovesA>(d, a, i)), d,
        y + i);
  }
  for (; i < n; ++i) {
    y[i] = condition[i] != 0 ? a[kMovesA ? i : 0] : b[kMovesB ? i : 0];
  }
}

template <typename T>
void Select(const uint8_t* condition, int64_t c_step, const T* a,
            int64_t a_step, const T* b, int64_t b_step, size_t n, T* y) {
  if (n == 0) return;
  if (c_step == 0) {
    const T* const from = *condition != 0 ? a : b;
    const bool moves = (*condition != 0 ? a_step : b_step) != 0;
    if (moves) {
      std::copy(from, from + n, y);
    } else {
      std::fill(y, y + n, *from);
    }
  } else if (a_step != 0 && b_step != 0) {
    Loop<true, true>(condition, a, b, n, y);
  } else if (a_step != 0) {
    Loop<true, false>(condition, a, b, n, y);
  } else if (b_step != 0) {
    Loop<false, true>(condition, a, b, n, y);
  } else {
    Loop<false, false>(condition, a, b, n, y);
  }
}

void Select8(const uint8_t* condition, int64_t c_step, const uint8_t* a,
             int64_t a_step, const uint8_t* b, int64_t b_step, size_t n,
             uint8_t* y) {
  Select(condition, c_step, a, a_step, b, b_step, n, y);
}
void Select16(const uint8_t* condition, int64_t c_step, const uint16_t* a,
              int64_t a_step, const uint16_t* b, int64_t b_step, size_t n,
              uint16_t* y) {
  Select(condition, c_step, a, a_step, b, b_step, n, y);
}
void Select32(const uint8_t* condition, int64_t c_step, const uint32_t* a,
              int64_t a_step, const uint32_t* b, int64_t b_step, size_t n,
              uint32_t* y) {
  Select(condition, c_step, a, a_step, b, b_step, n, y);
}
void Select64(const uint8_t* condition, int64_t c_step, const uint64_t* a,
              int64_t a_step, const uint64_t* b, int64_t b_step, size_t n,
              uint64_t* y) {
  Select(condition, c_step, a, a_step, b, b_step, n, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Select8);
HWY_EXPORT(Select16);
HWY_EXPORT(Select32);
HWY_EXPORT(Select64);

void SelectRow(const uint8_t* condition, int64_t c_step, const uint8_t* a,
               int64_t a_step, const uint8_t* b, int64_t b_step, size_t n,
               uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(Select8)
  (condition, c_step, a, a_step, b, b_step, n, y);
}
void SelectRow(const uint8_t* condition, int64_t c_step, const uint16_t* a,
               int64_t a_step, const uint16_t* b, int64_t b_step, size_t n,
               uint16_t* y) {
  HWY_DYNAMIC_DISPATCH(Select16)
  (condition, c_step, a, a_step, b, b_step, n, y);
}
void SelectRow(const uint8_t* condition, int64_t c_step, const uint32_t* a,
               int64_t a_step, const uint32_t* b, int64_t b_step, size_t n,
               uint32_t* y) {
  HWY_DYNAMIC_DISPATCH(Select32)
  (condition, c_step, a, a_step, b, b_step, n, y);
}
void SelectRow(const uint8_t* condition, int64_t c_step, const uint64_t* a,
               int64_t a_step, const uint64_t* b, int64_t b_step, size_t n,
               uint64_t* y) {
  HWY_DYNAMIC_DISPATCH(Select64)
  (condition, c_step, a, a_step, b, b_step, n, y);
}

}  // namespace hone
#endif  // HWY_ONCE
