// Replaces what patterns match.
//
//   // HardSwish from its parts.
//   const RewriteRule rule = {
//       "hard_swish",
//       Pattern::Op("Mul", {Pattern::Any("x"), Pattern::Op("HardSigmoid", {
//                              Pattern::Any("x")})}).Commutative(),
//       [](const Match& match, Rewriter& rewriter) {
//         rewriter.AddNode("HardSwish", {match.ValueOf("x")});
//         return true;
//       }};
//   RewriteGraph({rule}, &graph);
#ifndef HONE_IR_REWRITE_REWRITE_H_
#define HONE_IR_REWRITE_REWRITE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/pattern.h"
#include "ir/tensor/tensor.h"

namespace hone {

// What a rule builds its replacement with.
class Rewriter {
 public:
  Rewriter(const Graph& graph, const GraphIndex& index, NameAllocator* names)
      : graph_(graph), index_(index), names_(names) {}

  const Graph& graph() const { return graph_; }  // as it was when it matched
  const GraphIndex& index() const { return index_; }

  // A new constant; returns its value's name.
  std::string AddConstant(absl::string_view stem, Tensor tensor);
  // A new node with one new value, in the order of the calls; returns the
  // value's name. The value of the last call takes the place, and the name, of
  // the matched root's output 0.
  std::string AddNode(absl::string_view op_type,
                      std::vector<std::string> inputs,
                      std::vector<Attribute> attributes = {});
  // The same for a node made by the caller; its outputs are set here.
  std::string AddNode(Node node);

 private:
  friend class GraphRewriter;

  const Graph& graph_;
  const GraphIndex& index_;
  NameAllocator* names_;
  std::vector<Node> nodes_;
  std::vector<Initializer> constants_;
};

struct RewriteRule {
  std::string name;
  Pattern pattern;  // its root must have one output
  // False: leave this match as it is.
  std::function<bool(const Match& match, Rewriter& rewriter)> replace;
};

// Applies the rules, earlier ones first, from the last node to the first, until
// none matches any more, then removes nodes that became dead. Meanings and
// names of the graph's inputs and outputs stay, the order stays topological.
// Works on this graph alone, not inside subgraphs. Every application must bring
// the graph nearer to matching no rule; after as many rounds as the graph has
// nodes it stops. Returns the number of replacements.
int RewriteGraph(absl::Span<const RewriteRule> rules, Graph* graph);

}  // namespace hone

#endif  // HONE_IR_REWRITE_REWRITE_H_
