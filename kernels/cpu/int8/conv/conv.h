// Convolution of uint8 activations with int8 weights, channels last.
//
//   acc[n, o, m] = b[m] + sum over taps k, channels c of
//                  (x[n, at(o, k), c] - zx) * w[m, c, k]     (int32, wraps)
//   y[n, o, m]   = epilogue(acc)                             (epilogue.h)
//
// x: [batch, in..., groups * in_channels], y: [batch, out..., groups *
// out_channels]. Outside of x a tap reads zx, so that it adds nothing.
//
// No patches are gathered: the product reads pixels by their addresses.
#ifndef HONE_KERNELS_CPU_INT8_CONV_CONV_H_
#define HONE_KERNELS_CPU_INT8_CONV_CONV_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// How the taps of a kernel are read; it depends on weights' extents only.
struct Int8ConvTaps {
  // x is copied between margins of zx first: rows of pixels with few channels,
  // or channels that are no multiple of four.
  bool padded = false;
  // A row of kernel[2] taps, which lie side by side, is one.
  bool merged = false;
  int64_t count = 1;
  int64_t depth = 4;  // bytes of one tap, a multiple of 4
};

Int8ConvTaps Int8ConvTapsOf(const ConvShape& shape);

// w: [groups * out_channels, in_channels, kernel...] as in the model, made
// [groups * out_channels][taps.count * taps.depth] for PackedInt8.
std::vector<int8_t> ArrangeInt8Taps(const ConvShape& shape, const int8_t* w);

size_t Int8ConvScratchBytes(const ConvShape& shape, int threads);

// weights: PackedInt8 of ArrangeInt8Taps. `scratch` is 64-byte aligned. y:
// uint8, int8, float32 or int32 as the epilogue says; no overlap with x.
// `outer` (product.h): at most one, its rows[g * batch * out_size + pixel].
void Int8Conv(const ConvShape& shape, const uint8_t* x, uint8_t zx,
              const PackedInt8& weights, const Int8Epilogue& epilogue, void* y,
              std::byte* scratch, ThreadPool& pool,
              absl::Span<const Int8Outer> outer = {});

// y[rows, groups * columns] of x[rows, depth], where depth may be any. `outer`
// (product.h): at most two, of all rows.
size_t Int8GemmScratchBytes(int64_t rows, int64_t depth, int threads);
void Int8Gemm(int64_t rows, int64_t depth, const uint8_t* x,
              const PackedInt8& weights, const Int8Epilogue& epilogue, void* y,
              std::byte* scratch, ThreadPool& pool,
              absl::Span<const Int8Outer> outer = {});

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_CONV_CONV_H_
