#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/ml/row_model.h"
#include "kernels/exec/ops/ml/trees.h"

namespace hone {
namespace {

enum Aggregate { kAverage, kSum, kMin, kMax };

// Votes of all trees, by class or target; `voted`: which got one.
bool Vote(const WeightedTrees& model, size_t count, size_t aggregate,
          const double* x, std::vector<double>* scores,
          std::vector<bool>* voted) {
  scores->assign(count, 0);
  voted->assign(count, false);
  for (const TreeBranch& root : model.trees.roots) {
    const size_t leaf = model.trees.LeafOf(root, x);
    if (leaf >= model.votes.size()) return false;
    for (const auto& [target, weight] : model.votes[leaf]) {
      double& score = (*scores)[target];
      const bool first = !(*voted)[target];
      score = first               ? weight
              : aggregate == kMin ? std::min(score, weight)
              : aggregate == kMax ? std::max(score, weight)
                                  : score + weight;
      (*voted)[target] = true;
    }
  }
  if (aggregate == kAverage) {
    for (double& score : *scores) {
      score /= static_cast<double>(model.trees.roots.size());
    }
  }
  return true;
}

class TreeRegressor : public RowModel {
 public:
  TreeRegressor(WeightedTrees model, std::vector<double> base, size_t targets,
                size_t aggregate)
      : model_(std::move(model)),
        base_(std::move(base)),
        targets_(targets),
        aggregate_(aggregate) {}
  size_t features() const override { return model_.trees.features; }
  bool Run(const double* x, RowScores* out) const override {
    std::vector<bool> voted;
    if (!Vote(model_, targets_, aggregate_, x, &out->scores, &voted)) {
      return false;
    }
    for (size_t t = 0; t < base_.size(); ++t) out->scores[t] += base_[t];
    return true;
  }

 private:
  const WeightedTrees model_;
  const std::vector<double> base_;
  const size_t targets_, aggregate_;
};

class TreeClassifier : public RowModel {
 public:
  TreeClassifier(WeightedTrees model, std::vector<double> base, size_t classes)
      : model_(std::move(model)), base_(std::move(base)), classes_(classes) {}
  size_t features() const override { return model_.trees.features; }

  bool Run(const double* x, RowScores* out) const override {
    std::vector<double>& scores = out->scores;
    std::vector<bool> voted;
    if (!Vote(model_, classes_, kSum, x, &scores, &voted)) return false;
    const bool binary = classes_ == 2 && model_.classes_voted == 1;
    if (!binary) {
      for (size_t c = 0; c < base_.size(); ++c) scores[c] += base_[c];
      // Of those that got a vote or a base.
      out->label = 0;
      bool any = false;
      for (size_t c = 0; c < classes_; ++c) {
        if (!voted[c] && base_.empty()) continue;
        if (!any || scores[c] > scores[out->label]) out->label = c;
        any = true;
      }
      return true;
    }
    // One class alone has weights: its score decides between two.
    double score = voted[1] ? scores[1] : scores[0];
    if (!voted[1] || base_.size() == 2) {
      if (!base_.empty()) score += base_.back();
      scores = {score};
      out->second = model_.all_positive ? SecondScore::kComplement
                                        : SecondScore::kNegative;
    }
    out->label = score > (model_.all_positive ? 0.5 : 0) ? 1 : 0;
    return true;
  }

 private:
  const WeightedTrees model_;
  const std::vector<double> base_;
  const size_t classes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowModel>> MakeTreeModel(const Node& node,
                                                        size_t classes) {
  const bool regressor = node.op_type == "TreeEnsembleRegressor";
  static constexpr absl::string_view kAggregates[] = {"AVERAGE", "SUM", "MIN",
                                                      "MAX"};
  AttributeReader read(node);
  const size_t aggregate = read.Choice("aggregate_function", "SUM",
                                       absl::MakeConstSpan(kAggregates));
  const size_t count =
      regressor ? static_cast<size_t>(read.IntIn("n_targets", 1, 1, 1 << 30))
                : classes;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  HONE_ASSIGN_OR_RETURN(
      WeightedTrees model,
      WeightedTrees::Of(node, regressor ? "target" : "class", count));
  HONE_ASSIGN_OR_RETURN(std::vector<double> base,
                        NumbersOrTensor(node, "base_values"));
  const bool one_base = !regressor && base.size() == 1;
  if (count == 0 || (!base.empty() && base.size() != count && !one_base)) {
    return NodeError(node, "base values", absl::StrCat(count),
                     absl::StrCat(base.size()));
  }
  if (regressor) {
    return std::make_unique<TreeRegressor>(std::move(model), std::move(base),
                                           count, aggregate);
  }
  return std::make_unique<TreeClassifier>(std::move(model), std::move(base),
                                          count);
}

}  // namespace hone
