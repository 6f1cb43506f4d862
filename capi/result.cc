#include "capi/result.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "capi/error.h"
#include "ir/error/error.h"

using hone::capi::Guard;
using hone::capi::Misuse;

namespace hone::capi {

nlohmann::ordered_json RowsToJson(const Report& rows) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const ReportRow& row : rows) {
    nlohmann::ordered_json one;
    one["name"] = row.node;
    one["op"] = row.op;
    one["done"] = row.done;
    one["why"] = row.why;
    for (const auto& [name, number] : row.numbers) {
      if (!one.contains(name)) one[name] = number;
    }
    json.push_back(std::move(one));
  }
  return json;
}

std::string JsonText(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hone::capi

const char* hone_result_json(const hone_result* result) {
  return result == nullptr ? "" : result->json.c_str();
}

size_t hone_result_row_count(const hone_result* result) {
  return result == nullptr ? 0 : result->rows.size();
}

hone_error* hone_result_row(const hone_result* result, size_t index,
                            hone_report_row* out) {
  HONE_REQUIRE(result);
  HONE_REQUIRE(out);
  return Guard([&]() -> absl::Status {
    if (out->struct_size < sizeof(hone_report_row)) {
      return Misuse("struct_size", "out", absl::StrCat(sizeof(hone_report_row)),
                    absl::StrCat(out->struct_size));
    }
    if (index >= result->rows.size()) {
      return Misuse("out of range", "index",
                    absl::StrCat("below ", result->rows.size()),
                    absl::StrCat(index));
    }
    const hone::ReportRow& row = result->rows[index];
    out->name = row.node.c_str();
    out->op = row.op.c_str();
    out->done = row.done.c_str();
    out->why = row.why.c_str();
    return absl::OkStatus();
  });
}

hone_error* hone_result_metric(const hone_result* result, const char* name,
                               double* value, double* low, double* high) {
  for (double* out : {value, low, high}) {
    if (out != nullptr) *out = 0;
  }
  HONE_REQUIRE(result);
  HONE_REQUIRE(name);
  HONE_REQUIRE(value);
  return Guard([&]() -> absl::Status {
    const auto found = result->metrics.find(name);
    if (found == result->metrics.end()) {
      std::vector<std::string> names;
      for (const auto& entry : result->metrics) names.push_back(entry.first);
      return hone::MakeError(absl::StatusCode::kNotFound,
                             "the result has no such metric",
                             {"", "", absl::StrJoin(names, ", "), name});
    }
    *value = found->second.value;
    if (low != nullptr) *low = found->second.low;
    if (high != nullptr) *high = found->second.high;
    return absl::OkStatus();
  });
}

void hone_result_free(hone_result* result) { delete result; }
