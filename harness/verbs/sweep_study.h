// What `hone sweep` was asked for, and the study that it becomes.
#ifndef HONE_HARNESS_VERBS_SWEEP_STUDY_H_
#define HONE_HARNESS_VERBS_SWEEP_STUDY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/cli/arguments.h"
#include "harness/cli/quantities.h"
#include "harness/json/json.h"
#include "harness/store/store.h"
#include "harness/sweep/abi_worker.h"
#include "harness/sweep/space.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

// What is asked for, recipe and command line together.
struct Request {
  Arguments arguments;
  Json search;       // null: there is none
  std::string file;  // where the search comes from, for messages
};

// The command line, and the recipe where the first argument is one.
absl::StatusOr<Request> ReadRequest(const Arguments& typed);

struct Study {
  AbiWorker::Settings settings;
  ModelPtr model;
  Json definition;
  SearchMethod method = SearchMethod::kGrid;
  Space space;
  std::vector<NewTrial> trials;
  std::vector<Bound> bounds;  // each names its metric
  int64_t most_trials = 0;    // beside the float model; 0: no limit
};

// Opens model and data, checks every configuration, and writes the definition
// by which a study is known again. `folder` is the study's.
absl::StatusOr<Study> PrepareStudy(const Environment& environment,
                                   const Request& request,
                                   const std::string& folder);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_SWEEP_STUDY_H_
