// Scripts that pages carry in themselves.
#ifndef HONE_HARNESS_REPORT_ASSETS_H_
#define HONE_HARNESS_REPORT_ASSETS_H_

#include "absl/strings/string_view.h"

namespace hone::harness {

// Chart.js; "" in a build that did not have it (third_party/chart_js).
absl::string_view ChartLibrary();
// harness/report/study.js.
absl::string_view StudyScript();

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_ASSETS_H_
