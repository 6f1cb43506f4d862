#include "kernels/cpu/binary/binary.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/binary/binary.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/binary/binary_ref.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Operand {
  const float* data;
  int64_t step;
};

// Reads `lanes` elements at i, or the one element of a standing operand.
template <bool kMoves>
HWY_INLINE V Read(D d, const Operand& operand, size_t i) {
  if constexpr (kMoves) return hn::LoadU(d, operand.data + i);
  return hn::Set(d, operand.data[0]);
}

template <bool kMovesA, bool kMovesB, class F>
void Loop(const F& f, const Operand& a, const Operand& b, size_t n, float* y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(d, Read<kMovesA>(d, a, i), Read<kMovesB>(d, b, i)), d, y + i);
  }
  if (i == n) return;
  HWY_ALIGN float a_tail[hn::MaxLanes(d)] = {};
  HWY_ALIGN float b_tail[hn::MaxLanes(d)] = {};
  for (size_t j = 0; i + j < n; ++j) {
    a_tail[j] = a.data[kMovesA ? i + j : 0];
    b_tail[j] = b.data[kMovesB ? i + j : 0];
  }
  hn::Store(f(d, hn::Load(d, a_tail), hn::Load(d, b_tail)), d, a_tail);
  std::memcpy(y + i, a_tail, (n - i) * sizeof(float));
}

template <class F>
void Steps(const F& f, const Operand& a, const Operand& b, size_t n, float* y) {
  if (a.step != 0 && b.step != 0) return Loop<true, true>(f, a, b, n, y);
  if (a.step != 0) return Loop<true, false>(f, a, b, n, y);
  if (b.step != 0) return Loop<false, true>(f, a, b, n, y);
  return Loop<false, false>(f, a, b, n, y);
}

void BinaryTarget(BinaryOp op, const float* a_data, int64_t a_step,
                  const float* b_data, int64_t b_step, size_t n, float* y) {
  const Operand a = {a_data, a_step};
  const Operand b = {b_data, b_step};
  switch (op) {
    case BinaryOp::kAdd:
      return Steps([](D, V p, V q) { return hn::Add(p, q); }, a, b, n, y);
    case BinaryOp::kSub:
      return Steps([](D, V p, V q) { return hn::Sub(p, q); }, a, b, n, y);
    case BinaryOp::kMul:
      return Steps([](D, V p, V q) { return hn::Mul(p, q); }, a, b, n, y);
    case BinaryOp::kDiv:
      return Steps([](D, V p, V q) { return hn::Div(p, q); }, a, b, n, y);
    case BinaryOp::kMin:
      return Steps(
          [](D, V p, V q) {
            return hn::IfThenElse(hn::Or(hn::Lt(p, q), hn::IsNaN(p)), p, q);
          },
          a, b, n, y);
    case BinaryOp::kMax:
      return Steps(
          [](D, V p, V q) {
            return hn::IfThenElse(hn::Or(hn::Gt(p, q), hn::IsNaN(p)), p, q);
          },
          a, b, n, y);
    case BinaryOp::kPRelu:
      return Steps(
          [](D d, V p, V q) {
            return hn::IfThenElse(hn::Lt(p, hn::Zero(d)), hn::Mul(p, q), p);
          },
          a, b, n, y);
    case BinaryOp::kPow:
      // Squares, as in variances, come out of models as Pow.
      if (b.step == 0 && n > 0 && b.data[0] == 2.0f) {
        return Steps([](D, V p, V) { return hn::Mul(p, p); }, a, b, n, y);
      }
      return BinaryRowRef(op, a.data, a.step, b.data, b.step, n, y);
    default:
      return BinaryRowRef(op, a.data, a.step, b.data, b.step, n, y);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(BinaryTarget);

void BinaryRow(BinaryOp op, const float* a, int64_t a_step, const float* b,
               int64_t b_step, size_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(BinaryTarget)(op, a, a_step, b, b_step, n, y);
}

void CompareRow(CompareOp op, const float* a, int64_t a_step, const float* b,
                int64_t b_step, size_t n, uint8_t* y) {
  CompareRowRef(op, a, a_step, b, b_step, n, y);
}

}  // namespace hone
#endif  // HWY_ONCE
