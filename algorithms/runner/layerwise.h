// Runs a Layerwise algorithm: walks the samples through the model segment by
// segment, each on what the earlier, changed segments gave.
//
//   HONE_ASSIGN_OR_RETURN(
//       LayerwiseResult result,
//       RunLayerwise(algorithm, float_model, quantized, source, samples, {},
//                    runner, *device));
//
// The data are read once; values between segments are kept in a BoundaryCache,
// so each segment is computed twice (measured, then as changed) and nothing
// before it again.
#ifndef HONE_ALGORITHMS_RUNNER_LAYERWISE_H_
#define HONE_ALGORITHMS_RUNNER_LAYERWISE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/contract/contract.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "kernels/exec/device.h"

namespace hone {

struct LayerwiseOptions {
  // Bytes of values between segments in memory; the rest is in a file.
  uint64_t cache_bytes = uint64_t{256} << 20;
};

struct LayerwiseResult {
  Model model;
  Report rows;     // of all patches
  int passes = 0;  // over the data: two of the float model, one of the changed
};

// `reference` is the float model, `model` the one that is changed; both have
// the same graph inputs, and the wanted values under the same names. `fit` and
// `held` are indices into the source, none in both; `held` may be empty.
// InvalidArgument: segments that do not follow each other, no sample, a wanted
// value that is not there. The algorithm's and the runner's errors.
absl::StatusOr<LayerwiseResult> RunLayerwise(
    const Layerwise& algorithm, const Model& reference, const Model& model,
    SampleSource& source, absl::Span<const uint64_t> fit,
    absl::Span<const uint64_t> held, const LayerwiseOptions& options,
    Runner& runner, Device& device);

}  // namespace hone

#endif  // HONE_ALGORITHMS_RUNNER_LAYERWISE_H_
