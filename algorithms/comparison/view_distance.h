// Distances of tensors of any numeric dtype.
#ifndef HONE_ALGORITHMS_COMPARISON_VIEW_DISTANCE_H_
#define HONE_ALGORITHMS_COMPARISON_VIEW_DISTANCE_H_

#include <string>

#include "algorithms/comparison/distance.h"
#include "ir/tensor/tensor.h"

namespace hone {

// Why the two cannot be compared: dtypes (a float with any float, an integer
// with the same integer) or extents that differ, or no numbers; "" when they
// can, and their distance was added to *sum.
std::string AddTensors(const Tensor& first, const Tensor& second,
                       Distance* sum);

}  // namespace hone

#endif  // HONE_ALGORITHMS_COMPARISON_VIEW_DISTANCE_H_
