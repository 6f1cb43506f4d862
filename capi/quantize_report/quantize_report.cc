#include "capi/quantize_report/quantize_report.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "capi/error.h"
#include "capi/result.h"
#include "capi/text.h"
#include "ir/error/error.h"
#include "ir/onnx/write_model.h"

namespace hone::capi {

absl::Status RecordRecipe(const hone_options* options, absl::string_view verb,
                          Model* model) {
  std::string recipe = "{}";
  if (options != nullptr) {
    hone_text* text = nullptr;
    HONE_RETURN_IF_ERROR(FromCallback(hone_options_to_json(options, &text)));
    recipe = text->bytes;
    hone_text_free(text);
  }
  model->metadata["hone.version"] = kVersion;
  model->metadata[absl::StrCat("hone.", verb)] = recipe;
  return absl::OkStatus();
}

absl::Status RecordQuantization(const hone_options* options,
                                const std::string& data, Model* model) {
  HONE_RETURN_IF_ERROR(RecordRecipe(options, "quantize", model));
  if (!data.empty()) model->metadata["hone.data"] = data;
  return absl::OkStatus();
}

void LogRows(const hone_context* context, const Report& rows) {
  std::map<std::string, int> counts;
  for (const ReportRow& row : rows) {
    ++counts[row.done];
    Log(context, HONE_LOG_DEBUG,
        absl::StrCat(row.node, " (", row.op, "): ", row.done,
                     row.why.empty() ? "" : ": ", row.why));
  }
  std::string text = "nodes:";
  for (const auto& [done, count] : counts) {
    absl::StrAppend(&text, " ", count, " ", done);
  }
  Log(context, HONE_LOG_INFO, text);
}

void DescribeQuantization(const Model& before, const QuantizeResult& result,
                          nlohmann::ordered_json* json) {
  (*json)["size_bytes_before"] = ModelByteSize(before);
  (*json)["size_bytes_after"] = ModelByteSize(result.model);
  (*json)["wall_s"] = result.wall_seconds;
  (*json)["inference_s"] = result.inference_seconds;
  (*json)["passes"] = result.passes;
  (*json)["nodes"] = RowsToJson(result.rows);
}

}  // namespace hone::capi
