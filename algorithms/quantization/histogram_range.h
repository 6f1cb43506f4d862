// The range whose 256 levels lose least of a histogram.
#ifndef HONE_ALGORITHMS_QUANTIZATION_HISTOGRAM_RANGE_H_
#define HONE_ALGORITHMS_QUANTIZATION_HISTOGRAM_RANGE_H_

#include "algorithms/quantization/ranges.h"
#include "algorithms/statistics/histogram.h"

namespace hone {

// Minimises the sum over bins of count * E[(x - quantized x)^2], x uniform in
// its bin: clipping costs the squared distance, rounding scale^2 / 12. Searched
// over both ends at the hundredths of [min, max] (of the greatest magnitude
// when symmetric), one end after the other. Requires a histogram that is not
// empty.
ActivationRange LeastErrorRange(const Histogram& histogram, float min,
                                float max, bool symmetric);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_HISTOGRAM_RANGE_H_
