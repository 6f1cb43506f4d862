// Convolution over one or two axes a few output pixels by a vector of output
// channels at a time (pixel_product.h). The same sums as Conv's, in the same
// order for any number of threads.
#ifndef HONE_KERNELS_CPU_CONV_CONV_PIXELS_H_
#define HONE_KERNELS_CPU_CONV_CONV_PIXELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// Weights [groups * out_channels, in_channels, kernel...] with output channels
// in vectors.
class PixelWeights {
 public:
  PixelWeights(const float* w, int64_t groups, int64_t out_channels,
               int64_t depth);

  const float* data(int64_t group) const { return groups_[group].data(); }
  size_t bytes() const;

 private:
  std::vector<PackedColumns> groups_;
};

// Nothing along the outermost axis.
bool ConvPixelsApplies(const ConvShape& shape);
// True where Conv would lose more lanes in short rows than this loses in
// turning its results. Requires ConvPixelsApplies(shape).
bool ConvPixelsPays(const ConvShape& shape);

// As Conv. Requires ConvPixelsApplies(shape).
size_t ConvPixelsScratchBytes(const ConvShape& shape, int threads);
void ConvPixels(const ConvShape& shape, const float* x, const PixelWeights& w,
                const ConvEpilogue& epilogue, float* y, std::byte* scratch,
                ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_PIXELS_H_
