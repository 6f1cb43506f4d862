// A static SVG: a metric against file size, with confidence intervals.
#ifndef HONE_HARNESS_REPORT_PLOT_H_
#define HONE_HARNESS_REPORT_PLOT_H_

#include <string>
#include <vector>

namespace hone::harness {

struct Mark {
  double size = 0;  // bytes
  double value = 0;
  double low = 0;
  double high = 0;
  std::string name;  // shown beside it when it is on the front
  bool on_front = false;
  bool is_float = false;
};

// Sizes on the x axis from 0, values on the y axis over what the intervals
// span. The front is joined by a line. Marks with values that are not finite
// are left out. `metric` names the y axis.
std::string ParetoPlot(const std::vector<Mark>& marks,
                       const std::string& metric);

struct Bar {
  double db = 0;
  std::string name;
  bool quantized = false;
};

// A bar for each node in its order; equal values (200 dB) are left out. "" when
// none is left. `what` is the plot's name for those who cannot see it.
std::string LayerPlot(const std::vector<Bar>& bars, const std::string& what);

// Round numbers for an axis from low to high, about `count` of them.
std::vector<double> Ticks(double low, double high, int count);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_PLOT_H_
