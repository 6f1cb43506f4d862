// Which activations a narrower type could not hold.
#ifndef HONE_ALGORITHMS_CONVERT_LARGE_VALUES_H_
#define HONE_ALGORITHMS_CONVERT_LARGE_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"

namespace hone {

// The float32 values of the main graph (functions' calls inlined) that have a
// finite element beyond +-limit on the first `samples` samples of `source`, or
// of invented inputs where it is null; none where the model does not run on
// what was invented. Cancelled, ResourceExhausted; with a source its errors.
absl::StatusOr<absl::flat_hash_set<std::string>> FindLargeValues(
    const Model& model, double limit, SampleSource* source, uint64_t samples,
    uint64_t seed, const RunnerOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONVERT_LARGE_VALUES_H_
