#include "kernels/exec/fusion/scale.h"

#include <string>

#include "ir/graph/graph.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {

bool ScaleOf(const NodeTable& table, const Node& node, float* factor,
             std::string* other) {
  if (node.inputs.size() != 2) return false;
  if (node.Is("Div")) {
    if (!table.ScalarConstant(node.inputs[1], factor) || *factor == 0) {
      return false;
    }
    *factor = 1 / *factor;
    *other = node.inputs[0];
    return true;
  }
  if (!node.Is("Mul")) return false;
  for (int i = 0; i < 2; ++i) {
    if (table.ScalarConstant(node.inputs[i], factor)) {
      *other = node.inputs[1 - i];
      return true;
    }
  }
  return false;
}

int OwnProducer(const NodeTable& table, const std::string& value, int reader) {
  return table.ReadOnlyBy(value, reader) ? table.Producer(value) : -1;
}

}  // namespace hone
