// What simplify and convert have in common: the check, the record, the report.
#ifndef HONE_CAPI_REWRITE_REWRITE_REPORT_H_
#define HONE_CAPI_REWRITE_REWRITE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "algorithms/equivalence/equivalence.h"
#include "capi/hone.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone::capi {

// Runs both models as option `check` says. Refused (LIMIT): see hone_simplify;
// `tolerance` of 0 stands for none, and then integers may differ too.
absl::StatusOr<Equivalence> CheckRewrite(const hone_context* context,
                                         const hone_model* before,
                                         const Model& after,
                                         const hone_dataset* dataset,
                                         const hone_options* options,
                                         bool any_float, double tolerance);

// "check" of the result.
nlohmann::ordered_json CheckToJson(const Equivalence& check);

// The options in the model's metadata, under hone.VERB.
absl::Status RecordRewrite(const hone_options* options, const std::string& verb,
                           Model* model);

}  // namespace hone::capi

#endif  // HONE_CAPI_REWRITE_REWRITE_REPORT_H_
