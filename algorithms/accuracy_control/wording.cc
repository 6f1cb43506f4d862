#include "algorithms/accuracy_control/wording.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ir/report/report.h"

namespace hone {
namespace {

constexpr size_t kCostliest = 3;

std::string SayFigures(const std::vector<MetricBound>& bounds,
                       const std::vector<MetricFigure>& baseline,
                       const std::vector<MetricFigure>& figures) {
  std::string text;
  for (size_t i = 0; i < figures.size(); ++i) {
    const MetricBound& bound = bounds[i];
    absl::StrAppendFormat(&text, "%s%s %.4f", i == 0 ? "" : ", ", bound.metric,
                          figures[i].value);
    if (!std::isfinite(bound.max_drop)) continue;
    absl::StrAppendFormat(&text, " (float %.4f, drop %.4f, allowed %.4f)",
                          baseline[i].value,
                          DropOf(bound, baseline[i].value, figures[i].value),
                          AllowedDropOf(bound, baseline[i].value));
  }
  return text;
}

}  // namespace

std::string WhyInFloat(size_t place, size_t layers) {
  return absl::StrCat("accuracy: costs the outputs most but ", place, " of ",
                      layers, " layers");
}

std::string SayResult(const AccuracyControlResult& result,
                      const std::vector<MetricBound>& bounds,
                      const Graph& prepared) {
  std::string text =
      absl::StrCat(result.met ? "met: " : "NOT MET: came closest with ",
                   SayFigures(bounds, result.baseline, result.figures));
  if (!result.remedy.empty()) absl::StrAppend(&text, "; with ", result.remedy);
  if (result.in_float == 0) {
    absl::StrAppendFormat(&text,
                          "; no layer left in float for it, %.1f %% of "
                          "multiply-accumulates in int8",
                          100 * result.int8_macs);
  } else
    absl::StrAppendFormat(&text,
                          "; %d of %d layers left in float, %.1f %% of "
                          "multiply-accumulates in int8",
                          result.in_float, result.ranking.layers.size(),
                          100 * result.int8_macs);
  if (result.met || result.ranking.layers.empty()) return text;
  absl::StrAppend(&text, "; costs most:");
  for (size_t i = 0; i < std::min(kCostliest, result.ranking.layers.size());
       ++i) {
    const RankedLayer& layer = result.ranking.layers[i];
    const double share = result.ranking.output_error > 0
                             ? layer.cost / result.ranking.output_error
                             : 0;
    absl::StrAppendFormat(&text, "%s %s (%.0f %% of the outputs' error)",
                          i == 0 ? "" : ",",
                          NodeLabel(prepared.nodes[layer.node]), 100 * share);
  }
  return text;
}

void AddControlRows(const std::vector<MetricBound>& bounds,
                    const std::vector<MetricFigure>& subset_baseline,
                    const Graph& prepared, AccuracyControlResult* result) {
  Report& rows = result->quantized.rows;
  absl::flat_hash_map<std::string, ReportRow*> by_label;
  for (ReportRow& row : rows) by_label.emplace(row.node, &row);
  for (size_t i = 0; i < result->ranking.layers.size(); ++i) {
    const RankedLayer& layer = result->ranking.layers[i];
    const auto found = by_label.find(NodeLabel(prepared.nodes[layer.node]));
    if (found == by_label.end()) continue;
    found->second->numbers.emplace_back("accuracy_rank",
                                        static_cast<double>(i + 1));
    found->second->numbers.emplace_back("output_error_cost", layer.cost);
  }
  const auto add = [&](std::string done, std::string why) {
    rows.push_back(
        {"(model)", "accuracy_control", std::move(done), std::move(why), {}});
  };
  for (const AccuracyTrial& trial : result->trials) {
    const std::string figures = SayFigures(
        bounds, trial.rejected_early ? subset_baseline : result->baseline,
        trial.figures);
    add(trial.rejected_early ? "rejected early"
        : trial.met          ? "trial met"
                             : "trial not met",
        absl::StrCat(trial.remedy, trial.remedy.empty() ? "" : ", ",
                     trial.in_float, " layers in float: ", figures, " on ",
                     trial.samples, " samples"));
  }
  if (!result->ranking.layers.empty()) {
    add("ranked",
        absl::StrFormat("%d layers by the outputs' error on calibration "
                        "samples, %.4g with all quantized; kept prefixes saved "
                        "%.0f %% of node runs in the ranking, %.0f %% in the "
                        "trials",
                        result->ranking.layers.size(),
                        result->ranking.output_error,
                        100 * result->ranking.reused, 100 * result->reused));
  }
  add(result->met ? "met" : "not met", result->message);
}

}  // namespace hone
