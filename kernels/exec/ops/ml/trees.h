// Decision trees, as TreeEnsemble and the operators before it store them.
#ifndef HONE_KERNELS_EXEC_OPS_ML_TREES_H_
#define HONE_KERNELS_EXEC_OPS_ML_TREES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/graph/graph.h"

namespace hone {

struct TreeBranch {
  size_t node = 0;  // or leaf
  bool leaf = false;
};

struct TreeTest {
  // In the order of TreeEnsemble's nodes_modes.
  enum Mode { kLeq, kLt, kGte, kGt, kEq, kNeq, kMember };

  int mode = kLeq;
  double split = 0;
  size_t feature = 0;
  bool missing_is_true = false;
  std::vector<double> members;
  TreeBranch when_true, when_false;

  bool Holds(double x) const {
    if (std::isnan(x) && missing_is_true) return true;
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

struct Trees {
  std::vector<TreeTest> tests;
  std::vector<TreeBranch> roots;
  size_t features = 0;  // that the tests read
  size_t leaves = 0;

  // The leaf that a row of features reaches; `leaves` when the tree has a
  // circle.
  size_t LeafOf(TreeBranch at, const double* x) const {
    // Every step goes to a test not passed before in a well-formed tree.
    for (size_t steps = 0; !at.leaf && steps <= tests.size(); ++steps) {
      const TreeTest& test = tests[at.node];
      at = test.Holds(x[test.feature]) ? test.when_true : test.when_false;
    }
    return at.leaf ? at.node : leaves;
  }
};

// What the leaves of TreeEnsembleClassifier and TreeEnsembleRegressor add:
// votes[leaf] are pairs of class (or target) and weight.
struct WeightedTrees {
  Trees trees;
  std::vector<std::vector<std::pair<size_t, double>>> votes;
  bool all_positive = true;  // no weight is negative
  size_t classes_voted = 0;  // different ones

  // `prefix` is "class" or "target"; ids are below `count`. InvalidArgument:
  // lists of different lengths, references to nothing.
  static absl::StatusOr<WeightedTrees> Of(const Node& node,
                                          absl::string_view prefix,
                                          size_t count);
};

// The elements of a tensor attribute; empty when it is absent.
absl::StatusOr<std::vector<double>> NumbersAttribute(const Node& node,
                                                     absl::string_view name);
// Of NAME_as_tensor, or of the list NAME.
absl::StatusOr<std::vector<double>> NumbersOrTensor(const Node& node,
                                                    absl::string_view name);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_TREES_H_
