// What quantization leaves behind: metadata, log, JSON.
#ifndef HONE_CAPI_QUANTIZE_REPORT_QUANTIZE_REPORT_H_
#define HONE_CAPI_QUANTIZE_REPORT_QUANTIZE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "algorithms/quantization/post_training.h"
#include "capi/context.h"
#include "capi/hone.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone::capi {

// What was done, for whoever reads the file later: the options under hone.VERB
// of the metadata; neither threads, paths, times nor host, so that the bytes
// are the same everywhere.
absl::Status RecordRecipe(const hone_options* options, absl::string_view verb,
                          Model* model);
// The same of "quantize", with the identity of its data.
absl::Status RecordQuantization(const hone_options* options,
                                const std::string& data, Model* model);

void LogRows(const hone_context* context, const Report& rows);

// Adds sizes, times, passes and rows.
void DescribeQuantization(const Model& before, const QuantizeResult& result,
                          nlohmann::ordered_json* json);

}  // namespace hone::capi

#endif  // HONE_CAPI_QUANTIZE_REPORT_QUANTIZE_REPORT_H_
