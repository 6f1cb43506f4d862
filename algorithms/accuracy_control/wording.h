// How accuracy control says what it decided.
#ifndef HONE_ALGORITHMS_ACCURACY_CONTROL_WORDING_H_
#define HONE_ALGORITHMS_ACCURACY_CONTROL_WORDING_H_

#include <cstddef>
#include <string>
#include <vector>

#include "algorithms/accuracy_control/accuracy_control.h"
#include "ir/graph/graph.h"

namespace hone {

// Why the layer of that place in the ranking (from 0) is in float.
std::string WhyInFloat(size_t place, size_t layers);

// One line: what was met, or how close it came and what costs most.
std::string SayResult(const AccuracyControlResult& result,
                      const std::vector<MetricBound>& bounds,
                      const Graph& prepared);

// Every layer's rank and cost as numbers of its row; a row a trial and one for
// the result on "(model)". `subset_baseline`: what trials that were rejected
// early are compared with.
void AddControlRows(const std::vector<MetricBound>& bounds,
                    const std::vector<MetricFigure>& subset_baseline,
                    const Graph& prepared, AccuracyControlResult* result);

}  // namespace hone

#endif  // HONE_ALGORITHMS_ACCURACY_CONTROL_WORDING_H_
