// Nodes that are cheaper together: rewrites of the compiled graph, by name.
//
// Every fusion keeps the names of the values that others read, so a fused
// node's output has the type of the last node that it replaces. Fused operators
// live in the domain "hone.internal" and are never written to a file:
//
//   FusedConv, FusedConvTranspose, FusedGemm, FusedMatMul   ONNX's attributes
//       and inputs, then residual?; `activation`, `activation_params`
//       (kernels/exec/ops/conv, gemm)
//   Quantized...         ops/integer/integer.h
//   Blocked..., ChannelsToBlocks, BlocksToChannels   ops/blocked/blocked.h
//   QuantizeDequantize   x, scale, zero_point?; QuantizeLinear's attributes
//   Silu                 x * Sigmoid(x)
//
// To add one: a function of type FusionFn in a file of its own, a line in
// fusion.cc, a case in fusion_test.cc.
#ifndef HONE_KERNELS_EXEC_FUSION_FUSION_H_
#define HONE_KERNELS_EXEC_FUSION_FUSION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {

// Applies one rewrite wherever it fits; returns how many it made.
using FusionFn = int (*)(FusionGraph& graph);

struct Fusion {
  absl::string_view name;  // as in CompileOptions::no_fuse
  FusionFn apply;
  // Runs before constants are folded all the way: dequantized weights are still
  // integers.
  bool early = false;
};

// In the order in which they are applied.
absl::Span<const Fusion> AllFusions();

// Applies all of one kind, `early` or not, but those named in `no_fuse` ("all":
// none is applied). InvalidArgument: a name that no fusion has.
absl::Status Fuse(FusionGraph& graph, const std::vector<std::string>& no_fuse,
                  bool early);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_FUSION_H_
