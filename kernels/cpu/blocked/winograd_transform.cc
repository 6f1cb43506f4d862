#include "kernels/cpu/blocked/winograd_transform.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/gemm/activation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/blocked/winograd_transform.cc"
#include "hwy/foreach_target.h"
// After foreach_target, which includes this file once for every target.
#include "hwy/highway.h"
#include "kernels/cpu/gemm/activation-inl.h"
#include "kernels/cpu/gemm/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hone {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = hn::MaxLanes(D());

constexpr float kA = kWinogradA;
constexpr float kB = kWinogradB;
constexpr float kA2 = kA * kA;
constexpr float kB2 = kB * kB;

// B^T d: row 0 and row 5 are x^(0, 1) (x^2 - A^2) (x^2 - B^2), the others
// x (x +- A) (x^2 - B^2) and x (x +- B) (x^2 - A^2), coefficient by
// coefficient.
HWY_INLINE void TurnInput(const V* in, V* out) {
  const D d;
  const V a2_b2 = hn::Set(d, kA2 * kB2);
  const V both = hn::Set(d, kA2 + kB2);
  const V a = hn::Set(d, kA);
  const V b = hn::Set(d, kB);
  const V a2 = hn::Set(d, kA2);
  const V b2 = hn::Set(d, kB2);
  out[0] = hn::MulAdd(a2_b2, in[0], hn::NegMulAdd(both, in[2], in[4]));
  const V even_a = hn::NegMulAdd(b2, in[2], in[4]);
  const V odd_a = hn::NegMulAdd(b2, in[1], in[3]);
  out[1] = hn::MulAdd(a, odd_a, even_a);
  out[2] = hn::NegMulAdd(a, odd_a, even_a);
  const V even_b = hn::NegMulAdd(a2, in[2], in[4]);
  const V odd_b = hn::NegMulAdd(a2, in[1], in[3]);
  out[3] = hn::MulAdd(b, odd_b, even_b);
  out[4] = hn::NegMulAdd(b, odd_b, even_b);
  out[5] = hn::MulAdd(a2_b2, in[1], hn::NegMulAdd(both, in[3], in[5]));
}

// A^T m: row i holds the points to the power i; infinity counts in the last.
HWY_INLINE void TurnOutput(const V* in, V* out) {
  const D d;
  const V even_a = hn::Add(in[1], in[2]);
  const V odd_a = hn::Sub(in[1], in[2]);
  const V even_b = hn::Add(in[3], in[4]);
  const V odd_b = hn::Sub(in[3], in[4]);
  out[0] = hn::Add(in[0], hn::Add(even_a, even_b));
  out[1] = hn::MulAdd(hn::Set(d, kA), odd_a, hn::Mul(hn::Set(d, kB), odd_b));
  out[2] =
      hn::MulAdd(hn::Set(d, kA2), even_a, hn::Mul(hn::Set(d, kB2), even_b));
  out[3] = hn::MulAdd(hn::Set(d, kA2 * kA), odd_a,
                      hn::MulAdd(hn::Set(d, kB2 * kB), odd_b, in[5]));
}

void Input(const WinogradTiles& tiles, const float* x, int64_t first,
           int64_t count, float* v, int64_t position) {
  const D d;
  for (int64_t t = first; t < first + count; ++t, v += kLanes) {
    const int64_t h = t / tiles.columns() * 4 - tiles.pad_h;
    const int64_t w = t % tiles.columns() * 4 - tiles.pad_w;
    V columns[6][6];
    const bool inside =
        h >= 0 && w >= 0 && h + 6 <= tiles.in_height && w + 6 <= tiles.in_width;
    HONE_UNROLL for (int j = 0; j < 6; ++j) {
      V in[6];
      if (inside) {
        HONE_UNROLL for (int i = 0; i < 6; ++i) {
          in[i] = hn::LoadU(d, x + ((h + i) * tiles.in_width + w + j) * kLanes);
        }
      } else {
        HONE_UNROLL for (int i = 0; i < 6; ++i) {
          const bool there = h + i >= 0 && h + i < tiles.in_height &&
                             w + j >= 0 && w + j < tiles.in_width;
          in[i] = there ? hn::LoadU(d, x + ((h + i) * tiles.in_width + w + j) *
                                               kLanes)
                        : hn::Zero(d);
        }
      }
      V out[6];
      TurnInput(in, out);
      HONE_UNROLL for (int i = 0; i < 6; ++i) columns[i][j] = out[i];
    }
    HONE_UNROLL for (int i = 0; i < 6; ++i) {
      V out[6];
      TurnInput(columns[i], out);
      HONE_UNROLL for (int j = 0; j < 6; ++j) {
        hn::StoreU(out[j], d, v + (i * 6 + j) * position);
      }
    }
  }
}

void Output(const WinogradTiles& tiles, const float* m, int64_t first,
            int64_t count, int64_t position, const float* bias,
            const float* residual, const Activation& activation, float* y) {
  const D d;
  const V start = bias == nullptr ? hn::Zero(d) : hn::LoadU(d, bias);
  const bool clamp = activation.kind == Activation::Kind::kClamp;
  const V low = hn::Set(d, activation.a);
  const V high = hn::Set(d, activation.b);
  for (int64_t t = first; t < first + count; ++t, m += kLanes) {
    const int64_t h = t / tiles.columns() * 4;
    const int64_t w = t % tiles.columns() * 4;
    const int64_t height = std::min<int64_t>(4, tiles.out_height - h);
    const int64_t width = std::min<int64_t>(4, tiles.out_width - w);
    V rows[4][6];
    HONE_UNROLL for (int j = 0; j < 6; ++j) {
      V in[6];
      HONE_UNROLL for (int i = 0; i < 6; ++i) {
        in[i] = hn::LoadU(d, m + (i * 6 + j) * position);
      }
      V out[4];
      TurnOutput(in, out);
      HONE_UNROLL for (int i = 0; i < 4; ++i) rows[i][j] = out[i];
    }
    HONE_UNROLL for (int i = 0; i < 4; ++i) {
      V out[4];
      TurnOutput(rows[i], out);
      if (i < height) {
        const int64_t at = ((h + i) * tiles.out_width + w) * kLanes;
        HONE_UNROLL for (int j = 0; j < 4; ++j) {
          if (j < width) {
            V sum = hn::Add(out[j], start);
            if (residual != nullptr) {
              sum = hn::Add(sum, hn::LoadU(d, residual + at + j * kLanes));
            }
            if (clamp) sum = ClampVector(d, sum, low, high);
            hn::StoreU(sum, d, y + at + j * kLanes);
          }
        }
        if (!activation.in_tile()) {
          ActivateRow(activation, y + at, static_cast<size_t>(width * kLanes));
        }
      }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace hone
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hone {

HWY_EXPORT(Input);
HWY_EXPORT(Output);

void WinogradInput(const WinogradTiles& tiles, const float* x, int64_t first,
                   int64_t count, float* v, int64_t position) {
  HWY_DYNAMIC_DISPATCH(Input)(tiles, x, first, count, v, position);
}

void WinogradOutput(const WinogradTiles& tiles, const float* m, int64_t first,
                    int64_t count, int64_t position, const float* bias,
                    const float* residual, const Activation& activation,
                    float* y) {
  HWY_DYNAMIC_DISPATCH(Output)
  (tiles, m, first, count, position, bias, residual, activation, y);
}

}  // namespace hone
#endif  // HWY_ONCE
