#include "kernels/cpu/depthwise/depthwise_direct.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/depthwise/direct_plan.h"
#include "kernels/cpu/gemm/activation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/depthwise/depthwise_direct.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/depthwise/finish-inl.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

struct PlaneArgs {
  const float* w;
  float bias;
  float low;
  float high;
  int64_t out_size;
};

template <class D>
HWY_INLINE auto LanesInside(D d, const uint16_t* bits) {
  return hn::LoadMaskBits(d, reinterpret_cast<const uint8_t*>(bits));
}

// Steps [begin, end) of the plan; kWhole: all their lanes lie in y. A function
// of its own for each case, so that the weights stay in registers.
template <int kSize, bool kWhole>
HWY_NOINLINE void RunSteps(const DirectPlan& plan, const PlaneArgs& p,
                           const DirectPlan::Step* begin,
                           const DirectPlan::Step* end, const float* x,
                           float* y) {
  constexpr int kTaps = kSize * kSize;
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const V bias = hn::Set(d, p.bias);
  const V low = hn::Set(d, p.low);
  const V high = hn::Set(d, p.high);
  V w[kTaps];
  const float* at[kTaps];
  HONE_UNROLL for (int t = 0; t < kTaps; ++t) {
    w[t] = hn::Set(d, p.w[t]);
    at[t] = x + plan.offsets()[t];
  }
  const uint16_t* const masks = plan.masks().data();
  for (; begin != end; ++begin) {
    const DirectPlan::Step& step = *begin;
    const int64_t from = step.from;
    // Two sums, to halve the chain of dependent additions.
    V sum0 = bias;
    V sum1 = hn::Zero(d);
    const uint16_t* const own = masks + step.masks;
    if (step.kind == DirectPlan::Step::kNone) {
      HONE_UNROLL for (int t = 0; t < kTaps; ++t) {
        V& sum = t % 2 == 0 ? sum0 : sum1;
        sum = hn::MulAdd(w[t], hn::LoadU(d, at[t] + from), sum);
      }
    } else if (step.kind == DirectPlan::Step::kColumns) {
      HONE_UNROLL for (int c = 0; c < kSize; ++c) {
        const auto inside = LanesInside(d, own + c);
        HONE_UNROLL for (int r = 0; r < kSize; ++r) {
          const int t = r * kSize + c;
          V& sum = r % 2 == 0 ? sum0 : sum1;
          sum = hn::MulAdd(
              w[t], hn::IfThenElseZero(inside, hn::LoadU(d, at[t] + from)),
              sum);
        }
      }
    } else {
      HONE_UNROLL for (int t = 0; t < kTaps; ++t) {
        V& sum = t % 2 == 0 ? sum0 : sum1;
        sum = hn::MulAdd(w[t],
                         hn::IfThenElseZero(LanesInside(d, own + t),
                                            hn::LoadU(d, at[t] + from)),
                         sum);
      }
    }
    const V sum = ClampVector(d, hn::Add(sum0, sum1), low, high);
    if (kWhole) {
      hn::StoreU(sum, d, y + step.to);
    } else {
      HWY_ALIGN float last[hn::MaxLanes(d)];
      hn::Store(sum, d, last);
      const int64_t room = std::min(lanes, p.out_size - step.to);
      for (int64_t i = 0; i < room; ++i) y[step.to + i] = last[i];
    }
  }
}

template <int kSize>
void ComputePlane(const DirectPlan& plan, const PlaneArgs& p, const float* x,
                  float* y) {
  const DirectPlan::Step* const begin = plan.steps().data();
  const DirectPlan::Step* const whole = begin + plan.whole_steps();
  RunSteps<kSize, true>(plan, p, begin, whole, x, y);
  const DirectPlan::Step* const end = begin + plan.steps().size();
  if (whole != end) RunSteps<kSize, false>(plan, p, whole, end, x, y);
}

// Even and odd columns of a plane apart.
void SplitPlane(const DirectPlan& plan, const float* x, float* buffer) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  float* const even = buffer + plan.Before();
  float* const odd = even + plan.Odd();
  const int64_t n = plan.Half();
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto first = hn::LoadU(d, x + 2 * i);
    const auto second = hn::LoadU(d, x + 2 * i + lanes);
    hn::StoreU(hn::ConcatEven(d, second, first), d, even + i);
    hn::StoreU(hn::ConcatOdd(d, second, first), d, odd + i);
  }
  for (; i < n; ++i) {
    even[i] = x[2 * i];
    odd[i] = x[2 * i + 1];
  }
}

int64_t Lanes() {
  return static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
}

void ComputePlanes(const ConvShape& s, const DirectPlan& plan, const float* x,
                   const float* w, const ConvEpilogue& epilogue, int64_t begin,
                   int64_t end, float* buffer, float* y) {
  const int64_t channels = s.groups * s.out_channels;
  const int64_t input_planes = s.batch * s.groups;
  const bool in_tile =
      epilogue.activation.in_tile() && epilogue.residual == nullptr;
  PlaneArgs args;
  args.out_size = s.out_size();
  args.low = -std::numeric_limits<float>::infinity();
  args.high = std::numeric_limits<float>::infinity();
  if (in_tile && epilogue.activation.kind == Activation::Kind::kClamp) {
    args.low = epilogue.activation.a;
    args.high = epilogue.activation.b;
  }
  // Nothing that is read may be a signalling surprise, though masks drop it.
  std::fill(buffer, buffer + plan.BufferSize(), 0.0f);
  for (int64_t plane = begin; plane < end; ++plane) {
    const int64_t m = plane % channels;
    const int64_t input = plane / s.out_channels;
    args.w = w + m * s.depth();
    args.bias = epilogue.bias == nullptr ? 0 : epilogue.bias[m];
    const float* from = x + input * s.in_size();
    if (plan.split()) {
      SplitPlane(plan, from, buffer);
      from = buffer + plan.Before();
    } else if (input * s.in_size() < plan.Before() ||
               (input_planes - input - 1) * s.in_size() < plan.After()) {
      // At either end of x, what lies beyond the plane is not ours to read.
      std::copy(from, from + s.in_size(), buffer + plan.Before());
      from = buffer + plan.Before();
    }
    float* const to = y + plane * s.out_size();
    if (plan.offsets().size() == 9) {
      ComputePlane<3>(plan, args, from, to);
    } else {
      ComputePlane<5>(plan, args, from, to);
    }
    if (in_tile) continue;
    FinishPlane(epilogue.activation,
                epilogue.residual == nullptr
                    ? nullptr
                    : epilogue.residual + plane * s.out_size(),
                s.out_size(), to);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Lanes);
HWY_EXPORT(ComputePlanes);

int64_t DirectLanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }

void DepthwiseDirect(const ConvShape& shape, const DirectPlan& plan,
                     const float* x, const float* w,
                     const ConvEpilogue& epilogue, int64_t begin, int64_t end,
                     float* buffer, float* y) {
  HWY_DYNAMIC_DISPATCH(ComputePlanes)
  (shape, plan, x, w, epilogue, begin, end, buffer, y);
}

}  // namespace hone
#endif  // HWY_ONCE
