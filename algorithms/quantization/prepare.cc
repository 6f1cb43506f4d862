#include "algorithms/quantization/prepare.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "algorithms/fold/fold_after_linear.h"
#include "algorithms/fold/fold_hard_swish.h"
#include "algorithms/fold/fold_spatial_mean.h"
#include "ir/raise_opset/raise_opset.h"
#include "ir/rewrite/unlist_initializers.h"

namespace hone {
namespace {

constexpr int64_t kQuantizeLinearOpset = 10;
constexpr int64_t kPerAxisOpset = 13;
constexpr int64_t kHardSwishOpset = 14;

void DropStaleTypes(Graph* graph) {
  absl::flat_hash_set<std::string> made;
  for (const Node& node : graph->nodes) {
    made.insert(node.outputs.begin(), node.outputs.end());
  }
  std::vector<ValueInfo> kept;
  for (ValueInfo& info : graph->value_infos) {
    if (made.contains(info.name)) kept.push_back(std::move(info));
  }
  graph->value_infos = std::move(kept);
}

}  // namespace

absl::StatusOr<PreparedModel> PrepareForQuantization(const Model& model) {
  PreparedModel prepared;
  prepared.model = model;
  for (Node& node : prepared.model.graph.nodes) {
    prepared.original.push_back({NodeLabel(node), node.op_type, "", "", {}});
    if (node.name.empty()) {
      node.name = NodeLabel(node);
      prepared.given_names.insert(node.name);
    }
  }
  UnlistInitializers(&prepared.model);
  for (const int64_t target : {kHardSwishOpset, kPerAxisOpset}) {
    if (prepared.model.Opset() >= target) break;
    absl::StatusOr<Model> raised = RaiseOpset(prepared.model, target);
    if (raised.ok()) {
      prepared.model = *std::move(raised);
    } else if (target == kPerAxisOpset &&
               prepared.model.Opset() < kQuantizeLinearOpset) {
      return raised.status();
    }
  }
  FoldSpatialMean(&prepared.model);
  prepared.rows = FoldHardSwish(&prepared.model);
  Report folded = FoldAfterLinear(&prepared.model);
  prepared.rows.insert(prepared.rows.end(), folded.begin(), folded.end());
  DropStaleTypes(&prepared.model.graph);
  return prepared;
}

Report JoinRows(const PreparedModel& prepared, const Report& rows) {
  // Several nodes may have one name: their rows are taken in order.
  absl::flat_hash_map<std::string, std::vector<const ReportRow*>> by_label;
  for (const ReportRow& row : rows) by_label[row.node].push_back(&row);
  absl::flat_hash_map<std::string, std::vector<const ReportRow*>> folds;
  for (const ReportRow& row : prepared.rows) {
    folds[row.node].push_back(&row);
  }
  absl::flat_hash_map<std::string, size_t> taken, folds_taken;
  absl::flat_hash_set<const ReportRow*> used;
  Report joined;
  for (ReportRow row : prepared.original) {
    const ReportRow* found = nullptr;
    auto& list = by_label[row.node];
    size_t& at = taken[row.node];
    if (at < list.size()) found = list[at++];
    auto& fold_list = folds[row.node];
    size_t& fold_at = folds_taken[row.node];
    if (fold_at < fold_list.size()) {
      const ReportRow* fold = fold_list[fold_at++];
      row.done = fold->done;
      row.why = fold->why;
    } else if (found != nullptr) {
      row.done = found->done;
      row.why = found->why;
      row.numbers = found->numbers;
    } else {
      row.done = "removed";
      row.why = "its output is not needed any more";
    }
    if (found != nullptr) used.insert(found);
    joined.push_back(std::move(row));
  }
  for (const ReportRow& row : rows) {
    if (!used.contains(&row)) joined.push_back(row);
  }
  return joined;
}

void RemoveGivenNames(const PreparedModel& prepared, Graph* graph) {
  for (Node& node : graph->nodes) {
    if (prepared.given_names.contains(node.name)) node.name.clear();
  }
}

}  // namespace hone
