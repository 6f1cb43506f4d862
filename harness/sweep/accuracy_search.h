// The search that leaves in float what a bound on accuracy needs, and no more.
//
// It starts from fully quantized configurations (the grid's). Where none is
// within the bound, the layers of the best one are ranked by how much of the
// outputs' error goes when the layer is left in float, per what that costs:
//   gain / (1 / layers + macs / all macs),   gain = output_error - without
// (hone_sensitivity). The shortest head of the ranking is sought that is within
// the bound: 1, 2, 4, ... layers, then between them. The second best
// configuration is asked whether it needs fewer; and of the head that was
// found, layers go back into integers one by one, the dearest first, as long as
// the bound holds.
//
// At most two trials are proposed at once, so that --parallel has work, and
// what is proposed is a function of the trials and sensitivities that are in
// the store: a search that was stopped anywhere goes on as if it had not been.
#ifndef HONE_HARNESS_SWEEP_ACCURACY_SEARCH_H_
#define HONE_HARNESS_SWEEP_ACCURACY_SEARCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/store/store.h"
#include "harness/sweep/bounds.h"
#include "harness/sweep/sensitivity.h"

namespace hone::harness {

struct AccuracyGoal {
  MetricBounds bounds;
  int64_t most_trials = 0;  // beside the float model; 0: as many as it takes
  // Names that stay in float in every trial, by the study's options.
  std::vector<std::string> ignored;
};

struct NextTrials {
  std::vector<NewTrial> trials;  // none: the search has ended
  std::string verdict;           // how it ended
};

// `trials` are all of the study, the float model first, none of them open.
// Errors of `sensitivity` as they come.
absl::StatusOr<NextTrials> ProposeTrials(const std::vector<Trial>& trials,
                                         const AccuracyGoal& goal,
                                         const SensitivityOf& sensitivity);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_ACCURACY_SEARCH_H_
