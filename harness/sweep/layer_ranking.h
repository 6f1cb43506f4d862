// Which layers pay most to be left in float.
#ifndef HONE_HARNESS_SWEEP_LAYER_RANKING_H_
#define HONE_HARNESS_SWEEP_LAYER_RANKING_H_

#include <string>
#include <vector>

#include "harness/json/json.h"

namespace hone::harness {

struct RankedLayer {
  std::string name;
  size_t place = 0;  // in the graph's order
  double gain = 0;   // share of the outputs' error that goes when it is float
  double macs = 0;   // share of the layers' multiply-accumulates
  double score = 0;  // gain / (1 / layers + macs)
};

// hone_sensitivity's result by score, the greatest first; ties in graph order.
std::vector<RankedLayer> RankBySensitivity(const Json& sensitivity);

std::vector<std::string> NamesInGraphOrder(std::vector<RankedLayer> layers);

// The first few names, and how many more there are: "a, b and 3 more"; and with
// their gains: "a 61 %, b 20 % and 3 more".
std::string SomeNames(const std::vector<RankedLayer>& layers);
std::string NamesAndGains(const std::vector<RankedLayer>& layers);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_LAYER_RANKING_H_
