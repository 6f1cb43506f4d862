// The activation that a fusion left on a node, as an attribute.
//
//   activation         "" or absent (none), "Relu", "Clip", "LeakyRelu",
//                      "HardSigmoid", "HardSwish", "Sigmoid", "Silu",
//                      "Gelu", "Tanh"
//   activation_params  floats: Clip {min, max}, LeakyRelu {alpha},
//                      HardSigmoid {alpha, beta}; else empty
//
// The names and the order of the parameters are those of com.microsoft's
// FusedConv, which is read by the same code.
#ifndef HONE_KERNELS_EXEC_OPS_ACTIVATION_ACTIVATION_H_
#define HONE_KERNELS_EXEC_OPS_ACTIVATION_ACTIVATION_H_

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/gemm/activation.h"

namespace hone {

// InvalidArgument: an unknown name, or the wrong number of parameters.
absl::StatusOr<Activation> ReadActivation(const Node& node);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ACTIVATION_ACTIVATION_H_
