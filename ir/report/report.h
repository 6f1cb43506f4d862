// What was decided, node by node: plain rows returned by everything that
// decides something, one per node, so that nothing is skipped in silence.
#ifndef HONE_IR_REPORT_REPORT_H_
#define HONE_IR_REPORT_REPORT_H_

#include <string>
#include <utility>
#include <vector>

namespace hone {

struct ReportRow {
  std::string node;  // NodeLabel of the node in the model that was given
  std::string op;    // its operator's type
  std::string done;  // "quantized", "float", "folded", ...
  std::string why;   // why it was, or why nothing more was
  std::vector<std::pair<std::string, double>>
      numbers;  // scale, zero_point, ...
};

using Report = std::vector<ReportRow>;

}  // namespace hone

#endif  // HONE_IR_REPORT_REPORT_H_
