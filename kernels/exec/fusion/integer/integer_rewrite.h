// Steps of the fusion "integer" (fusions.h), each in a file of its own.
#ifndef HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_REWRITE_H_
#define HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_REWRITE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ir/graph/graph.h"
#include "kernels/exec/fusion/fusion_graph.h"
#include "kernels/exec/fusion/integer/quantized_value.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {

// Replaces node `at` by `fused`, whose outputs are those of `at`. `computed`:
// the nodes that it computes, in order, `at` last; those in `absorbed` have no
// other reader and go.
void ReplaceByInteger(FusionGraph& graph, NodeTable& table, int at, Node fused,
                      const std::vector<int>& computed,
                      const std::vector<int>& absorbed);

// A node of the internal domain named after `like`, without inputs.
Node IntegerNode(const std::string& op_type, const Node& like);

// The number of axes of the value, or 0 when it is not known.
int64_t RankOf(const NodeTable& table, absl::string_view value);

// Conv, Gemm, MatMul with their bias, Relu or Clip, and QuantizeLinear.
bool FuseProductAt(FusionGraph& graph, NodeTable& table, int at);

// What a QuantizeLinear reads: Add, Mul, pools, Concat of dequantized values,
// or an operator that only moves them.
bool FuseBinaryAt(FusionGraph& graph, NodeTable& table, int at);
bool FusePoolAt(FusionGraph& graph, NodeTable& table, int at);
bool FuseConcatAt(FusionGraph& graph, NodeTable& table, int at);
bool FuseMoveAt(FusionGraph& graph, NodeTable& table, int at);

// A QuantizeLinear whose input depends on one 8-bit value, element by element,
// becomes a look-up. `roots`: of which value each such output is a function.
bool FuseTableAt(FusionGraph& graph, NodeTable& table, int at,
                 std::map<std::string, std::string>& roots);

// Turns images between the integer nodes channels last.
void PutChannelsLast(FusionGraph& graph);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_INTEGER_INTEGER_REWRITE_H_
