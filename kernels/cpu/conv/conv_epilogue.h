// What a convolution adds to its sums before they leave.
#ifndef HONE_KERNELS_CPU_CONV_CONV_EPILOGUE_H_
#define HONE_KERNELS_CPU_CONV_CONV_EPILOGUE_H_

#include "kernels/cpu/gemm/activation.h"

namespace hone {

// y = activation(sum + bias + residual)
struct ConvEpilogue {
  const float* bias = nullptr;      // [groups * out_channels]; null: zeros
  const float* residual = nullptr;  // y's extents; null: zeros
  Activation activation;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_CONV_CONV_EPILOGUE_H_
