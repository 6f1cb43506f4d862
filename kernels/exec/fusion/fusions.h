// The fusions of fusion.cc's table, each in a file of its own name.
#ifndef HONE_KERNELS_EXEC_FUSION_FUSIONS_H_
#define HONE_KERNELS_EXEC_FUSION_FUSIONS_H_

#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

// y = Identity(x), Dropout without training, Cast to x's own type: readers of y
// read x.
int RemoveIdentity(FusionGraph& graph);

// BatchNormalization(Conv(x, W, b)) = Conv(x, W s, (b - mean) s + beta), s =
// scale / sqrt(var + epsilon), computed in float64; ConvTranspose too. All
// parameters constant.
int FuseConvBatchNorm(FusionGraph& graph);

// x * clip(x + 3, 0, 6) / 6, written in any order, and x * HardSigmoid(x; 1/6,
// 1/2) become HardSwish(x); clip(x + 3, 0, 6) / 6 alone becomes HardSigmoid.
int FuseHardSwish(FusionGraph& graph);

// x * Sigmoid(x) becomes Silu.
int FuseSilu(FusionGraph& graph);

// x * (1 + Erf(x / sqrt 2)) / 2, multiplied in any order, becomes Gelu.
int FuseGelu(FusionGraph& graph);

// DequantizeLinear(QuantizeLinear(x)) of the same constant scale and zero point
// becomes QuantizeDequantize.
int FuseQuantizeDequantize(FusionGraph& graph);

// Conv(x, W) + a constant per output channel becomes Conv's bias.
int FuseConvBias(FusionGraph& graph);

// Conv(x, W, b) + r of the same extents becomes FusedConv's residual.
int FuseConvAdd(FusionGraph& graph);

// MatMul(a, B) + bias[N] becomes FusedMatMul; Gemm without C takes it as C.
int FuseMatMulBias(FusionGraph& graph);

// An activation that alone reads a Conv, ConvTranspose (fused or not) moves
// into it.
int FuseConvActivation(FusionGraph& graph);

// The same for Gemm and MatMul.
int FuseMatMulActivation(FusionGraph& graph);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_FUSIONS_H_
