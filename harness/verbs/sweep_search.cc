#include "harness/verbs/sweep_search.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/error/error.h"
#include "harness/sweep/sensitivity.h"
#include "harness/sweep/trials.h"

namespace hone::harness {
namespace {

AccuracyGoal GoalOf(const Study& study) {
  AccuracyGoal goal;
  goal.bounds.bounds = study.bounds;
  goal.bounds.first = study.settings.metrics[0];
  goal.bounds.directions = study.definition["higher_is_better"];
  goal.most_trials = study.most_trials;
  const Json& options = study.settings.base_options;
  if (options.contains("ignored_names")) {
    goal.ignored = options["ignored_names"].get<std::vector<std::string>>();
  }
  return goal;
}

}  // namespace

SweepSearch::SweepSearch(const Study& study, AbiWorker& worker)
    : study_(study), worker_(worker), goal_(GoalOf(study)) {}

absl::StatusOr<Json> SweepSearch::Measure(Store& store,
                                          const std::string& config) {
  return KeptSensitivity(store, config, [&](const std::string& key) {
    study_.settings.progress->Note("measuring what each layer costs: " + key);
    return worker_.Sensitivity(key);
  });
}

absl::StatusOr<std::vector<NewTrial>> SweepSearch::Next(
    Store& store, const std::vector<Trial>& trials) {
  absl::StatusOr<NextTrials> next = ProposeTrials(
      trials, goal_,
      [&](const std::string& config) { return Measure(store, config); });
  if (!next.ok()) {
    if (EndsTheRun(next.status())) return next.status();
    verdict_ = absl::StrCat("the layers cannot be ranked: ",
                            std::string(next.status().message()));
    study_.settings.progress->Warning(verdict_);
    return std::vector<NewTrial>();
  }
  verdict_ = next->verdict;
  return std::move(next->trials);
}

}  // namespace hone::harness
