// hone_result: the rows and figures of one piece of work.
#ifndef HONE_CAPI_RESULT_H_
#define HONE_CAPI_RESULT_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "capi/hone.h"
#include "ir/report/report.h"

namespace hone::capi {

struct MetricValue {
  double value = 0;
  double low = 0;
  double high = 0;
};

}  // namespace hone::capi

struct hone_result {
  std::string json;
  hone::Report rows;
  std::map<std::string, hone::capi::MetricValue> metrics;
};

namespace hone::capi {

// {"name", "op", "done", "why", and the row's numbers by name} a row. Numbers
// that JSON cannot say (NaN, infinities) are null.
nlohmann::ordered_json RowsToJson(const Report& rows);

// The JSON as text; bytes that are no UTF-8 are replaced.
std::string JsonText(const nlohmann::ordered_json& json);

}  // namespace hone::capi

#endif  // HONE_CAPI_RESULT_H_
