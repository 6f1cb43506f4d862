// How far a model is from another one (a quantized one from the float model):
// outputs, and every value that both have.
//
// Each sample runs through both models; the values of the first wait in memory
// for those of the second, in groups of values that fit into the budget, one
// run of each model a group. Only sums are kept (distance.h), added in the
// order of the samples: results do not depend on the number of threads.
#ifndef HONE_ALGORITHMS_COMPARISON_COMPARE_H_
#define HONE_ALGORITHMS_COMPARISON_COMPARE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/comparison/distance.h"
#include "algorithms/comparison/pair_values.h"
#include "algorithms/runner/sample_loop.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"

namespace hone {

struct CompareOptions {
  // Nothing but the graph outputs: the models run as they are, fused.
  bool outputs_only = false;
  int threads = 0;  // 0: AvailableThreads()
  // Bytes of waiting values, of all threads; 0: kWaitingBytes. A value that
  // exceeds it alone still waits alone.
  uint64_t waiting_bytes = 0;
  uint64_t memory_limit = 0;  // bytes of one run's activations; 0: none
  std::function<void(const Progress&)> progress;
  const std::atomic<bool>* cancel = nullptr;
};

inline constexpr uint64_t kWaitingBytes = uint64_t{256} << 20;

struct ComparedValue {
  ValuePair value;
  bool output = false;  // of the graph
  Distance distance;
};

struct Comparison {
  std::vector<ComparedValue> values;  // worst SQNR first; of equals by name
  std::vector<LeftOut> left_out;
  uint64_t samples = 0;
  double wall_seconds = 0;
  int groups = 1;  // runs of each model a sample
};

// Every sample of the source, which gives the first model's inputs; the second
// model's are the same by name. Outputs are paired by position.
// InvalidArgument: inputs or numbers of outputs differ, or a sample does not
// fit. Cancelled.
absl::StatusOr<Comparison> Compare(const Model& first, const Model& second,
                                   SampleSource& source,
                                   const CompareOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_COMPARISON_COMPARE_H_
