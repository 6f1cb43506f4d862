// What simplify and convert have in common: the check, the record, the report.
#ifndef HONE_CAPI_REWRITE_REWRITE_REPORT_H_
#define HONE_CAPI_REWRITE_REWRITE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
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

// A rewritten model and what is said of it.
struct Rewritten {
  Model model;
  Report rows;
  Equivalence check;
  nlohmann::ordered_json json;  // the verb's own keys, which come first
};

// The options go into the model's metadata, under hone.VERB; the rows to the
// log and, with sizes, check and the seconds since `start`, to *report, which
// may be NULL.
absl::Status HandOver(const hone_context* context, const hone_model* before,
                      Rewritten rewritten, const hone_options* options,
                      const std::string& verb, absl::Time start,
                      hone_model** out, hone_result** report);

}  // namespace hone::capi

#endif  // HONE_CAPI_REWRITE_REWRITE_REPORT_H_
