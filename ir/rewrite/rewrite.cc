#include "ir/rewrite/rewrite.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "ir/rewrite/remove_dead.h"

namespace hone {

std::string Rewriter::AddConstant(absl::string_view stem, Tensor tensor) {
  Initializer init;
  init.name = names_->Fresh(stem);
  init.tensor = std::move(tensor);
  constants_.push_back(std::move(init));
  return constants_.back().name;
}

std::string Rewriter::AddNode(absl::string_view op_type,
                              std::vector<std::string> inputs,
                              std::vector<Attribute> attributes) {
  Node node;
  node.op_type = std::string(op_type);
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  return AddNode(std::move(node));
}

std::string Rewriter::AddNode(Node node) {
  node.outputs = {names_->Fresh(node.op_type)};
  nodes_.push_back(std::move(node));
  return nodes_.back().outputs[0];
}

class GraphRewriter {
 public:
  GraphRewriter(absl::Span<const RewriteRule> rules, Graph* graph)
      : rules_(rules), graph_(graph), names_(*graph) {}

  // One pass; the number of replacements.
  int Round() {
    const GraphIndex index(*graph_);
    const size_t count = graph_->nodes.size();
    // A node of one replacement is no part of another in the same round: the
    // index does not know the new nodes.
    std::vector<bool> taken(count, false);
    std::vector<std::optional<std::vector<Node>>> replaced(count);
    std::vector<Initializer> constants;
    int replacements = 0;
    for (size_t i = count; i-- > 0;) {
      for (const RewriteRule& rule : rules_) {
        if (taken[i]) break;
        const std::optional<Match> match =
            FindMatch(rule.pattern, *graph_, index, static_cast<int>(i));
        if (!match.has_value() || AnyTaken(*match, taken) ||
            graph_->nodes[i].outputs.size() != 1) {
          continue;
        }
        Rewriter rewriter(*graph_, index, &names_);
        if (!rule.replace(*match, rewriter) || rewriter.nodes_.empty()) {
          continue;
        }
        for (int node : match->nodes) taken[static_cast<size_t>(node)] = true;
        Node& last = rewriter.nodes_.back();
        last.outputs[0] = graph_->nodes[i].outputs[0];
        if (last.name.empty()) last.name = graph_->nodes[i].name;
        replaced[i] = std::move(rewriter.nodes_);
        for (Initializer& init : rewriter.constants_)
          constants.push_back(std::move(init));
        ++replacements;
      }
    }
    if (replacements == 0) return 0;
    std::vector<Node> nodes;
    for (size_t i = 0; i < count; ++i) {
      if (!replaced[i].has_value()) {
        nodes.push_back(std::move(graph_->nodes[i]));
        continue;
      }
      for (Node& node : *replaced[i]) nodes.push_back(std::move(node));
    }
    graph_->nodes = std::move(nodes);
    for (Initializer& init : constants)
      graph_->initializers.push_back(std::move(init));
    RemoveDeadNodes(graph_);
    return replacements;
  }

 private:
  static bool AnyTaken(const Match& match, const std::vector<bool>& taken) {
    for (int node : match.nodes) {
      if (taken[static_cast<size_t>(node)]) return true;
    }
    return false;
  }

  absl::Span<const RewriteRule> rules_;
  Graph* graph_;
  NameAllocator names_;
};

int RewriteGraph(absl::Span<const RewriteRule> rules, Graph* graph) {
  GraphRewriter rewriter(rules, graph);
  int total = 0;
  for (size_t rounds = graph->nodes.size(); rounds-- > 0;) {
    const int replacements = rewriter.Round();
    if (replacements == 0) break;
    total += replacements;
  }
  return total;
}

}  // namespace hone
