#include "algorithms/bias_correction/full_bias_correction.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "algorithms/subgraph/segments.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// A MatMul's bias is added by the next node, which is in the same segment.
int LastNode(const QuantizedLayer& layer) {
  return std::max(layer.node, layer.bias_node);
}

}  // namespace

FullBiasCorrection::FullBiasCorrection(std::vector<QuantizedLayer> layers,
                                       bool integer_bias,
                                       std::vector<LayerShift>* shifts)
    : layers_([&] {
        std::sort(layers.begin(), layers.end(),
                  [](const QuantizedLayer& a, const QuantizedLayer& b) {
                    return LastNode(a) < LastNode(b);
                  });
        return std::move(layers);
      }()),
      integer_bias_(integer_bias),
      shifts_(shifts) {}

std::vector<Segment> FullBiasCorrection::Segments(const Model& model) const {
  std::vector<int> last;
  for (const QuantizedLayer& layer : layers_) last.push_back(LastNode(layer));
  return CutAfter(model.graph, last);
}

const QuantizedLayer& FullBiasCorrection::LayerOf(
    const Segment& segment) const {
  return *std::find_if(layers_.begin(), layers_.end(),
                       [&](const QuantizedLayer& layer) {
                         return LastNode(layer) == segment.end - 1;
                       });
}

StatsRequest FullBiasCorrection::Wanted(const Segment& segment) const {
  const QuantizedLayer& layer = LayerOf(segment);
  StatsRequest request;
  request.Add(layer.output, layer.last_axis ? kLastAxisStats : kChannelStats);
  return request;
}

absl::StatusOr<Patch> FullBiasCorrection::Apply(
    const Model& model, const Segment& segment, const Stats& float_in,
    const Stats& changed_in, Replay& replay, Device& device) const {
  (void)device;
  const QuantizedLayer& layer = LayerOf(segment);
  const auto error = [&](const Stats& reference, const Stats& changed) {
    const ValueStatistics* y = reference.Find(layer.output);
    const ValueStatistics* y_q = changed.Find(layer.output);
    return y == nullptr || y_q == nullptr
               ? std::vector<double>()
               : Difference(ChannelMeans(*y), ChannelMeans(*y_q));
  };
  LayerShift shift =
      DecideShift(layer.output, error(float_in, changed_in),
                  error(replay.held_float(), replay.held_changed()));
  Patch patch;
  if (!shift.shift.empty()) {
    absl::StatusOr<Patch> moved =
        ShiftBias(model.graph, layer, shift.shift, integer_bias_);
    if (moved.ok()) {
      patch = *std::move(moved);
    } else {
      shift.shift.clear();
      shift.why = std::string(moved.status().message());
    }
  }
  shifts_->push_back(std::move(shift));
  return patch;
}

}  // namespace hone
