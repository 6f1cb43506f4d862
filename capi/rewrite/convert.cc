// hone_convert: float32 arithmetic as float16 or bfloat16.
#include "algorithms/convert/convert.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/convert/large_values.h"
#include "algorithms/runner/runner.h"
#include "capi/context.h"
#include "capi/dataset.h"
#include "capi/error.h"
#include "capi/hone.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/rewrite/rewrite_report.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

// A half of the largest float16: other samples may give more.
constexpr double kMostSeen = 32752;

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
  ConvertOptions convert = OptionsOf(options);
  // bfloat16 has float32's range.
  if (convert.dtype == DType::kF16 && GetInt(options, "check") > 0) {
    std::optional<CallbackSource> source;
    if (dataset != nullptr) {
      source.emplace(dataset, &model->model.graph, /*keep_targets=*/false);
    }
    HONE_ASSIGN_OR_RETURN(
        convert.large_values,
        FindLargeValues(model->model, kMostSeen,
                        source.has_value() ? &*source : nullptr,
                        static_cast<uint64_t>(GetInt(options, "check")),
                        static_cast<uint64_t>(GetInt(options, "seed")),
                        RunnerOptionsOf(context)));
  }
  HONE_ASSIGN_OR_RETURN(ConvertResult result,
                        ConvertFloats(model->model, convert));
  HONE_ASSIGN_OR_RETURN(
      const Equivalence check,
      CheckRewrite(context, model, result.model, dataset, options,
                   /*any_float=*/true, GetFloat(options, "max_error")));
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  return HandOver(
      context, model,
      {std::move(result.model), std::move(result.rows), check, std::move(json)},
      options, "convert", start, out, report);
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
