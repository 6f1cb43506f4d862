// Runs a model over a source and hands its outputs on, in the order of the
// samples; a second model (the float one) runs in the same pass for comparison.
#ifndef HONE_ALGORITHMS_EVALUATION_EVALUATE_H_
#define HONE_ALGORITHMS_EVALUATION_EVALUATE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

// `reference` is empty when there is no reference model. Called by one thread
// at a time, in ascending order of index. An error stops the evaluation.
using ConsumeOutputs =
    std::function<absl::Status(uint64_t index, absl::Span<const Value> outputs,
                               absl::Span<const Value> reference)>;

struct Evaluation {
  uint64_t samples = 0;
  double wall_seconds = 0;
  double inference_seconds = 0;  // of one thread's worth, both models
};

// All samples of the source. `reference` may be null. InvalidArgument: the
// models' outputs differ in number, or a sample does not fit.
absl::StatusOr<Evaluation> Evaluate(const Model& model, const Model* reference,
                                    SampleSource& source, Runner& runner,
                                    const ConsumeOutputs& consume);

}  // namespace hone

#endif  // HONE_ALGORITHMS_EVALUATION_EVALUATE_H_
