#include "kernels/cpu/norm/norm.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/norm/norm.cc"
#include "hwy/foreach_target.h"  // must come before highway.h
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Sum of (x - mean)^power, power 1 or 2, over at most a block.
template <int kPower>
float Block(const float* HWY_RESTRICT x, size_t n, float mean) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  const V center = hn::Set(d, mean);
  const auto term = [&](size_t i) HWY_ATTR {
    const V c = hn::Sub(hn::LoadU(d, x + i), center);
    return kPower == 1 ? c : hn::Mul(c, c);
  };
  V a = hn::Zero(d), b = a;
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    a = hn::Add(a, term(i));
    b = hn::Add(b, term(i + lanes));
  }
  for (; i + lanes <= n; i += lanes) a = hn::Add(a, term(i));
  HWY_ALIGN float buffer[hn::MaxLanes(d)];
  hn::Store(hn::Add(a, b), d, buffer);
  float total = 0;
  for (size_t l = 0; l < lanes; ++l) total += buffer[l];
  for (; i < n; ++i) {
    const float c = x[i] - mean;
    total += kPower == 1 ? c : c * c;
  }
  return total;
}

float SumTarget(const float* x, size_t n) { return Block<1>(x, n, 0.0f); }
float SquareTarget(const float* x, size_t n, float mean) {
  return Block<2>(x, n, mean);
}

void NormalizeTarget(const float* x, size_t n, const NormParams& p, float* y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  const V mean = hn::Set(d, p.mean);
  const V factor = hn::Set(d, p.factor);
  V scale = hn::Set(d, p.scale == nullptr ? 1.0f : p.scale[0]);
  V bias = hn::Set(d, p.bias == nullptr ? 0.0f : p.bias[0]);
  const bool moves_scale = p.step != 0 && p.scale != nullptr;
  const bool moves_bias = p.step != 0 && p.bias != nullptr;
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    if (moves_scale) scale = hn::LoadU(d, p.scale + i);
    if (moves_bias) bias = hn::LoadU(d, p.bias + i);
    const V c = hn::Mul(hn::Sub(hn::LoadU(d, x + i), mean), factor);
    hn::StoreU(hn::Add(hn::Mul(c, scale), bias), d, y + i);
  }
  for (; i < n; ++i) {
    const size_t at = i * static_cast<size_t>(p.step);
    const float s = p.scale == nullptr ? 1.0f : p.scale[at];
    const float b = p.bias == nullptr ? 0.0f : p.bias[at];
    y[i] = (x[i] - p.mean) * p.factor * s + b;
  }
}

void AffineTarget(const float* x, size_t n, const float* mean,
                  const float* scale, const float* bias, float* y) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V c = hn::Sub(hn::LoadU(d, x + i), hn::LoadU(d, mean + i));
    hn::StoreU(
        hn::Add(hn::Mul(c, hn::LoadU(d, scale + i)), hn::LoadU(d, bias + i)), d,
        y + i);
  }
  for (; i < n; ++i) y[i] = (x[i] - mean[i]) * scale[i] + bias[i];
}

}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(SumTarget);
HWY_EXPORT(SquareTarget);
HWY_EXPORT(NormalizeTarget);
HWY_EXPORT(AffineTarget);

namespace {

constexpr size_t kBlock = 4096;

float MeanSquareAround(const float* x, size_t n, float mean) {
  double total = 0;
  for (size_t i = 0; i < n; i += kBlock) {
    const size_t count = std::min(kBlock, n - i);
    const float block = HWY_DYNAMIC_DISPATCH(SquareTarget)(x + i, count, mean);
    total += static_cast<double>(block);
  }
  return static_cast<float>(total / static_cast<double>(n));
}

}  // namespace

Moments MomentsOf(const float* x, size_t n) {
  double total = 0;
  for (size_t i = 0; i < n; i += kBlock) {
    const size_t count = std::min(kBlock, n - i);
    const float block = HWY_DYNAMIC_DISPATCH(SumTarget)(x + i, count);
    total += static_cast<double>(block);
  }
  const float mean = static_cast<float>(total / static_cast<double>(n));
  return {mean, MeanSquareAround(x, n, mean)};
}

float MeanSquareOf(const float* x, size_t n) {
  return MeanSquareAround(x, n, 0.0f);
}

void NormalizeRow(const float* x, size_t n, const NormParams& params,
                  float* y) {
  HWY_DYNAMIC_DISPATCH(NormalizeTarget)(x, n, params, y);
}

void AffineRow(const float* x, size_t n, const float* mean, const float* scale,
               const float* bias, float* y) {
  HWY_DYNAMIC_DISPATCH(AffineTarget)(x, n, mean, scale, bias, y);
}

}  // namespace hone
#endif  // HWY_ONCE
