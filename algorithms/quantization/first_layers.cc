#include "algorithms/quantization/first_layers.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "algorithms/fold/linear_affine.h"

namespace hone {
namespace {

constexpr int64_t kCheapChannels = 3;

bool IsActivation(const Node& node) {
  return node.Is("Relu") || node.Is("Clip") || node.Is("HardSwish") ||
         node.Is("LeakyRelu") || node.Is("Sigmoid");
}

}  // namespace

bool IsCheapFirstConv(const Model& model, const GraphIndex& index,
                      int node_index) {
  const Node& conv = model.graph.nodes[node_index];
  const Tensor* weight = FixedConstant(index, conv.Input(1));
  if (!index.IsGraphInput(conv.Input(0)) || weight == nullptr ||
      weight->rank() < 3 ||
      weight->dims()[1] * conv.IntAttribute("group", 1) > kCheapChannels) {
    return false;
  }
  std::string value = conv.outputs[0];
  for (;;) {
    const std::vector<int>& readers = index.Consumers(value);
    if (readers.size() != 1) return true;
    const Node& next = model.graph.nodes[readers[0]];
    if (next.Is("MaxPool")) return false;
    if (!IsActivation(next)) return true;
    value = next.outputs[0];
  }
}

std::vector<int> HalfRangeNodes(const Graph& graph, const GraphIndex& index,
                                OverflowFix fix,
                                const std::vector<bool>& weighted) {
  std::vector<int> found;
  if (fix == OverflowFix::kDisable) return found;
  if (fix == OverflowFix::kEnable) {
    for (size_t i = 0; i < weighted.size(); ++i) {
      if (weighted[i]) found.push_back(static_cast<int>(i));
    }
    return found;
  }
  // Breadth first from the inputs; a convolution ends its path, and one that
  // stays float needs no fix.
  std::vector<int> queue;
  absl::flat_hash_set<int> visited;
  for (const ValueInfo& input : graph.inputs) {
    const std::vector<int>& readers = index.Consumers(input.name);
    queue.insert(queue.end(), readers.begin(), readers.end());
  }
  for (size_t at = 0; at < queue.size(); ++at) {
    const int i = queue[at];
    if (!visited.insert(i).second) continue;
    const Node& node = graph.nodes[i];
    if (node.Is("Conv")) {
      if (weighted[i]) found.push_back(i);
      continue;
    }
    for (const std::string& output : node.outputs) {
      const std::vector<int>& readers = index.Consumers(output);
      queue.insert(queue.end(), readers.begin(), readers.end());
    }
  }
  return found;
}

}  // namespace hone
