#include <string>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

bool SameConstant(const NodeTable& table, absl::string_view a,
                  absl::string_view b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty();
  const Tensor* x = table.Constant(a);
  const Tensor* y = table.Constant(b);
  return x != nullptr && y != nullptr && (a == b || BitwiseEqual(*x, *y));
}

bool Inverts(const NodeTable& table, const Node& quantize,
             const Node& dequantize) {
  return dequantize.Is("DequantizeLinear") &&
         SameConstant(table, quantize.Input(1), dequantize.Input(1)) &&
         SameConstant(table, quantize.Input(2), dequantize.Input(2)) &&
         quantize.IntAttribute("axis", 1) ==
             dequantize.IntAttribute("axis", 1) &&
         quantize.IntAttribute("block_size", 0) ==
             dequantize.IntAttribute("block_size", 0);
}

bool FuseAt(NodeTable& table, int at) {
  const Node& quantize = table.node(at);
  if (!quantize.Is("QuantizeLinear") || quantize.inputs.size() < 2 ||
      table.Constant(quantize.Input(1)) == nullptr ||
      table.TypeOf(quantize.Input(0)).dtype != DType::kF32) {
    return false;
  }
  const std::string quantized = quantize.outputs[0];
  if (table.Kept(quantized)) return false;
  const std::vector<int> readers = table.Readers(quantized);
  if (readers.empty()) return false;
  for (const int reader : readers) {
    const Node& node = table.node(reader);
    if (!Inverts(table, quantize, node) ||
        table.TypeOf(node.outputs[0]).dtype != DType::kF32) {
      return false;
    }
  }
  // All readers compute the same values: one stays, and others that need a
  // name of their own keep the whole pair as it is.
  for (size_t i = 1; i < readers.size(); ++i) {
    if (!table.CanRename(table.node(readers[i]).outputs[0])) return false;
    for (const int r : table.Readers(table.node(readers[i]).outputs[0])) {
      if (r < readers[0]) return false;
    }
  }
  const std::string result = table.node(readers[0]).outputs[0];
  for (size_t i = 1; i < readers.size(); ++i) {
    table.Bypass(readers[i], table.node(readers[i]).outputs[0], result);
  }
  Node fused = table.node(at);
  fused.op_type = "QuantizeDequantize";
  fused.domain = std::string(kInternalDomain);
  fused.outputs = {result};
  table.Replace(readers[0], std::move(fused), {at});
  return true;
}

}  // namespace

int FuseQuantizeDequantize(FusionGraph& graph) {
  if (FindKernel(kInternalDomain, "QuantizeDequantize") == nullptr) return 0;
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) made += FuseAt(table, i) ? 1 : 0;
  table.Finish();
  return made;
}

}  // namespace hone
