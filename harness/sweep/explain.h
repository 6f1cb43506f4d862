// What is shown of a study's best models besides figures: the float model's
// graph, and how far every value is from the float model's.
#ifndef HONE_HARNESS_SWEEP_EXPLAIN_H_
#define HONE_HARNESS_SWEEP_EXPLAIN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "harness/abi/handles.h"
#include "harness/data/bound_data.h"
#include "harness/progress/progress.h"
#include "harness/store/store.h"

namespace hone::harness {

struct ExplainSettings {
  hone_context* context = nullptr;
  const hone_model* model = nullptr;      // in float
  std::shared_ptr<const BoundData> data;  // its first samples are compared on
  std::string folder;                     // the study's
  Progress* progress = nullptr;
};

// Keeps the graph, and of each of these trials (which must be done) the
// comparison, in the store; what is there already stays.
absl::Status Explain(Store& store, const ExplainSettings& settings,
                     const std::vector<int64_t>& trials);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_EXPLAIN_H_
