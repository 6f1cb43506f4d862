#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/ml/ml.h"
#include "kernels/exec/ops/ml/trees.h"

namespace hone {
namespace {

enum Aggregate { kAverage, kSum, kMin, kMax };

class Ensemble {
 public:
  static absl::StatusOr<Ensemble> Of(const Node& node);
  absl::Status Run(const Node& node, const std::string& label,
                   const KernelContext& context) const;

 private:
  absl::Status ReadMembers(const Node& node);
  Trees trees_;
  std::vector<int64_t> targets_;  // of each leaf
  std::vector<double> weights_;
  int64_t target_count_ = 1;
  int64_t aggregate_ = kSum;
};

absl::StatusOr<Ensemble> Ensemble::Of(const Node& node) {
  Ensemble e;
  AttributeReader read(node);
  const auto features = read.Ints("nodes_featureids");
  const auto true_ids = read.Ints("nodes_truenodeids");
  const auto false_ids = read.Ints("nodes_falsenodeids");
  const auto true_leafs = read.Ints("nodes_trueleafs");
  const auto false_leafs = read.Ints("nodes_falseleafs");
  const auto missing = read.Ints("nodes_missing_value_tracks_true");
  const auto roots = read.Ints("tree_roots");
  e.targets_ = read.Ints("leaf_targetids");
  e.target_count_ = read.IntIn("n_targets", 1, 1, int64_t{1} << 31);
  e.aggregate_ = read.IntIn("aggregate_function", kSum, kAverage, kMax);
  if (read.Int("post_transform", 0) != 0) {
    return MakeError(absl::StatusCode::kUnimplemented, "post_transform",
                     {"", NodeLabel(node), "NONE", ""});
  }
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(e.weights_, NumbersAttribute(node, "leaf_weights"));
  HONE_ASSIGN_OR_RETURN(const auto splits,
                        NumbersAttribute(node, "nodes_splits"));
  HONE_ASSIGN_OR_RETURN(const auto modes,
                        NumbersAttribute(node, "nodes_modes"));
  const size_t n = features.size(), leaves = e.weights_.size();
  e.trees_.leaves = leaves;
  if (true_ids.size() != n || false_ids.size() != n || true_leafs.size() != n ||
      false_leafs.size() != n || splits.size() != n || modes.size() != n ||
      e.targets_.size() != leaves ||
      (!missing.empty() && missing.size() != n)) {
    return NodeError(node, "the lists of nodes and leaves", "of equal lengths");
  }
  const auto branch = [&](int64_t id,
                          int64_t leaf) -> absl::StatusOr<TreeBranch> {
    const size_t count = leaf != 0 ? leaves : n;
    if (id < 0 || static_cast<size_t>(id) >= count) {
      return NodeError(node, "a branch", absl::StrCat("below ", count),
                       absl::StrCat(id));
    }
    return TreeBranch{static_cast<size_t>(id), leaf != 0};
  };
  for (size_t i = 0; i < n; ++i) {
    TreeTest test;
    test.split = splits[i];
    if (features[i] < 0 || !(modes[i] >= 0 && modes[i] <= TreeTest::kMember)) {
      return NodeError(node, "a feature or mode", "one of ONNX's");
    }
    test.mode = static_cast<int>(modes[i]);
    test.feature = static_cast<size_t>(features[i]);
    e.trees_.features = std::max(e.trees_.features, test.feature + 1);
    test.missing_is_true = !missing.empty() && missing[i] != 0;
    HONE_ASSIGN_OR_RETURN(test.when_true, branch(true_ids[i], true_leafs[i]));
    HONE_ASSIGN_OR_RETURN(test.when_false,
                          branch(false_ids[i], false_leafs[i]));
    e.trees_.tests.push_back(std::move(test));
  }
  for (const int64_t root : roots) {
    HONE_ASSIGN_OR_RETURN(const TreeBranch at, branch(root, 0));
    e.trees_.roots.push_back(at);
  }
  for (const int64_t target : e.targets_) {
    if (target < 0 || target >= e.target_count_) {
      return NodeError(node, "a target",
                       absl::StrCat("below ", e.target_count_),
                       absl::StrCat(target));
    }
  }
  HONE_RETURN_IF_ERROR(e.ReadMembers(node));
  return e;
}

// Sets in the order of the tests that have one, each ended by a NaN.
absl::Status Ensemble::ReadMembers(const Node& node) {
  HONE_ASSIGN_OR_RETURN(const auto members,
                        NumbersAttribute(node, "membership_values"));
  size_t at = 0;
  for (TreeTest& test : trees_.tests) {
    if (test.mode != TreeTest::kMember) continue;
    while (at < members.size() && !std::isnan(members[at])) {
      test.members.push_back(members[at++]);
    }
    if (at++ >= members.size()) {
      return NodeError(node, "membership_values", "a set for each such node");
    }
  }
  return absl::OkStatus();
}

absl::Status Ensemble::Run(const Node& node, const std::string& label,
                           const KernelContext& context) const {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
  const Dims& dims = context.inputs[0].dims;
  if (dims.size() != 2 || dims[1] < static_cast<int64_t>(trees_.features)) {
    return NodeError(node, "extents of the input",
                     absl::StrCat("[n, ", trees_.features, "]"),
                     DimsToString(dims));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<double> x,
                        ReadNumbers(label, context.inputs[0]));
  std::vector<double> y;
  for (int64_t row = 0; row < dims[0]; ++row) {
    std::vector<double> sums(
        static_cast<size_t>(target_count_),
        aggregate_ == kMin   ? std::numeric_limits<double>::infinity()
        : aggregate_ == kMax ? -std::numeric_limits<double>::infinity()
                             : 0.0);
    for (const TreeBranch& root : trees_.roots) {
      const size_t leaf = trees_.LeafOf(root, x.data() + row * dims[1]);
      if (leaf >= weights_.size()) return NodeError(node, "a tree", "no cycle");
      double& sum = sums[static_cast<size_t>(targets_[leaf])];
      const double weight = weights_[leaf];
      sum = aggregate_ == kMin   ? std::min(sum, weight)
            : aggregate_ == kMax ? std::max(sum, weight)
                                 : sum + weight;
    }
    for (double& sum : sums) {
      if (aggregate_ == kAverage)
        sum /= static_cast<double>(trees_.roots.size());
    }
    y.insert(y.end(), sums.begin(), sums.end());
  }
  HONE_ASSIGN_OR_RETURN(Tensor result,
                        TensorOfNumbers(label, context.inputs[0].dtype,
                                        {dims[0], target_count_}, y));
  context.results[0] = std::move(result);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeTreeEnsemble(
    const KernelSpec& spec) {
  HONE_ASSIGN_OR_RETURN(Ensemble ensemble, Ensemble::Of(*spec.node));
  return MakeFunctionKernel(
      {"tree_ensemble", false, true},
      [ensemble = std::move(ensemble), node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return ensemble.Run(node, label, context);
      });
}

}  // namespace hone
