#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <variant>
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

namespace hone {
namespace {

enum Mode { kLeq, kLt, kGte, kGt, kEq, kNeq, kMember };
enum Aggregate { kAverage, kSum, kMin, kMax };

struct Branch {
  size_t node = 0;  // or leaf
  bool leaf = false;
};

struct Test {
  int mode = kLeq;
  double split = 0;
  size_t feature = 0;
  bool missing_is_true = false;
  std::vector<double> members;
  Branch when_true, when_false;

  bool Holds(double x) const {
    if (std::isnan(x)) return missing_is_true;
    switch (mode) {
      case kLeq:
        return x <= split;
      case kLt:
        return x < split;
      case kGte:
        return x >= split;
      case kGt:
        return x > split;
      case kEq:
        return x == split;
      case kNeq:
        return x != split;
      default:
        return std::find(members.begin(), members.end(), x) != members.end();
    }
  }
};

absl::StatusOr<std::vector<double>> NumbersOf(const Node& node,
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

class Ensemble {
 public:
  static absl::StatusOr<Ensemble> Of(const Node& node);
  absl::Status Run(const Node& node, const std::string& label,
                   const KernelContext& context) const;

 private:
  absl::Status ReadMembers(const Node& node);
  // The leaf that a row of features reaches.
  size_t LeafOf(Branch at, const double* x) const {
    // Every step goes to a test not passed before in a well-formed tree.
    for (size_t steps = 0; !at.leaf && steps <= tests_.size(); ++steps) {
      const Test& test = tests_[at.node];
      at = test.Holds(x[test.feature]) ? test.when_true : test.when_false;
    }
    return at.leaf ? at.node : weights_.size();
  }

  std::vector<Test> tests_;
  std::vector<Branch> roots_;
  std::vector<int64_t> targets_;  // of each leaf
  std::vector<double> weights_;
  int64_t target_count_ = 1;
  int64_t aggregate_ = kSum;
  size_t features_ = 0;
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
  HONE_ASSIGN_OR_RETURN(e.weights_, NumbersOf(node, "leaf_weights"));
  HONE_ASSIGN_OR_RETURN(const auto splits, NumbersOf(node, "nodes_splits"));
  HONE_ASSIGN_OR_RETURN(const auto modes, NumbersOf(node, "nodes_modes"));
  const size_t n = features.size(), leaves = e.weights_.size();
  if (true_ids.size() != n || false_ids.size() != n || true_leafs.size() != n ||
      false_leafs.size() != n || splits.size() != n || modes.size() != n ||
      e.targets_.size() != leaves ||
      (!missing.empty() && missing.size() != n)) {
    return NodeError(node, "the lists of nodes and leaves", "of equal lengths");
  }
  const auto branch = [&](int64_t id, int64_t leaf) -> absl::StatusOr<Branch> {
    const size_t count = leaf != 0 ? leaves : n;
    if (id < 0 || static_cast<size_t>(id) >= count) {
      return NodeError(node, "a branch", absl::StrCat("below ", count),
                       absl::StrCat(id));
    }
    return Branch{static_cast<size_t>(id), leaf != 0};
  };
  for (size_t i = 0; i < n; ++i) {
    Test test;
    test.split = splits[i];
    if (features[i] < 0 || !(modes[i] >= 0 && modes[i] <= kMember)) {
      return NodeError(node, "a feature or mode", "one of ONNX's");
    }
    test.mode = static_cast<int>(modes[i]);
    test.feature = static_cast<size_t>(features[i]);
    e.features_ = std::max(e.features_, test.feature + 1);
    test.missing_is_true = !missing.empty() && missing[i] != 0;
    HONE_ASSIGN_OR_RETURN(test.when_true, branch(true_ids[i], true_leafs[i]));
    HONE_ASSIGN_OR_RETURN(test.when_false,
                          branch(false_ids[i], false_leafs[i]));
    e.tests_.push_back(std::move(test));
  }
  for (const int64_t root : roots) {
    HONE_ASSIGN_OR_RETURN(const Branch at, branch(root, 0));
    e.roots_.push_back(at);
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
                        NumbersOf(node, "membership_values"));
  size_t at = 0;
  for (Test& test : tests_) {
    if (test.mode != kMember) continue;
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
  if (dims.size() != 2 || dims[1] < static_cast<int64_t>(features_)) {
    return NodeError(node, "extents of the input",
                     absl::StrCat("[n, ", features_, "]"), DimsToString(dims));
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
    for (const Branch& root : roots_) {
      const size_t leaf = LeafOf(root, x.data() + row * dims[1]);
      if (leaf >= weights_.size()) return NodeError(node, "a tree", "no cycle");
      double& sum = sums[static_cast<size_t>(targets_[leaf])];
      const double weight = weights_[leaf];
      sum = aggregate_ == kMin   ? std::min(sum, weight)
            : aggregate_ == kMax ? std::max(sum, weight)
                                 : sum + weight;
    }
    for (double& sum : sums) {
      if (aggregate_ == kAverage) sum /= static_cast<double>(roots_.size());
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
