// Which quantized layers cost the model's outputs most.
//
// Each layer in turn is left in float and the rest quantized; its cost is by
// how much the error of the outputs falls: sum over samples and outputs of
// |y_quantized - y_float|^2 / |y_float|^2. What comes before the layer is
// computed once (prefix_runs.h).
#ifndef HONE_ALGORITHMS_ACCURACY_CONTROL_RANKING_H_
#define HONE_ALGORITHMS_ACCURACY_CONTROL_RANKING_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "algorithms/quantization/quantizer.h"
#include "algorithms/runner/runner.h"
#include "algorithms/runner/sample_source.h"
#include "ir/graph/graph.h"

namespace hone {

struct RankedLayer {
  int node = -1;    // of Quantizer::prepared()
  double cost = 0;  // of the outputs' relative squared error; may be negative
};

struct Ranking {
  std::vector<RankedLayer> layers;  // greatest cost first; ties in graph order
  double output_error = 0;          // with every layer quantized
  double reused = 0;                // share of node runs that were not needed
};

// `layers`: nodes of quantizer.prepared(), ascending. `samples` are indices
// into the source.
absl::StatusOr<Ranking> RankLayers(const Quantizer& quantizer,
                                   absl::Span<const int> layers,
                                   SampleSource& source,
                                   absl::Span<const uint64_t> samples,
                                   Runner& runner, uint64_t cache_bytes);

// What one layer costs the outputs, as RankLayers measures error.
struct LayerSensitivity {
  int node = -1;  // of Quantizer::prepared()
  // Of the outputs when only this layer is left in float.
  double without = 0;
  // Of the outputs when only this layer is quantized; nothing where a layer
  // whose neighbours are in float stays there too.
  std::optional<double> alone;
};

struct Sensitivity {
  std::vector<LayerSensitivity> layers;  // in the order asked
  double output_error = 0;               // with every layer quantized
  double reused = 0;  // share of node runs that were not needed
};

// Two runs a layer over those samples; `progress` (may be null) is told how
// many runs are done of all.
absl::StatusOr<Sensitivity> MeasureSensitivity(
    const Quantizer& quantizer, absl::Span<const int> layers,
    SampleSource& source, absl::Span<const uint64_t> samples, Runner& runner,
    uint64_t cache_bytes,
    const std::function<void(uint64_t done, uint64_t total)>& progress);

// Index of the first node of `quantized` that belongs to what node `layer` of
// `prepared` became; its DequantizeLinear nodes count. 0 when it is not found.
int FirstNodeOf(const Graph& prepared, int layer, const Graph& quantized);

}  // namespace hone

#endif  // HONE_ALGORITHMS_ACCURACY_CONTROL_RANKING_H_
