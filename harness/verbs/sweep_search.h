// The accuracy search of one run of `hone sweep`.
#ifndef HONE_HARNESS_VERBS_SWEEP_SEARCH_H_
#define HONE_HARNESS_VERBS_SWEEP_SEARCH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/json/json.h"
#include "harness/store/store.h"
#include "harness/sweep/abi_worker.h"
#include "harness/sweep/accuracy_search.h"
#include "harness/verbs/sweep_study.h"

namespace hone::harness {

// Study and worker must outlive it.
class SweepSearch {
 public:
  SweepSearch(const Study& study, AbiWorker& worker);

  // For TrialsOptions::more. Where the layers cannot be ranked, the search ends
  // with a warning; a cancelled run and a limit of this machine are errors.
  absl::StatusOr<std::vector<NewTrial>> Next(Store& store,
                                             const std::vector<Trial>& trials);
  // How it ended; "" while it has not.
  const std::string& verdict() const { return verdict_; }

 private:
  absl::StatusOr<Json> Measure(Store& store, const std::string& config);

  const Study& study_;
  AbiWorker& worker_;
  const AccuracyGoal goal_;
  std::string verdict_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_SWEEP_SEARCH_H_
