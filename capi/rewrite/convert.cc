// hone_convert: float32 arithmetic as float16 or bfloat16.
#include "algorithms/convert/convert.h"

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/hone.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/quantize_report/quantize_report.h"
#include "capi/result.h"
#include "capi/rewrite/rewrite_report.h"
#include "ir/error/error.h"
#include "ir/onnx/write_model.h"

namespace hone::capi {
namespace {

ConvertOptions OptionsOf(const hone_options* options) {
  ConvertOptions out;
  out.dtype =
      GetString(options, "dtype") == "bf16" ? DType::kBF16 : DType::kF16;
  out.keep_io_types = GetBool(options, "keep_io_types");
  out.float_on_overflow = GetString(options, "overflow") == "float";
  out.ignored_scope.names = GetList(options, "ignored_names");
  out.ignored_scope.types = GetList(options, "ignored_types");
  out.ignored_scope.patterns = GetList(options, "ignored_patterns");
  out.ignored_scope.validate = GetBool(options, "ignored_validate");
  const std::vector<std::string> ops = GetList(options, "float_ops");
  if (!ops.empty()) out.float_ops = ops;
  if (ops == std::vector<std::string>{"none"}) out.float_ops.clear();
  return out;
}

absl::Status Run(const hone_context* context, const hone_model* model,
                 const hone_dataset* dataset, const hone_options* options,
                 hone_model** out, hone_result** report) {
  const absl::Time start = absl::Now();
  HONE_RETURN_IF_ERROR(CheckVerb(options, "convert"));
  HONE_ASSIGN_OR_RETURN(ConvertResult result,
                        ConvertFloats(model->model, OptionsOf(options)));
  HONE_ASSIGN_OR_RETURN(
      const Equivalence check,
      CheckRewrite(context, model, result.model, dataset, options,
                   /*any_float=*/true, GetFloat(options, "max_error")));
  HONE_RETURN_IF_ERROR(RecordRewrite(options, "convert", &result.model));
  LogRows(context, result.rows);
  std::unique_ptr<hone_result> rows;
  if (report != nullptr) {
    rows = std::make_unique<hone_result>();
    nlohmann::ordered_json json;
    json["size_bytes_before"] = ModelByteSize(model->model);
    json["size_bytes_after"] = ModelByteSize(result.model);
    json["wall_s"] = absl::ToDoubleSeconds(absl::Now() - start);
    json["check"] = CheckToJson(check);
    json["nodes"] = RowsToJson(result.rows);
    rows->json = JsonText(json);
    rows->rows = std::move(result.rows);
  }
  HONE_ASSIGN_OR_RETURN(*out, NewModel(std::move(result.model)));
  if (report != nullptr) *report = rows.release();
  return absl::OkStatus();
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_convert(const hone_context* context, const hone_model* model,
                         const hone_dataset* dataset,
                         const hone_options* options, hone_model** out,
                         hone_result** report) {
  if (report != nullptr) *report = nullptr;
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  return hone::capi::Guard([&]() -> absl::Status {
    return hone::capi::Run(context, model, dataset, options, out, report);
  });
}
