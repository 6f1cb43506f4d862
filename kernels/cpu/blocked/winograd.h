// 3x3 convolution by Winograd's minimal filtering F(4x4, 3x3) over channels in
// blocks (blocks.h): 36 products for 16 outputs instead of 144 (Lavin and Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2015, section 4).
//
//   Y = A^T [sum_c (G g_c G^T) * (B^T d_c B)] A
//
// for every 4x4 tile of outputs, d the 6x6 inputs under it. Rounding costs
// about 2e-6 of the largest output (winograd_test).
#ifndef HONE_KERNELS_CPU_BLOCKED_WINOGRAD_H_
#define HONE_KERNELS_CPU_BLOCKED_WINOGRAD_H_

#include <cstddef>
#include <cstdint>

#include "hwy/aligned_allocator.h"
#include "kernels/cpu/conv/conv_epilogue.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

// G g G^T of every filter of w [out_channels, in_channels, 3, 3], computed in
// float64: 36 matrices [in_blocks * block][out_channels], as BlockedWeights has
// a pointwise convolution's.
class WinogradWeights {
 public:
  WinogradWeights(const float* w, int64_t out_channels, int64_t in_channels);

  const float* data(int64_t position) const {
    return data_.get() + position * floats_;
  }
  int64_t out_blocks() const { return out_blocks_; }
  size_t bytes() const { return 36 * sizeof(float) * floats_; }

 private:
  int64_t out_blocks_;
  int64_t floats_;  // of one matrix
  hwy::AlignedFreeUniquePtr<float[]> data_;
};

// One group, 3x3 over two axes, stride and dilation 1.
bool WinogradApplies(const ConvShape& shape);
// True where it is faster than the direct sum: enough channels and tiles to
// pay for the transforms and for weights four times as large. Requires
// WinogradApplies(shape).
bool WinogradPays(const ConvShape& shape);

// As BlockedConv of a blocked input. Requires WinogradApplies(shape).
size_t WinogradScratchBytes(const ConvShape& shape);
void WinogradConv(const ConvShape& shape, const float* x,
                  const WinogradWeights& w, const ConvEpilogue& epilogue,
                  float* y, std::byte* scratch, ThreadPool& pool);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BLOCKED_WINOGRAD_H_
