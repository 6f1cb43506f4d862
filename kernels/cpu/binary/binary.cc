#include "kernels/cpu/binary/binary.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/binary/binary.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/cpu/binary/pow-inl.h"

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

// Through buffers where an operand stands or the row ends.
void PowRow(const Operand& a, const Operand& b, size_t n, float* y) {
  const size_t lanes = hn::Lanes(PowD64());
  HWY_ALIGN float a_part[hn::MaxLanes(PowD64())];
  HWY_ALIGN float b_part[hn::MaxLanes(PowD64())];
  HWY_ALIGN float y_part[hn::MaxLanes(PowD64())];
  std::fill(a_part, a_part + lanes, n > 0 ? a.data[0] : 1.0f);
  std::fill(b_part, b_part + lanes, n > 0 ? b.data[0] : 1.0f);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    PowLanes(a.step == 0 ? a_part : a.data + i,
             b.step == 0 ? b_part : b.data + i, y + i);
  }
  if (i == n) return;
  const size_t rest = n - i;
  if (a.step != 0) std::copy(a.data + i, a.data + n, a_part);
  if (b.step != 0) std::copy(b.data + i, b.data + n, b_part);
  PowLanes(a_part, b_part, y_part);
  std::copy(y_part, y_part + rest, y + i);
}

// x^b of one b, where a few operations give it; false: not of this b.
bool PowOfOne(const Operand& a, const Operand& b, size_t n, float* y) {
  const float exponent = b.data[0];
  const auto run = [&](auto f) {
    Steps([f](D d, V p, V) { return f(d, p); }, a, b, n, y);
    return true;
  };
  // As pow does: +0 for -0, infinity for -infinity.
  const auto root = [](D d, V p) {
    const V infinity = hn::Inf(d);
    const V y = hn::Sqrt(hn::Add(p, hn::Zero(d)));
    return hn::IfThenElse(hn::Eq(p, hn::Neg(infinity)), infinity, y);
  };
  if (exponent == 2.0f) {
    return run([](D, V p) { return hn::Mul(p, p); });
  }
  if (exponent == 3.0f) {
    return run([](D, V p) { return hn::Mul(hn::Mul(p, p), p); });
  }
  if (exponent == 4.0f) {
    return run([](D, V p) {
      const V square = hn::Mul(p, p);
      return hn::Mul(square, square);
    });
  }
  if (exponent == 1.0f) {
    return run([](D, V p) { return p; });
  }
  if (exponent == -1.0f) {
    return run([](D d, V p) { return hn::Div(hn::Set(d, 1.0f), p); });
  }
  if (exponent == 0.5f) return run(root);
  if (exponent == -0.5f) {
    return run(
        [root](D d, V p) { return hn::Div(hn::Set(d, 1.0f), root(d, p)); });
  }
  return false;
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
      // Squares, as in variances, and roots come out of models as Pow.
      if (b.step == 0 && n > 0 && PowOfOne(a, b, n, y)) return;
      return PowRow(a, b, n, y);
    default:
      return BinaryRowRef(op, a.data, a.step, b.data, b.step, n, y);
  }
}

// y = 1 where f(a, b) is true, else 0.
template <bool kMovesA, bool kMovesB, class F>
void CompareLoop(const F& f, const Operand& a, const Operand& b, size_t n,
                 uint8_t* y) {
  const D d;
  const hn::RebindToSigned<D> di;
  const hn::Rebind<uint8_t, D> du8;
  const size_t lanes = hn::Lanes(d);
  const auto ones = [&](V p, V q) {
    const auto holds = hn::VecFromMask(d, f(p, q));
    return hn::DemoteTo(du8, hn::And(hn::BitCast(di, holds), hn::Set(di, 1)));
  };
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(ones(Read<kMovesA>(d, a, i), Read<kMovesB>(d, b, i)), du8,
               y + i);
  }
  if (i == n) return;
  HWY_ALIGN float a_tail[hn::MaxLanes(d)] = {};
  HWY_ALIGN float b_tail[hn::MaxLanes(d)] = {};
  HWY_ALIGN uint8_t y_tail[hn::MaxLanes(d)];
  for (size_t j = 0; i + j < n; ++j) {
    a_tail[j] = a.data[kMovesA ? i + j : 0];
    b_tail[j] = b.data[kMovesB ? i + j : 0];
  }
  hn::Store(ones(hn::Load(d, a_tail), hn::Load(d, b_tail)), du8, y_tail);
  std::memcpy(y + i, y_tail, n - i);
}

template <class F>
void CompareSteps(const F& f, const Operand& a, const Operand& b, size_t n,
                  uint8_t* y) {
  if (a.step != 0 && b.step != 0) return CompareLoop<true, true>(f, a, b, n, y);
  if (a.step != 0) return CompareLoop<true, false>(f, a, b, n, y);
  if (b.step != 0) return CompareLoop<false, true>(f, a, b, n, y);
  return CompareLoop<false, false>(f, a, b, n, y);
}

void CompareTarget(CompareOp op, const float* a_data, int64_t a_step,
                   const float* b_data, int64_t b_step, size_t n, uint8_t* y) {
  const Operand a = {a_data, a_step};
  const Operand b = {b_data, b_step};
  switch (op) {
    case CompareOp::kEqual:
      return CompareSteps([](V p, V q) { return hn::Eq(p, q); }, a, b, n, y);
    case CompareOp::kLess:
      return CompareSteps([](V p, V q) { return hn::Lt(p, q); }, a, b, n, y);
    case CompareOp::kLessOrEqual:
      return CompareSteps([](V p, V q) { return hn::Le(p, q); }, a, b, n, y);
    case CompareOp::kGreater:
      return CompareSteps([](V p, V q) { return hn::Gt(p, q); }, a, b, n, y);
    case CompareOp::kGreaterOrEqual:
      return CompareSteps([](V p, V q) { return hn::Ge(p, q); }, a, b, n, y);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(BinaryTarget);
HWY_EXPORT(CompareTarget);

void BinaryRow(BinaryOp op, const float* a, int64_t a_step, const float* b,
               int64_t b_step, size_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(BinaryTarget)(op, a, a_step, b, b_step, n, y);
}

void CompareRow(CompareOp op, const float* a, int64_t a_step, const float* b,
                int64_t b_step, size_t n, uint8_t* y) {
  HWY_DYNAMIC_DISPATCH(CompareTarget)(op, a, a_step, b, b_step, n, y);
}

}  // namespace hone
#endif  // HWY_ONCE
