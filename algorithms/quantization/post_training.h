// Post-training quantization of a whole model to 8 bits.
//
//   Runner runner({});
//   HONE_ASSIGN_OR_RETURN(QuantizeResult result,
//                         QuantizePostTraining(model, source, {}, runner));
//
// BatchNormalization and the other patterns of fold/ are folded first; then one
// pass over the calibration samples collects ranges; then QuantizeLinear and
// DequantizeLinear are put in the places and forms that the runtime finds fast.
// Ranges and the choice of operators are NNCF's by default.
#ifndef HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_H_
#define HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/quantization/post_training_options.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "algorithms/statistics/statistics.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

struct QuantizeResult {
  Model model;
  Report rows;  // one per node of the given model, in its order
  int passes = 0;
  double wall_seconds = 0;
  double inference_seconds = 0;  // of wall_seconds, inside the float model
};

// Collects with `runner` over SpreadSamples(source.size(), subset_size, seed).
// InvalidArgument: bad options, a model or sample that does not fit, an empty
// source. NotFound: an ignored scope that matches nothing. Cancelled.
absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, SampleSource& source,
    const PostTrainingOptions& options, Runner& runner);

// The same from statistics that CollectCalibration gave, without any pass.
// InvalidArgument: statistics of another model. NotFound: they lack a value or
// the kind that the range estimator needs.
absl::StatusOr<QuantizeResult> QuantizePostTraining(
    const Model& model, const Statistics& statistics,
    const PostTrainingOptions& options);

// Statistics that serve every PostTrainingOptions of this model: all presets,
// ignored scopes, runtimes and estimators. `samples` are indices into the
// source.
absl::StatusOr<Statistics> CollectCalibration(
    const Model& model, SampleSource& source,
    absl::Span<const uint64_t> samples, Runner& runner);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_POST_TRAINING_H_
