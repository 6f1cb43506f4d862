#include "kernels/exec/ops/ml/trees.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/strings.h"

namespace hone {
namespace {

constexpr absl::string_view kModes[] = {"BRANCH_LEQ", "BRANCH_LT",
                                        "BRANCH_GTE", "BRANCH_GT",
                                        "BRANCH_EQ",  "BRANCH_NEQ"};

using Place = std::pair<int64_t, int64_t>;  // tree, node

absl::Status OfEqualLengths(const Node& node) {
  return NodeError(node, "the lists of nodes and leaves", "of equal lengths");
}

}  // namespace

absl::StatusOr<std::vector<double>> NumbersAttribute(const Node& node,
                                                     absl::string_view name) {
  const Attribute* attribute = node.FindAttribute(name);
  if (attribute == nullptr) return std::vector<double>();
  const auto* tensor = std::get_if<Tensor>(&attribute->data);
  if (tensor == nullptr) {
    return NodeError(node, name, "a tensor", "another kind");
  }
  const Tensor aligned = tensor->Aligned();
  TensorView view;
  view.dtype = aligned.dtype();
  view.dims = aligned.dims();
  view.size = aligned.size();
  view.data = aligned.bytes().data();
  return ReadNumbers(NodeLabel(node), view);
}

absl::StatusOr<std::vector<double>> NumbersOrTensor(const Node& node,
                                                    absl::string_view name) {
  const std::string tensor = absl::StrCat(name, "_as_tensor");
  if (node.FindAttribute(tensor) != nullptr) {
    return NumbersAttribute(node, tensor);
  }
  const std::vector<float> floats = node.FloatsAttribute(name);
  return std::vector<double>(floats.begin(), floats.end());
}

absl::StatusOr<WeightedTrees> WeightedTrees::Of(const Node& node,
                                                absl::string_view prefix,
                                                size_t count) {
  const auto ints = [&](absl::string_view name) {
    return node.IntsAttribute(name);
  };
  const auto features = ints("nodes_featureids"), ids = ints("nodes_nodeids");
  const auto tree_ids = ints("nodes_treeids");
  const auto when_true = ints("nodes_truenodeids");
  const auto when_false = ints("nodes_falsenodeids");
  const auto missing = ints("nodes_missing_value_tracks_true");
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> modes,
                        StringsAttribute(node, "nodes_modes"));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> splits,
                        NumbersOrTensor(node, "nodes_values"));
  const size_t n = ids.size();
  if (features.size() != n || tree_ids.size() != n || when_true.size() != n ||
      when_false.size() != n || modes.size() != n || splits.size() != n ||
      (!missing.empty() && missing.size() != n)) {
    return OfEqualLengths(node);
  }
  WeightedTrees result;
  Trees& trees = result.trees;
  // First every node's number, as a test or as a leaf.
  std::map<Place, TreeBranch> places;
  std::vector<size_t> of_test;
  for (size_t i = 0; i < n; ++i) {
    const bool leaf = modes[i] == "LEAF";
    const TreeBranch at = {leaf ? trees.leaves++ : of_test.size(), leaf};
    if (!leaf) of_test.push_back(i);
    if (!places.emplace(Place(tree_ids[i], ids[i]), at).second) {
      return NodeError(node, "a node of a tree", "one of its number",
                       absl::StrCat(ids[i], " of tree ", tree_ids[i]));
    }
  }
  const auto branch = [&](int64_t tree, int64_t id,
                          TreeBranch* to) -> absl::Status {
    const auto found = places.find({tree, id});
    if (found == places.end()) {
      return NodeError(node, "a branch", "a node of its tree",
                       absl::StrCat(id, " of tree ", tree));
    }
    *to = found->second;
    return absl::OkStatus();
  };
  for (const size_t i : of_test) {
    TreeTest test;
    const auto* mode =
        std::find(std::begin(kModes), std::end(kModes), modes[i]);
    if (mode == std::end(kModes) || features[i] < 0) {
      return NodeError(node, "a feature or mode", "one of ONNX's", modes[i]);
    }
    test.mode = static_cast<int>(mode - std::begin(kModes));
    test.split = splits[i];
    test.feature = static_cast<size_t>(features[i]);
    test.missing_is_true = !missing.empty() && missing[i] != 0;
    HONE_RETURN_IF_ERROR(branch(tree_ids[i], when_true[i], &test.when_true));
    HONE_RETURN_IF_ERROR(branch(tree_ids[i], when_false[i], &test.when_false));
    trees.features = std::max(trees.features, test.feature + 1);
    trees.tests.push_back(std::move(test));
  }
  // A tree begins with the first of its nodes that is listed.
  std::set<int64_t> rooted;
  for (size_t i = 0; i < n; ++i) {
    if (!rooted.insert(tree_ids[i]).second) continue;
    trees.roots.push_back(places[{tree_ids[i], ids[i]}]);
  }
  const auto vote_trees = ints(absl::StrCat(prefix, "_treeids"));
  const auto vote_nodes = ints(absl::StrCat(prefix, "_nodeids"));
  const auto vote_ids = ints(absl::StrCat(prefix, "_ids"));
  HONE_ASSIGN_OR_RETURN(
      const std::vector<double> weights,
      NumbersOrTensor(node, absl::StrCat(prefix, "_weights")));
  if (vote_trees.size() != weights.size() ||
      vote_nodes.size() != weights.size() ||
      vote_ids.size() != weights.size()) {
    return OfEqualLengths(node);
  }
  result.votes.resize(trees.leaves);
  std::set<int64_t> voted;
  for (size_t i = 0; i < weights.size(); ++i) {
    const auto found = places.find({vote_trees[i], vote_nodes[i]});
    if (found == places.end() || vote_ids[i] < 0 ||
        static_cast<size_t>(vote_ids[i]) >= count) {
      return NodeError(
          node, "a weight", "that of a leaf and of a class",
          absl::StrCat("node ", vote_nodes[i], ", class ", vote_ids[i]));
    }
    voted.insert(vote_ids[i]);
    result.all_positive = result.all_positive && weights[i] >= 0;
    // What hangs on an inner node is never reached.
    if (!found->second.leaf) continue;
    result.votes[found->second.node].emplace_back(
        static_cast<size_t>(vote_ids[i]), weights[i]);
  }
  result.classes_voted = voted.size();
  return result;
}

}  // namespace hone
