// What bias correction decides of one layer.
#ifndef HONE_ALGORITHMS_BIAS_CORRECTION_LAYER_SHIFT_H_
#define HONE_ALGORITHMS_BIAS_CORRECTION_LAYER_SHIFT_H_

#include <string>
#include <vector>

#include "algorithms/statistics/value_statistics.h"

namespace hone {

struct LayerShift {
  std::string output;        // the layer's, see QuantizedLayer
  std::vector<float> shift;  // one a channel; empty: the bias stays
  // Mean over channels of the squared mean error of the output on samples that
  // did not decide. A shift of the bias changes the mean squared error of the
  // output by after - before, since the error's variance stays.
  double before = 0;
  double after = 0;
  std::string why;  // why the bias stays
};

// By how much the bias must grow so that the mean of the float output is met:
// mean of `fit` per channel. It is undone when it does not lower the error on
// `held`. Either is the statistics by channel of (float - quantized).
LayerShift DecideShift(const std::string& output, std::vector<double> fit,
                       const std::vector<double>& held);

// Means of every channel.
std::vector<double> ChannelMeans(const ValueStatistics& statistics);
// a - b, element by element; nothing when the lengths differ.
std::vector<double> Difference(const std::vector<double>& a,
                               const std::vector<double>& b);

}  // namespace hone

#endif  // HONE_ALGORITHMS_BIAS_CORRECTION_LAYER_SHIFT_H_
