// Runs variants of one model over the same samples without computing again what
// they have in common.
//
//   PrefixRuns runs(source, samples, runner, 256 << 20);
//   // Keeps the values that cross before node 40.
//   HONE_RETURN_IF_ERROR(runs.Run(first, {40}, true, samples, consume));
//   // Begins at those values where the second model has them too.
//   HONE_RETURN_IF_ERROR(runs.Run(second, {}, true, samples, consume));
//
// Values are known by the hash of the subgraph that makes them
// (statistics/value_hash.h), so a variant that differs anywhere before a cut
// does not begin there.
#ifndef HONE_ALGORITHMS_ACCURACY_CONTROL_PREFIX_RUNS_H_
#define HONE_ALGORITHMS_ACCURACY_CONTROL_PREFIX_RUNS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "algorithms/runner/boundary_cache.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

class PrefixRuns {
 public:
  using Consume =
      absl::FunctionRef<absl::Status(uint64_t, absl::Span<const Value>)>;

  // `samples`: those that runs may ask for. Kept values take at most
  // `cache_bytes` in memory and four times that in a temporary file; a cut that
  // does not fit is not kept. Source and runner must outlive this.
  PrefixRuns(SampleSource& source, std::vector<uint64_t> samples,
             Runner& runner, uint64_t cache_bytes);

  // The model's outputs of every one of `samples` go to `consume`, in their
  // order. With keep_before >= 0 the values that cross just before that node
  // are kept for later runs; a cut is of use once all samples have passed it.
  // The oldest of `kMostCuts` cuts is dropped for a new one.
  absl::Status Run(const Model& model, int keep_before,
                   absl::Span<const uint64_t> samples, const char* stage,
                   Consume consume);
  // The same without outputs: walks the samples as far as that node alone.
  absl::Status Advance(const Model& model, int keep_before, const char* stage);

  // Nodes of the main graphs that were run, and that were left out because a
  // kept cut gave their results, over all runs.
  int64_t nodes_run() const { return nodes_run_; }
  int64_t nodes_reused() const { return nodes_reused_; }

 private:
  static constexpr size_t kMostCuts = 4;

  struct Cut {
    std::vector<std::string> hashes;
    uint64_t samples_left = 0;  // until it is of use
  };

  absl::Status Go(const Model& model, int keep_before, bool outputs,
                  absl::Span<const uint64_t> samples, const char* stage,
                  Consume consume);
  void Forget(const Cut& cut);

  SampleSource& source_;
  const std::vector<uint64_t> samples_;
  Runner& runner_;
  const uint64_t most_bytes_;
  BoundaryCache cache_;
  std::deque<Cut> cuts_;
  int64_t nodes_run_ = 0;
  int64_t nodes_reused_ = 0;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_ACCURACY_CONTROL_PREFIX_RUNS_H_
