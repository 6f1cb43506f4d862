// hone_simplify: a smaller graph that computes the same.
#include "algorithms/simplify/simplify.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "algorithms/runner/runner.h"
#include "algorithms/simplify/fix_shapes.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/hone.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/rewrite/rewrite_report.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

// Wrong shapes and passes are wrong options, not a bad model.
absl::Status OfOptions(const absl::Status& status) {
  return WithCode(status, HONE_ERROR_INVALID_ARGUMENT);
}

absl::Status Run(const hone_context* context, const hone_model* model,
                 const hone_dataset* dataset, const hone_options* options,
                 hone_model** out, hone_result** report) {
  const absl::Time start = absl::Now();
  HONE_RETURN_IF_ERROR(CheckVerb(options, "simplify"));
  const RunnerOptions runner = RunnerOptionsOf(context);
  SimplifyOptions simplify;
  simplify.skip = GetList(options, "skip");
  simplify.fold_limit = static_cast<uint64_t>(GetInt(options, "fold_limit"));
  simplify.progress = runner.progress;
  simplify.cancel = runner.cancel;
  auto shapes = ParseFixedShapes(GetList(options, "shape"));
  HONE_RETURN_IF_ERROR(OfOptions(shapes.status()));
  simplify.shapes = *std::move(shapes);
  // Inputs are invented by the model that has the fixed extents.
  hone_model fixed;
  fixed.model = model->model;  // weights are shared
  HONE_RETURN_IF_ERROR(OfOptions(FixShapes(simplify.shapes, &fixed.model)));
  HONE_RETURN_IF_ERROR(OfOptions(CheckPassNames(simplify.skip)));
  HONE_ASSIGN_OR_RETURN(SimplifyResult result,
                        Simplify(model->model, simplify));
  HONE_ASSIGN_OR_RETURN(
      const Equivalence check,
      CheckRewrite(context, &fixed, result.model, dataset, options,
                   /*any_float=*/false, GetFloat(options, "check_tolerance")));
  nlohmann::ordered_json json = {{"nodes_before", result.nodes_before},
                                 {"nodes_after", result.nodes_after},
                                 {"rounds", result.rounds}};
  return HandOver(
      context, model,
      {std::move(result.model), std::move(result.rows), check, std::move(json)},
      options, "simplify", start, out, report);
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_simplify(const hone_context* context, const hone_model* model,
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
