// What each layer costs the model's outputs, on a study's page.
#ifndef HONE_HARNESS_REPORT_SENSITIVITY_SECTION_H_
#define HONE_HARNESS_REPORT_SENSITIVITY_SECTION_H_

#include <cstdint>
#include <map>
#include <string>

#include "harness/json/json.h"

namespace hone::harness {

// The outputs' signal to quantization noise in dB, of an error as
// hone_sensitivity tells it: at most 200.
double OutputDb(double error);

// A plot and a table of hone_sensitivity's result (null: it was not measured),
// the layer that costs most per float layer and multiply-accumulate first.
// `done` is what became of each node in trial `trial`.
std::string SensitivitySection(const Json& sensitivity, int64_t trial,
                               const std::map<std::string, std::string>& done);

// {"output_db", "layers": {name: {"alone_db" (or null), "without_db",
// "gain"}}}; null when it was not measured.
Json SensitivityData(const Json& sensitivity);

}  // namespace hone::harness

#endif  // HONE_HARNESS_REPORT_SENSITIVITY_SECTION_H_
