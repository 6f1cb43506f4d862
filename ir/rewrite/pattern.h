// Patterns of nodes, to find in a graph.
//
//   // Conv, then BatchNormalization.
//   const Pattern pattern =
//       Pattern::Op("BatchNormalization",
//                   {Pattern::Op("Conv", {Pattern::Any("x"),
//                                         Pattern::Constant("w")})
//                        .As("conv"),
//                    Pattern::Constant("scale"), Pattern::Constant("bias"),
//                    Pattern::Constant("mean"), Pattern::Constant("var")});
//   if (std::optional<Match> match = FindMatch(pattern, graph, index, i)) {
//     const Node& conv = graph.nodes[match->NodeOf("conv")];
//     const Tensor* w = index.ConstantTensor(match->ValueOf("w"));
//
// A pattern is a tree of values: its root is output 0 of a node, and so is
// every inner Op. Inner values must have no other reader than the node that the
// pattern says, and be no graph output, unless Shared(): then a replacement of
// the root leaves nothing dangling.
#ifndef HONE_IR_REWRITE_PATTERN_H_
#define HONE_IR_REWRITE_PATTERN_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

class Pattern {
 public:
  // Any present value. One name twice must be one value.
  static Pattern Any(std::string name);
  // An initializer that is no graph input (which could be overridden), or the
  // value of a Constant node, for which `holds` is true.
  static Pattern Constant(std::string name,
                          std::function<bool(const Tensor&)> holds = nullptr);
  // An input left out ("" or past the end of the node's inputs).
  static Pattern Absent();
  // Output 0 of a node of ONNX's default domain with exactly these inputs;
  // `op_types` is one type, or several separated by '|'.
  static Pattern Op(absl::string_view op_types, std::vector<Pattern> inputs);

  // Names the node.
  Pattern As(std::string name) &&;
  // The node must satisfy this too.
  Pattern Where(std::function<bool(const Node&)> holds) &&;
  // The two inputs may come in either order.
  Pattern Commutative() &&;
  // Other readers of the value are allowed.
  Pattern Shared() &&;

 private:
  friend class Matcher;
  enum class Kind { kAny, kConstant, kAbsent, kOp };

  Kind kind_ = Kind::kAny;
  std::string name_;
  std::vector<std::string> op_types_;
  std::vector<Pattern> inputs_;
  std::function<bool(const Tensor&)> constant_holds_;
  std::function<bool(const Node&)> node_holds_;
  bool commutative_ = false;
  bool shared_ = false;
};

struct Match {
  int root = -1;           // index into graph.nodes
  std::vector<int> nodes;  // all that Op matched, the root included, ascending

  // Require that the pattern names such a node (value).
  int NodeOf(absl::string_view name) const { return named_nodes.at(name); }
  const std::string& ValueOf(absl::string_view name) const {
    return values.at(name);
  }

  absl::flat_hash_map<std::string, int> named_nodes;
  absl::flat_hash_map<std::string, std::string> values;
};

// Matches the pattern with its root at nodes[root]; requires `index` to be of
// `graph`.
std::optional<Match> FindMatch(const Pattern& pattern, const Graph& graph,
                               const GraphIndex& index, int root);

}  // namespace hone

#endif  // HONE_IR_REWRITE_PATTERN_H_
