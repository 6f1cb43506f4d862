// What verbs that measure have in common.
#ifndef HONE_HARNESS_VERBS_FIGURES_H_
#define HONE_HARNESS_VERBS_FIGURES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/data/bound_data.h"
#include "harness/data/metrics.h"
#include "harness/json/json.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

// {"top1": {"value", "low", "high"}}.
Json FiguresJson(const std::vector<Figure>& figures);

// "top1 0.9302 [0.9250, 0.9351]".
std::string FigureText(const Figure& figure);
// "0.9302 [0.9250, 0.9351]".
std::string IntervalText(double value, double low, double high);

// Warns about invented samples and samples that fill no batch.
void WarnAbout(const BoundData& data, Progress* progress);

// `--dry-run`: the passes with their numbers of runs of the model, and the time
// they would take by one timed run; nothing is written.
absl::StatusOr<Outcome> DryRun(
    Environment& environment, const hone_model* model,
    const std::shared_ptr<const BoundData>& data,
    const std::vector<std::pair<std::string, int64_t>>& passes);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_FIGURES_H_
