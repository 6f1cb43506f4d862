// The fusion "integer": operators between DequantizeLinear and QuantizeLinear
// become operators on integers (kernels/exec/ops/integer/integer.h).
//
//   DQ(x), DQ(w), DQ(bias) -> Conv, Gemm, MatMul (+ Add) [-> Relu, Clip] [-> Q]
//   DQ(a), DQ(b) -> Add, Mul [-> Relu, Clip] -> Q
//   DQ(x) -> elementwise operators, and constants -> Q     (a look-up)
//   DQ(x) -> MaxPool, AveragePool, GlobalAveragePool -> Q
//   DQ(x)... -> Concat -> Q
//   DQ(x) -> Reshape, Transpose, ... of one scale -> Q
//
// This is what such a graph means; a graph that does not match stays as it is:
// floats between Q and DQ. A product needs one scale for x, constant 8-bit
// weights whose zero points leave them within int8, and no bias or one of int32
// with scales float(sx * sw[c]). No tap, graph output or other reader may want
// a float in between. Images turn channels last on the way in and back on the
// way out.
#ifndef HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_H_
#define HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_H_

#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

// The number of operators that became integers. Runs before dequantized weights
// are folded to floats.
int FuseInteger(FusionGraph& graph);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_H_
