#include "harness/report/study_page.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "harness/cli/quantities.h"
#include "harness/report/html.h"
#include "harness/report/plot.h"

namespace hone::harness {
namespace {

std::string Interval(const Measurement* m) {
  if (m == nullptr) return "<span class=\"dim\">-</span>";
  return absl::StrFormat("%.4f <span class=\"dim\">[%.4f, %.4f]</span>",
                         m->value, m->low, m->high);
}

double SizeOf(const Trial& trial) {
  return trial.artifact.has_value()
             ? static_cast<double>(trial.artifact->size_bytes)
             : 0;
}

bool OnFront(const Summary& summary, size_t index) {
  return std::find(summary.front.begin(), summary.front.end(), index) !=
         summary.front.end();
}

std::string Headline(const Summary& summary) {
  const Trial& baseline = summary.trials[0];
  if (!summary.best.has_value()) {
    return "<p>No trial is done, or none is within the bound.</p>\n";
  }
  const Trial& best = summary.trials[*summary.best];
  const Measurement* test = FindMeasurement(best, "test", summary.metric);
  const char* role = test != nullptr ? "test" : "eval";
  const Measurement* ours = FindMeasurement(best, role, summary.metric);
  const Measurement* theirs = FindMeasurement(baseline, role, summary.metric);
  std::string out = absl::StrCat(
      "<p>Best: trial ", best.id, ", ", Escape(best.label), ". ",
      BytesText(SizeOf(best)), ", ",
      absl::StrFormat("%.2f", SizeOf(baseline) / std::max(1.0, SizeOf(best))),
      " times smaller than the float model (", BytesText(SizeOf(baseline)),
      ").</p>\n");
  if (ours != nullptr && theirs != nullptr) {
    absl::StrAppend(&out, "<p>", Escape(summary.metric), " on the ", role,
                    " data (", ours->samples,
                    " samples, 95 % intervals): ", Interval(ours), "; float ",
                    Interval(theirs), ".</p>\n");
  }
  return out;
}

std::string Plot(const Summary& summary) {
  std::vector<Mark> marks;
  // The front first and in its order: its line joins it.
  std::vector<size_t> order = summary.front;
  for (size_t i = 0; i < summary.trials.size(); ++i) {
    if (!OnFront(summary, i)) order.push_back(i);
  }
  for (const size_t i : order) {
    const Trial& trial = summary.trials[i];
    const Measurement* m = FindMeasurement(trial, "eval", summary.metric);
    if (m == nullptr || !trial.artifact.has_value()) continue;
    Mark mark;
    mark.size = SizeOf(trial);
    mark.value = m->value;
    mark.low = m->low;
    mark.high = m->high;
    mark.name = trial.id == 0 ? "float" : absl::StrCat("trial ", trial.id);
    mark.on_front = OnFront(summary, i);
    mark.is_float = trial.id == 0;
    marks.push_back(std::move(mark));
  }
  return ParetoPlot(marks, summary.metric + " on the eval data");
}

std::string Trials(const Summary& summary) {
  const double float_size = SizeOf(summary.trials[0]);
  std::set<std::string> metrics = {summary.metric};
  for (const Trial& trial : summary.trials) {
    for (const Measurement& m : trial.measurements) metrics.insert(m.metric);
  }
  std::vector<std::string> heads = {"trial", "configuration", "state"};
  std::vector<bool> numeric = {true, false, false};
  for (const char* role : {"eval", "test"}) {
    for (const std::string& metric : metrics) {
      heads.push_back(absl::StrCat(metric, " on ", role));
      numeric.push_back(true);
    }
  }
  for (const char* head : {"size", "ratio"}) {
    heads.push_back(head);
    numeric.push_back(true);
  }
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < summary.trials.size(); ++i) {
    const Trial& trial = summary.trials[i];
    std::string state = Escape(trial.state);
    if (summary.best == i) {
      state = "best";
    } else if (OnFront(summary, i)) {
      state = "Pareto front";
    }
    if (!trial.error.empty())
      absl::StrAppend(&state, ": ", Escape(trial.error));
    std::vector<std::string> row = {absl::StrCat(trial.id), Escape(trial.label),
                                    state};
    for (const char* role : {"eval", "test"}) {
      for (const std::string& metric : metrics) {
        row.push_back(Interval(FindMeasurement(trial, role, metric)));
      }
    }
    const bool made = trial.artifact.has_value();
    row.push_back(made ? BytesText(SizeOf(trial)) : "-");
    row.push_back(made ? absl::StrFormat(
                             "%.2f", float_size / std::max(1.0, SizeOf(trial)))
                       : "-");
    rows.push_back(std::move(row));
  }
  return Table(heads, rows, numeric,
               summary.best.has_value() ? static_cast<int>(*summary.best) : -1);
}

std::string Nodes(const Summary& summary) {
  if (!summary.best.has_value()) return "";
  const Trial& best = summary.trials[*summary.best];
  const Json detail = ParseJson(best.detail);
  if (!detail.is_object() || !detail.contains("nodes") ||
      !detail["nodes"].is_array()) {
    return "";
  }
  return absl::StrCat("<h2>What trial ", best.id,
                      " did to each node, or why nothing</h2>\n",
                      NodesTable(detail["nodes"]));
}

std::string Origins(const Summary& summary) {
  std::set<std::string> machines, engines;
  for (const Trial& trial : summary.trials) {
    for (const Measurement& m : trial.measurements) {
      machines.insert(absl::StrCat(m.machine, ", ", m.instruction_set, ", ",
                                   m.threads, " threads"));
      engines.insert(m.engine);
    }
  }
  const Json& d = summary.definition;
  std::vector<std::pair<std::string, std::string>> facts = {
      {"machine", absl::StrJoin(machines, "; ")},
      {"engine", absl::StrJoin(engines, "; ")}};
  for (const char* key : {"model", "data", "eval", "test"}) {
    if (!d.contains(key) || d[key].is_null()) continue;
    facts.emplace_back(key == std::string("model")
                           ? "model (sha256)"
                           : absl::StrCat(key, " identity"),
                       PlainText(d[key]));
  }
  return absl::StrCat("<h2>Machine and data</h2>\n", Facts(facts),
                      "<h2>Recipe</h2>\n<pre>", Escape(ToText(d, 2)),
                      "</pre>\n");
}

}  // namespace

std::string StudyPage(const Summary& summary) {
  return Page("Hone sweep",
              absl::StrCat("<h1>Hone sweep</h1>\n", Headline(summary), "<h2>",
                           Escape(summary.metric), " against file size</h2>\n",
                           Plot(summary), "<h2>Trials</h2>\n", Trials(summary),
                           Nodes(summary), Origins(summary)));
}

}  // namespace hone::harness
