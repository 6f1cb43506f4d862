// The weights of an integer convolution as int8 products want them.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_CONV_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_CONV_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "ir/tensor/tensor.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/int8/depthwise/weights.h"
#include "kernels/cpu/int8/gemm/pack.h"

namespace hone {

struct PackedConv {
  // One of the two. Of w less its zero points where all of that is int8, else
  // of w as int8 (uint8 less 128).
  std::unique_ptr<const PackedInt8> gemm;
  std::unique_ptr<const Int8DepthwiseWeights> depthwise;
  bool centered = false;

  // w: dims [m, c, taps...] of bytes; zero: one, one a channel, or none when
  // they are not known yet.
  PackedConv(const ConvView& view, const Dims& dims, const uint8_t* w,
             bool is_signed, const std::vector<int32_t>* zero);

  size_t bytes() const {
    return gemm != nullptr ? gemm->bytes() : depthwise->bytes();
  }
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_PACKED_CONV_H_
