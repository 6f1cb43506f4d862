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
#include "harness/report/assets.h"
#include "harness/report/html.h"
#include "harness/report/plot.h"
#include "harness/report/sensitivity_section.h"
#include "harness/report/study_data.h"

namespace hone::harness {
namespace {

constexpr double kQuiet = 0.05;  // as hone bench and the sweep have it

std::string Interval(const Measurement* m) {
  if (m == nullptr) return "<span class=\"dim\">-</span>";
  return absl::StrFormat("%.4f <span class=\"dim\">[%.4f, %.4f]</span>",
                         m->value, m->low, m->high);
}

std::string Milliseconds(const Measurement* m) {
  if (m == nullptr) return "<span class=\"dim\">-</span>";
  return absl::StrFormat("%.3f", m->value);
}

// The machine's noise is told where it is more than what counts as quiet.
std::string Beside(const Measurement* m, const Measurement* noise) {
  if (m == nullptr) return "<span class=\"dim\">-</span>";
  std::string text = absl::StrFormat("%.2f <span class=\"dim\">[%.2f, %.2f]",
                                     m->value, m->low, m->high);
  if (noise != nullptr && noise->value > kQuiet) {
    absl::StrAppendFormat(&text, ", noise %.0f %%", 100 * noise->value);
  }
  return text + "</span>";
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
    for (const Measurement& m : trial.measurements) {
      if (m.role != "latency") metrics.insert(m.metric);
    }
  }
  std::vector<std::string> heads = {"trial", "configuration", "state"};
  std::vector<bool> numeric = {true, false, false};
  for (const char* role : {"eval", "test"}) {
    for (const std::string& metric : metrics) {
      heads.push_back(absl::StrCat(metric, " on ", role));
      numeric.push_back(true);
    }
  }
  for (const char* head : {"size", "smaller", "median ms", "time to float"}) {
    heads.push_back(head);
    numeric.push_back(true);
  }
  std::vector<std::vector<std::string>> rows;
  std::vector<int64_t> ids;
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
    std::string label = Escape(trial.label);
    if (!trial.reason.empty()) {
      absl::StrAppend(&label, "<br><span class=\"dim\">", Escape(trial.reason),
                      "</span>");
    }
    std::vector<std::string> row = {absl::StrCat(trial.id), label, state};
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
    row.push_back(Milliseconds(FindMeasurement(trial, "latency", "median_ms")));
    row.push_back(trial.id == 0
                      ? "1"
                      : Beside(FindMeasurement(trial, "latency", "ratio"),
                               FindMeasurement(trial, "latency", "noise")));
    rows.push_back(std::move(row));
    ids.push_back(trial.id);
  }
  return Table(heads, rows, numeric,
               summary.best.has_value() ? static_cast<int>(*summary.best) : -1,
               ids);
}

const Json* ComparisonOf(const Summary& summary, const Trial& trial) {
  const auto found = summary.comparisons.find(trial.id);
  return found == summary.comparisons.end() || !found->second.is_object()
             ? nullptr
             : &found->second;
}

// The worst SQNR of what each node makes, by the node's name.
std::map<std::string, double> SqnrByNode(const Json& comparison) {
  std::map<std::string, double> worst;
  for (const Json& value : comparison.value("values", Json::array())) {
    const std::string node = value.value("node", "");
    const double sqnr = value.value("sqnr_db", 0.0);
    const auto [place, added] = worst.emplace(node, sqnr);
    if (!added) place->second = std::min(place->second, sqnr);
  }
  return worst;
}

Json NodesJson(const Trial& trial) {
  const Json detail = ParseJson(trial.detail);
  return detail.is_object() && detail.contains("nodes") &&
                 detail["nodes"].is_array()
             ? detail["nodes"]
             : Json::array();
}

std::map<std::string, std::string> DoneByNode(const Trial& trial) {
  std::map<std::string, std::string> done;
  for (const Json& node : NodesJson(trial)) {
    done[node.value("name", "")] = node.value("done", "");
  }
  return done;
}

