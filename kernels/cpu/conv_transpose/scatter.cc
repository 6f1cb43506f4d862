#include "kernels/cpu/conv_transpose/scatter.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/activation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/conv_transpose/scatter.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// y[i] += from[i] for whole vectors of D from i on below `end`; returns where
// it stopped.
template <class D>
HWY_INLINE int64_t AddEach(D d, const float* from, int64_t i, int64_t end,
                           float* y) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (; i + lanes <= end; i += lanes) {
    hn::StoreU(hn::Add(hn::LoadU(d, y + i), hn::LoadU(d, from + i)), d, y + i);
  }
  return i;
}

// y[2 * i] += from[i], likewise; `room` floats of y may be written back.
template <class D>
HWY_INLINE int64_t AddEverySecond(D d, const float* from, int64_t i,
                                  int64_t end, int64_t room, float* y) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (; i + lanes <= end && 2 * (i + lanes) <= room; i += lanes) {
    auto even = hn::Zero(d), odd = hn::Zero(d);
    hn::LoadInterleaved2(d, y + 2 * i, even, odd);
    hn::StoreInterleaved2(hn::Add(even, hn::LoadU(d, from + i)), odd, d,
                          y + 2 * i);
  }
  return i;
}

// y[first + i * stride] += from[i] for the i in [0, n) that land in [0,
// extent).
void AddRow(const float* from, int64_t n, int64_t first, int64_t stride,
            int64_t extent, float* y) {
  const int64_t begin = first >= 0 ? 0 : (-first + stride - 1) / stride;
  const int64_t end =
      first >= extent ? 0 : std::min(n, (extent - first + stride - 1) / stride);
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 4> d4;
  float* const to = y + first;
  int64_t i = begin;
  if (stride == 1) {
    i = AddEach(d, from, i, end, to);
    i = AddEach(d4, from, i, end, to);
  } else if (stride == 2) {
    i = AddEverySecond(d, from, i, end, extent - first, to);
    i = AddEverySecond(d4, from, i, end, extent - first, to);
  }
  for (; i < end; ++i) to[i * stride] += from[i];
}

void Scatter(const ConvShape& s, const float* products, float bias,
             const Activation& activation, float* y) {
  const size_t size = static_cast<size_t>(s.out_size());
  std::fill(y, y + size, bias);
  const Spatial& k = s.kernel;
  for (int64_t kd = 0; kd < k[0]; ++kd) {
    for (int64_t kh = 0; kh < k[1]; ++kh) {
      for (int64_t kw = 0; kw < k[2]; ++kw) {
        const int64_t first = kw * s.dilation[2] - s.pad_begin[2];
        for (int64_t id = 0; id < s.in[0]; ++id) {
          const int64_t od =
              id * s.stride[0] + kd * s.dilation[0] - s.pad_begin[0];
          for (int64_t ih = 0; ih < s.in[1]; ++ih, products += s.in[2]) {
            const int64_t oh =
                ih * s.stride[1] + kh * s.dilation[1] - s.pad_begin[1];
            if (od < 0 || od >= s.out[0] || oh < 0 || oh >= s.out[1]) continue;
            AddRow(products, s.in[2], first, s.stride[2], s.out[2],
                   y + (od * s.out[1] + oh) * s.out[2]);
          }
        }
      }
    }
  }
  if (activation.kind != Activation::Kind::kNone) {
    ActivateRow(activation, y, size);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Scatter);

void ScatterTaps(const ConvShape& shape, const float* products, float bias,
                 const Activation& activation, float* y) {
  HWY_DYNAMIC_DISPATCH(Scatter)(shape, products, bias, activation, y);
}

}  // namespace hone
#endif  // HWY_ONCE
