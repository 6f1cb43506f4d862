#include "kernels/exec/fusion/integer/integer.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kernels/exec/fusion/integer/integer_rewrite.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {
namespace {

// Dequantized weights that nobody reads any more must not be folded to floats.
void DropUnread(FusionGraph& graph) {
  std::vector<Node>& nodes = graph.model->graph.nodes;
  std::set<std::string, std::less<>> read(graph.kept.begin(), graph.kept.end());
  std::vector<Node> left;
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const bool dequantize =
        it->Is("DequantizeLinear") || it->Is("QuantizeLinear");
    if (dequantize && read.count(it->Output(0)) == 0) continue;
    ForEachRead(
        *it, [&](absl::string_view name) { read.insert(std::string(name)); });
    left.push_back(std::move(*it));
  }
  nodes.assign(std::make_move_iterator(left.rbegin()),
               std::make_move_iterator(left.rend()));
}

bool HasQuantization(const FusionGraph& graph) {
  for (const Node& node : graph.model->graph.nodes) {
    if (node.Is("DequantizeLinear")) return true;
  }
  return false;
}

}  // namespace

void ReplaceByInteger(FusionGraph& graph, NodeTable& table, int at, Node fused,
                      const std::vector<int>& computed,
                      const std::vector<int>& absorbed) {
  const std::string output = table.node(at).outputs[0];
  std::map<std::string, std::string> hidden;
  std::vector<Node> originals;
  for (const int index : computed) {
    Node node = table.node(index);
    for (std::string& input : node.inputs) {
      const auto found = hidden.find(input);
      if (found != hidden.end()) input = found->second;
    }
    if (index != at) {
      // A name of its own: the real value may have other readers.
      std::string name = absl::StrCat(output, "/integer", originals.size());
      hidden[node.outputs[0]] = name;
      node.outputs[0] = std::move(name);
    }
    originals.push_back(std::move(node));
  }
  fused.outputs = table.node(at).outputs;
  table.Replace(at, std::move(fused), absorbed);
  graph.originals[output] = std::move(originals);
}

Node IntegerNode(const std::string& op_type, const Node& like) {
  Node node;
  node.op_type = op_type;
  node.domain = std::string(kInternalDomain);
  node.name = like.name;
  return node;
}

int64_t RankOf(const NodeTable& table, absl::string_view value) {
  const Type& type = table.TypeOf(value);
  return type.is_tensor() && type.shape.has_value()
             ? static_cast<int64_t>(type.shape->size())
             : 0;
}

int FuseInteger(FusionGraph& graph) {
  if (!HasQuantization(graph)) return 0;
  int made = 0;
  {
    NodeTable table(graph);
    std::map<std::string, std::string> roots;
    for (int i = 0; i < table.size(); ++i) {
      made += FuseProductAt(graph, table, i) ? 1 : 0;
    }
    for (int i = 0; i < table.size(); ++i) {
      const bool fused =
          FuseTableAt(graph, table, i, roots) ||
          FuseBinaryAt(graph, table, i) || FusePoolAt(graph, table, i) ||
          FuseConcatAt(graph, table, i) || FuseMoveAt(graph, table, i);
      made += fused ? 1 : 0;
    }
    table.Finish();
  }
  DropUnread(graph);
  PutChannelsLast(graph);
  return made;
}

}  // namespace hone