std::string Layers(const Summary& summary, const Trial& best) {
  const Json* comparison = ComparisonOf(summary, best);
  std::string plot;
  if (comparison != nullptr && summary.graph.is_array()) {
    const std::map<std::string, double> sqnr = SqnrByNode(*comparison);
    std::map<std::string, std::string> done = DoneByNode(best);
    std::vector<Bar> bars;
    for (const Json& node : summary.graph) {
      const std::string name = node.value("name", "");
      const auto found = sqnr.find(name);
      if (found == sqnr.end()) continue;
      bars.push_back({found->second, name, done[name] == "quantized"});
    }
    plot = LayerPlot(bars, "SQNR of each node");
  }
  return absl::StrCat(
      "<h2>How far each layer is from the float model</h2>\n"
      "<p class=\"dim\">Signal to quantization noise of every value that both "
      "models have, in dB; more is nearer. Blue bars are computed in integers, "
      "pale ones stay float.</p>\n<div class=\"static\">",
      plot.empty() ? "<p class=\"dim\">Not compared.</p>\n" : plot,
      "</div>\n<div class=\"moving\"><p id=\"map-by\"></p>"
      "<div id=\"map\"></div>"
      "<p class=\"dim\">Each square is a node of the graph, in its order: red "
      "is far from float, green near, a border stays float.</p>"
      "<p class=\"dim\" id=\"no-layers\">Layers are compared for the float "
      "model's neighbours on the Pareto front and the best trial.</p>"
      "<div id=\"layers-box\" class=\"chart low\"><canvas id=\"layers\">"
      "</canvas></div></div>\n");
}

// Reasons why nodes stayed float, the most frequent first.
std::string StayedFloat(const Trial& best) {
  std::map<std::string, std::pair<int, std::set<std::string>>> reasons;
  int count = 0, all = 0;
  for (const Json& node : NodesJson(best)) {
    ++all;
    if (node.value("done", "") != "float") continue;
    ++count;
    auto& reason = reasons[node.value("why", "")];
    ++reason.first;
    reason.second.insert(node.value("op", ""));
  }
  if (all == 0) return "";
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [why, what] : reasons) order.emplace_back(-what.first, why);
  std::sort(order.begin(), order.end());
  std::vector<std::vector<std::string>> rows;
  for (const auto& [minus, why] : order) {
    rows.push_back({absl::StrCat(-minus),
                    Escape(absl::StrJoin(reasons[why].second, ", ")),
                    why.empty() ? "no reason recorded" : Escape(why)});
  }
  return absl::StrCat(
      "<h2>What stayed float in trial ", best.id, ", and why</h2>\n<p>", count,
      " of ", all, " nodes.</p>\n",
      Table({"nodes", "operators", "why"}, rows, {true, false, false}));
}

std::string Nodes(const Summary& summary) {
  if (!summary.best.has_value()) return "";
  const Trial& best = summary.trials[*summary.best];
  Json nodes = NodesJson(best);
  if (nodes.empty()) return "";
  if (const Json* comparison = ComparisonOf(summary, best)) {
    const std::map<std::string, double> sqnr = SqnrByNode(*comparison);
    for (Json& node : nodes) {
      const auto found = sqnr.find(node.value("name", ""));
      if (found == sqnr.end()) continue;
      node["sqnr_db"] = found->second >= 200
                            ? "equal"
                            : absl::StrFormat("%.1f", found->second);
    }
  }
  const Json costs = SensitivityData(summary.sensitivity);
  if (costs.is_object()) {
    for (Json& node : nodes) {
      const auto found = costs["layers"].find(node.value("name", ""));
      if (found == costs["layers"].end()) continue;
      const Json& alone = (*found)["alone_db"];
      node["outputs_db_alone_quantized"] =
          alone.is_number() ? absl::StrFormat("%.1f", alone.get<double>()) : "";
      node["outputs_db_alone_in_float"] =
          absl::StrFormat("%.1f", (*found)["without_db"].get<double>());
    }
  }
  return absl::StrCat(
      Layers(summary, best),
      SensitivitySection(summary.sensitivity, best.id, DoneByNode(best)),
      StayedFloat(best), "<h2>What trial ", best.id,
      " did to each node, or why nothing</h2>\n"
      "<details><summary>all nodes</summary>\n",
      NodesTable(nodes), "</details>\n");
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
  const bool moves = !ChartLibrary().empty();
  const std::string body = absl::StrCat(
      "<h1>Hone sweep</h1>\n", Headline(summary), "<h2>",
      Escape(summary.metric), " against file size",
      "</h2>\n<div class=\"static\">", Plot(summary),
      "</div>\n<div class=\"moving\"><p id=\"axis\"></p><div class=\"chart\">"
      "<canvas id=\"pareto\"></canvas></div><p class=\"dim\">Hover a point for "
      "its figures, click it to see its layers below.</p>"
      "<div id=\"details\"></div></div>\n<h2>Trials</h2>\n",
      Trials(summary), Nodes(summary), Origins(summary),
      moves ? "" : "<p class=\"dim\">Built without a chart library.</p>\n");
  if (!moves) return Page("Hone sweep", body);
  return Page("Hone sweep", body, InScript(StudyData(summary)),
              {ChartLibrary(), StudyScript()});
}

}  // namespace hone::harness
