#include "harness/sweep/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/error/error.h"
#include "harness/sweep/bounds.h"
#include "harness/sweep/pareto.h"
#include "harness/sweep/sensitivity.h"
#include "harness/sweep/trials.h"

namespace hone::harness {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool Quantized(const Trial& trial) {
  return trial.id != 0 && trial.state == "done" && trial.artifact.has_value();
}

double ValueOf(const Trial& trial, const std::string& metric) {
  const Measurement* m = FindMeasurement(trial, "eval", metric);
  return m == nullptr ? kNone : m->value;
}

// Of the trials that have a value; of equals the smallest file, then the first.
std::optional<size_t> FewestInFloat(const std::vector<Trial>& trials,
                                    const std::vector<Point>& points) {
  std::optional<size_t> best;
  size_t least = 0;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (std::isnan(points[i].value)) continue;
    const size_t in_float = ParseJson(trials[i].config)
                                .value("ignored_names", Json::array())
                                .size();
    if (best.has_value() &&
        (in_float > least ||
         (in_float == least && points[i].size >= points[*best].size))) {
      continue;
    }
    best = i;
    least = in_float;
  }
  return best;
}

std::string Interval(const Measurement* m) {
  if (m == nullptr) return "-";
  return absl::StrFormat("%.4f [%.4f, %.4f]", m->value, m->low, m->high);
}

std::string Latency(const Measurement* m, bool interval) {
  if (m == nullptr) return "-";
  if (!interval) return absl::StrFormat("%.3f", m->value);
  return absl::StrFormat("%.2f [%.2f, %.2f]", m->value, m->low, m->high);
}

Json MetricsJson(const Trial& trial, const std::string& role) {
  Json json = Json::object();
  for (const Measurement& m : trial.measurements) {
    if (m.role != role) continue;
    json[m.metric] = {{"value", m.value},
                      {"low", m.low},
                      {"high", m.high},
                      {"samples", m.samples}};
  }
  return json;
}

// null when it was not measured.
Json LatencyJson(const Trial& trial, const std::string& metric) {
  const Measurement* m = FindMeasurement(trial, "latency", metric);
  return m == nullptr ? Json(nullptr) : Json(m->value);
}

Json TrialJson(const Trial& trial, const std::string& folder) {
  Json json = {{"trial", trial.id},
               {"label", trial.label},
               {"config", ParseJson(trial.config)},
               {"metrics", MetricsJson(trial, "eval")},
               {"test_metrics", MetricsJson(trial, "test")},
               {"size_bytes", trial.artifact->size_bytes},
               {"median_ms", LatencyJson(trial, "median_ms")},
               {"p99_ms", LatencyJson(trial, "p99_ms")},
               {"sha256", trial.artifact->sha256},
               {"model", ArtifactPath(folder, *trial.artifact)}};
  const Measurement* ratio = FindMeasurement(trial, "latency", "ratio");
  if (ratio != nullptr) {
    json["ratio"] = ratio->value;
    json["ratio_low"] = ratio->low;
    json["ratio_high"] = ratio->high;
    json["latency_noise"] = LatencyJson(trial, "noise");
    json["latency_engine"] = ratio->engine;
  }
  return json;
}

}  // namespace

