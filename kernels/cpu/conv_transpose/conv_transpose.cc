#include "kernels/cpu/conv_transpose/conv_transpose.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/cpu/conv/conv.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/conv_transpose/scatter.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

// The product as a convolution of one image by 1x1 weights.
ConvShape ProductShape(const ConvShape& shape) {
  ConvShape product;
  product.groups = shape.groups;
  product.in_channels = shape.in_channels;
  product.out_channels = shape.out_channels * Volume(shape.kernel);
  product.in = shape.in;
  product.out = shape.in;
  return product;
}

size_t ProductBytes(const ConvShape& shape) {
  const int64_t floats = shape.groups * shape.out_channels *
                         Volume(shape.kernel) * shape.in_size();
  return static_cast<size_t>((floats + 15) / 16 * 16) * sizeof(float);
}

}  // namespace

PackedRows PackConvTransposeWeights(const ConvShape& shape, const float* w) {
  const int64_t rows = shape.out_channels * Volume(shape.kernel);
  return PackedRows({w, 1, rows}, shape.in_channels * rows, shape.groups, rows,
                    shape.in_channels);
}

size_t ConvTransposeScratchBytes(const ConvShape& shape, int threads) {
  return ProductBytes(shape) + ConvScratchBytes(ProductShape(shape), threads);
}

void ConvTranspose(const ConvShape& shape, const float* x, const PackedRows& w,
                   const float* bias, const Activation& activation, float* y,
                   std::byte* scratch, ThreadPool& pool) {
  const ConvShape product_shape = ProductShape(shape);
  float* const product = reinterpret_cast<float*>(scratch);
  std::byte* const rest = scratch + ProductBytes(shape);
  const int64_t channels = shape.groups * shape.out_channels;
  const int64_t rows = Volume(shape.kernel) * shape.in_size();
  for (int64_t n = 0; n < shape.batch; ++n) {
    Conv(product_shape,
         x + n * shape.groups * shape.in_channels * shape.in_size(), w, {},
         product, rest, pool);
    pool.ParallelFor(channels, [&](int64_t m, int) {
      ScatterTaps(shape, product + m * rows, bias == nullptr ? 0 : bias[m],
                  activation, y + (n * channels + m) * shape.out_size());
    });
  }
}

}  // namespace hone
