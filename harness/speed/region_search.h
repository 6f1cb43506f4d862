// Which layers to leave in float so that a model runs fastest, by measurement.
//
// Begins with the faster of two models, every layer in int8 or none, and tries
// to turn groups of layers to the other side: kinds of layers first, then
// stretches of the graph, whole, halves, quarters, ... A group that makes the
// model faster stays turned. Neighbours are turned together because every
// border between float and int8 costs a conversion.
#ifndef HONE_HARNESS_SPEED_REGION_SEARCH_H_
#define HONE_HARNESS_SPEED_REGION_SEARCH_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hone::harness {

// One bool a layer, in the graph's order: left in float.
using InFloat = std::vector<bool>;

struct SpeedGroup {
  std::string name;  // "kind Conv, depthwise", "layers 1 to 12 of 24"
  std::vector<int> layers;
};

// Groups by `kinds` (one a layer), then stretches down to `least` layers.
std::vector<SpeedGroup> GroupsOf(const std::vector<std::string>& kinds,
                                 int least);

// The time of a candidate over that of the best so far.
struct SpeedRatio {
  double value = 1;
  bool faster = false;  // beyond the measurement's doubt
};
using MeasureSpeed = std::function<absl::StatusOr<SpeedRatio>(
    const InFloat& candidate, const InFloat& best)>;

struct SpeedDecision {
  std::string group;
  bool to_float = false;  // else to int8
  double ratio = 1;
  bool kept = false;
};

struct SpeedSearch {
  InFloat best;
  std::vector<SpeedDecision> decisions;  // in order, one a measurement
};

// At most `most` measurements. An error of `measure` ends the search.
absl::StatusOr<SpeedSearch> SearchRegions(const std::vector<SpeedGroup>& groups,
                                          size_t layers, int most,
                                          const MeasureSpeed& measure);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SPEED_REGION_SEARCH_H_