absl::StatusOr<Summary> Summarize(Store& store,
                                  const std::vector<Bound>& bounds) {
  Summary summary;
  HARNESS_ASSIGN_OR_RETURN(summary.definition, store.Definition());
  HARNESS_ASSIGN_OR_RETURN(summary.trials, store.Trials());
  HARNESS_ASSIGN_OR_RETURN(const std::string graph, store.Graph());
  summary.graph = graph.empty() ? Json(nullptr) : ParseJson(graph);
  for (const Trial& trial : summary.trials) {
    if (!trial.artifact.has_value()) continue;
    HARNESS_ASSIGN_OR_RETURN(const std::string comparison,
                             store.ComparisonOf(trial.artifact->sha256));
    if (!comparison.empty()) {
      summary.comparisons[trial.id] = ParseJson(comparison);
    }
  }
  const Json metrics = summary.definition.value("metrics", Json::array());
  if (summary.trials.empty() || metrics.empty() || !metrics[0].is_string()) {
    return InputError(store.path(), "the study has no metric or no trials");
  }
  summary.metric = metrics[0];
  const Json directions =
      summary.definition.value("higher_is_better", Json::object());
  summary.higher_is_better = directions.value(summary.metric, true);
  // The recipe that a file records makes it some bytes longer or shorter: sizes
  // are compared in thousandths of the float model's.
  const std::optional<Artifact>& whole = summary.trials[0].artifact;
  const int64_t unit =
      whole.has_value() ? std::max<int64_t>(1, whole->size_bytes / 1000) : 1;
  std::vector<Point> points;
  for (const Trial& trial : summary.trials) {
    Point point;
    point.value = Quantized(trial) ? ValueOf(trial, summary.metric) : kNone;
    if (trial.artifact.has_value()) {
      point.size = static_cast<uint64_t>(trial.artifact->size_bytes / unit);
    }
    if (const Measurement* m = FindMeasurement(trial, "latency", "ratio")) {
      // Noise widens what the rounds alone would say.
      const Measurement* noise = FindMeasurement(trial, "latency", "noise");
      const double by = 1 + (noise == nullptr ? 0 : noise->value);
      point.latency_low = m->low / by;
      point.latency_high = m->high * by;
    }
    points.push_back(point);
  }
  summary.front = ParetoFront(points, summary.higher_is_better);
  if (bounds.empty()) {
    summary.best = BestPoint(points, summary.front, summary.higher_is_better,
                             std::nullopt);
  } else {
    for (size_t i = 0; i < points.size(); ++i) {
      if (!IsWithin(summary.trials[i], summary.trials[0],
                    {bounds, summary.metric, directions})) {
        points[i].value = kNone;
      }
    }
    const std::vector<size_t> allowed =
        ParetoFront(points, summary.higher_is_better);
    if (!allowed.empty()) summary.best = allowed.front();
    // Nodes at the layers' borders may make a file larger that has more layers
    // in integers, which is what that search is for.
    if (summary.definition.value("method", "") == "accuracy") {
      summary.best = FewestInFloat(summary.trials, points);
    }
    summary.met = summary.best.has_value();
  }
  if (summary.best.has_value()) {
    HARNESS_ASSIGN_OR_RETURN(const std::string sensitivity,
                             store.SensitivityOf(FullyQuantized(
                                 summary.trials[*summary.best].config)));
    if (!sensitivity.empty()) summary.sensitivity = ParseJson(sensitivity);
  }
  return summary;
}

Json SummaryJson(const Summary& summary, const std::string& folder) {
  int64_t done = 0, failed = 0;
  for (const Trial& trial : summary.trials) {
    done += trial.state == "done";
    failed += trial.state == "failed";
  }
  Json pareto = Json::array();
  for (const size_t i : summary.front) {
    pareto.push_back(TrialJson(summary.trials[i], folder));
  }
  Json json = {{"trials", summary.trials.size()},
               {"done", done},
               {"failed", failed},
               {"metric", summary.metric},
               {"met", summary.met},
               {"pareto", pareto}};
  const Trial& baseline = summary.trials[0];
  json["baseline"] = baseline.artifact.has_value() ? TrialJson(baseline, folder)
                                                   : Json(nullptr);
  json["best"] = summary.best.has_value()
                     ? Json(summary.trials[*summary.best].id)
                     : Json(nullptr);
  return json;
}

std::string SummaryTable(const Summary& summary) {
  const Trial& baseline = summary.trials[0];
  const double float_size =
      baseline.artifact.has_value()
          ? static_cast<double>(baseline.artifact->size_bytes)
          : 0;
  std::vector<size_t> rows = {0};
  rows.insert(rows.end(), summary.front.begin(), summary.front.end());
  // A best model within a bound may be none of the front.
  if (summary.best.has_value() &&
      std::find(rows.begin(), rows.end(), *summary.best) == rows.end()) {
    rows.push_back(*summary.best);
  }
  std::string out = absl::StrFormat(
      "%5s  %-25s  %-25s  %9s  %8s  %9s  %-20s  %s\n", "trial",
      summary.metric + " on eval", summary.metric + " on test", "size",
      "smaller", "median ms", "time to float", "configuration");
  for (const size_t i : rows) {
    const Trial& trial = summary.trials[i];
    if (!trial.artifact.has_value()) continue;
    const double size = static_cast<double>(trial.artifact->size_bytes);
    absl::StrAppendFormat(
        &out, "%5d  %-25s  %-25s  %9s  %8.2f  %9s  %-20s  %s%s\n", trial.id,
        Interval(FindMeasurement(trial, "eval", summary.metric)),
        Interval(FindMeasurement(trial, "test", summary.metric)),
        BytesText(size), float_size / size,
        Latency(FindMeasurement(trial, "latency", "median_ms"), false),
        Latency(FindMeasurement(trial, "latency", "ratio"), trial.id != 0),
        trial.label, summary.best == i ? "  <- best" : "");
  }
  return out;
}

}  // namespace hone::harness
