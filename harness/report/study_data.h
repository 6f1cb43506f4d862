// A study as the page's script reads it.
#ifndef HONE_HARNESS_REPORT_STUDY_DATA_H_
#define HONE_HARNESS_REPORT_STUDY_DATA_H_

#include <string>

#include "harness/json/json.h"
#include "harness/sweep/summary.h"

namespace hone::harness {

// {"metric", "best", "trials": [{"trial", "label", "reason", "state", "error",
// "config", "front", "size", "eval", "test", "median_ms", "ratio" (each
// {"value", "low", "high"} or null), "noise"}], "graph": [{"name", "op",
// "outputs", "macs"}], "comparisons" and "nodes": by trial, "sensitivity":
// SensitivityData}.
Json StudyData(const Summary& summary);

// JSON text that may stand in a <script> element: no '<', no line separators
// of JavaScript.
std::string InScript(const Json& json);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_STUDY_DATA_H_
