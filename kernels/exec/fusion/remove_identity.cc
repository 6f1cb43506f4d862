#include <string>

#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {
namespace {

bool IsIdentity(const NodeTable& table, const Node& node) {
  if (node.Is("Identity")) return true;
  if (node.Is("Dropout")) {
    return node.Output(1).empty() && node.Input(2).empty();
  }
  if (!node.Is("Cast")) return false;
  const DType from = table.TypeOf(node.Input(0)).dtype;
  return from != DType::kUndefined &&
         static_cast<int64_t>(from) == node.IntAttribute("to", 0);
}

}  // namespace

int RemoveIdentity(FusionGraph& graph) {
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) {
    const Node& node = table.node(i);
    if (!IsIdentity(table, node) || node.inputs.empty() ||
        node.outputs.empty() || node.inputs[0].empty()) {
      continue;
    }
    const std::string value = node.outputs[0];
    const std::string source = node.inputs[0];
    if (!table.CanRename(value)) continue;
    table.Bypass(i, value, source);
    ++made;
  }
  table.Finish();
  return made;
}

}  // namespace hone
