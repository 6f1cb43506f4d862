// Whether a rewritten model still computes what it did: both are run.
//
//   HONE_ASSIGN_OR_RETURN(Equivalence same,
//                         CheckEquivalence(before, after, nullptr, {}));
//   if (!same.Within(1e-3)) ...
#ifndef HONE_ALGORITHMS_EQUIVALENCE_EQUIVALENCE_H_
#define HONE_ALGORITHMS_EQUIVALENCE_EQUIVALENCE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/comparison/distance.h"
#include "algorithms/runner/sample_loop.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"

namespace hone {

struct OutputDifference {
  std::string name;
  Distance distance;    // of numbers, over all samples
  double greatest = 0;  // magnitude of a finite number of the first model
  int64_t unequal = 0;  // elements of integers, booleans and strings
  int64_t exact_elements = 0;  // that `unequal` is of
  std::string structure;       // what else differs: dtype, extents; "": nothing

  // max |x - y| / max |x|: 0 for equal outputs.
  double RelativeError() const;
};

struct Equivalence {
  uint64_t samples = 0;  // that both models ran on
  // Why there are fewer than asked for: the first model does not run on what
  // was invented.
  std::string not_checked;
  std::vector<OutputDifference> outputs;

  double MaxAbsError() const;
  double MaxRelativeError() const;
  double MinCosine() const;
  // Finite numbers stay finite, and extents, kinds and exact types equal.
  bool SameStructure() const;
  // SameStructure, no exact element differs, RelativeError() <= tolerance.
  bool Within(double tolerance) const;
};

struct EquivalenceOptions {
  uint64_t samples = 3;
  uint64_t seed = 0;
  int threads = 0;            // 0: AvailableThreads()
  uint64_t memory_limit = 0;  // bytes of a run's activations; 0: none
  std::function<void(const Progress&)> progress;
  const std::atomic<bool>* cancel = nullptr;
  // The second model's floats may be of another width.
  bool any_float = false;
};

// Runs both models on the first samples of `source`, or on InventInputs where
// it is null: then extents that the first model refuses are replaced by
// others. Inputs and outputs are paired by position. An operator without a
// kernel in the first model is `not_checked`, as is the first model's failing
// on all invented inputs; every failure of the second model is an error.
// Cancelled.
absl::StatusOr<Equivalence> CheckEquivalence(const Model& first,
                                             const Model& second,
                                             SampleSource* source,
                                             const EquivalenceOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_EQUIVALENCE_EQUIVALENCE_H_
