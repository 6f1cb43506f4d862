// Moves the biases of a quantized model so that every layer's mean output is
// the float model's again.
//
// kFast: each layer on the float model's inputs, quantized; one more pass over
// the data (Nagel et al. 2019, arXiv:1906.04721, sec. 4.2). kFull: in sequence,
// see full_bias_correction.h; three passes. Layers without a bias get one.
//
// A quarter of the samples decide nothing and judge everything: a layer's shift
// that does not lower the error of its mean output there is undone, and all of
// them when the model's outputs there are further from the float model's than
// before.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_BIAS_CORRECTION_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_BIAS_CORRECTION_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/bias_correction/layer_shift.h"
#include "algorithms/bias_correction/method.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "kernels/exec/device.h"

namespace hone {

struct BiasCorrectionResult {
  std::vector<LayerShift> shifts;  // one per quantized layer
  bool undone = false;             // all of them, by the model's outputs
  // Squared error of the outputs over the squared float outputs, on the held
  // samples, before and after.
  double output_error_before = 0;
  double output_error_after = 0;
  int passes = 0;
};

// `quantized` was made from `reference`, values kept their names. `samples` are
// indices into the source, of which at most 128 are used, spread over them;
// fewer than 4 are too few to judge, and nothing is corrected.
// `integer_bias`: see ShiftBias.
absl::StatusOr<BiasCorrectionResult> CorrectBiases(
    BiasCorrection method, const Model& reference, const Model& quantized,
    bool integer_bias, SampleSource& source, absl::Span<const uint64_t> samples,
    Runner& runner, Device& device);

// Shifts the biases of those layers that `quantized` has.
absl::Status ApplyShifts(absl::Span<const LayerShift> shifts, bool integer_bias,
                         Model* quantized);

// Says in the rows of `reference`'s nodes (one a node, in its order) what was
// done to their biases; a row on the model at the end.
void AddBiasRows(BiasCorrection method, const BiasCorrectionResult& result,
                 const Graph& reference, Report* rows);

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_BIAS_CORRECTION_H_
