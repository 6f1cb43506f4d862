// Images read at places between their pixels, over float64 and any number of
// spatial axes.
#ifndef HONE_KERNELS_CPU_SAMPLE_SAMPLE_H_
#define HONE_KERNELS_CPU_SAMPLE_SAMPLE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

enum class SampleMode { kLinear, kNearest, kCubic };  // cubic: a = -0.75
enum class SamplePadding { kZeros, kBorder, kReflection };

struct GridSampleOptions {
  SampleMode mode = SampleMode::kLinear;
  SamplePadding padding = SamplePadding::kZeros;
  bool align_corners = false;
};

// y[n, c, p] = x[n, c] at grid[n, p], whose coordinates are in [-1, 1], the
// last axis first; -1 and 1 are the outer pixels' centers with align_corners,
// else their outer edges. Nearest rounds half to even. x [batch, channels,
// extents...], grid [batch, points, axes], y [batch, channels, points]. Source:
// Jaderberg et al. 2015, arXiv:1506.02025; ONNX GridSample-20.
void GridSample(ThreadPool& pool, const double* x, int64_t batch,
                int64_t channels, absl::Span<const int64_t> extents,
                const double* grid, int64_t points,
                const GridSampleOptions& options, double* y);

// theta [batch, d, d + 1] times the homogeneous coordinates (last axis first)
// of every pixel of `extents`: grid [batch, points, d].
void AffineGrid(const double* theta, int64_t batch,
                absl::Span<const int64_t> extents, bool align_corners,
                double* grid);

// x [rows, prod(block), prod(steps)] -> y [rows, prod(image)]: each column is a
// block of the image; what overlaps is added. steps = floor((image + pads -
// dilation * (block - 1) - 1) / stride) + 1. All spans have an element an axis.
struct BlockLayout {
  std::vector<int64_t> image, block, dilations, pads_begin, strides, steps;
};
// T: double, or uint64_t, which wraps around.
template <typename T>
void ColumnsToImage(const T* x, int64_t rows, const BlockLayout& layout, T* y);

// Deformable convolution of images. Dai et al. 2017, arXiv:1703.06211; Zhu et
// al. 2018, arXiv:1811.11168 (the mask).
struct DeformConvShape {
  int64_t batch = 1, channels = 1, h = 0, w = 0;
  int64_t outputs = 1, out_h = 0, out_w = 0, kernel_h = 1, kernel_w = 1;
  int64_t group = 1, offset_group = 1;
  int64_t stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
  int64_t pad_h = 0, pad_w = 0;  // at the beginning
};
// x [batch, channels, h, w], weight [outputs, channels / group, kh, kw], offset
// [batch, offset_group * kh * kw * 2, oh, ow] (rows, then columns), bias
// [outputs] or null, mask [batch, offset_group * kh * kw, oh, ow] or null.
void DeformConv(ThreadPool& pool, const DeformConvShape& shape, const double* x,
                const double* weight, const double* offset, const double* bias,
                const double* mask, double* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_SAMPLE_SAMPLE_H_
