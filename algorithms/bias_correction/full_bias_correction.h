// Full bias correction: layer by layer in the graph's order, each measured on
// inputs as the earlier, quantized and corrected layers make them.
//
// shift[c] = E[y_float] - E[y_quantized], over samples and positions, added to
// the bias. Nagel et al. 2019, arXiv:1906.04721, sec. 4.2 (empirical), applied
// in sequence as NNCF's BiasCorrection does. The model is the quantized one;
// Wanted are the means by channel of the layers' outputs, which the float model
// has under the same names. A shift that does not lower the error on the held
// samples is undone. Errors of Apply: those of ShiftBias, except that a layer
// whose bias cannot be moved keeps it.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_FULL_BIAS_CORRECTION_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_FULL_BIAS_CORRECTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/bias_correction/layer_shift.h"
#include "algorithms/bias_correction/quantized_layer.h"
#include "algorithms/contract/contract.h"
#include "ir/graph/graph.h"

namespace hone {

class FullBiasCorrection : public Layerwise {
 public:
  // `layers`: of the quantized graph, those that are corrected. `integer_bias`:
  // see ShiftBias. Decisions are appended to *shifts.
  FullBiasCorrection(std::vector<QuantizedLayer> layers, bool integer_bias,
                     std::vector<LayerShift>* shifts);

  std::vector<Segment> Segments(const Model& model) const override;
  StatsRequest Wanted(const Segment& segment) const override;
  absl::StatusOr<Patch> Apply(const Model& model, const Segment& segment,
                              const Stats& float_in, const Stats& changed_in,
                              Replay& replay, Device& device) const override;

 private:
  const QuantizedLayer& LayerOf(const Segment& segment) const;

  const std::vector<QuantizedLayer> layers_;
  const bool integer_bias_;
  std::vector<LayerShift>* const shifts_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_FULL_BIAS_CORRECTION_H_
