#include "harness/report/study_data.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "harness/report/sensitivity_section.h"

namespace hone::harness {
namespace {

Json Figure(const Trial& trial, const std::string& role,
            const std::string& metric) {
  const Measurement* m = FindMeasurement(trial, role, metric);
  if (m == nullptr) return nullptr;
  return {{"value", m->value}, {"low", m->low}, {"high", m->high}};
}

Json TrialData(const Summary& summary, size_t index) {
  const Trial& trial = summary.trials[index];
  const Measurement* noise = FindMeasurement(trial, "latency", "noise");
  const bool front = std::find(summary.front.begin(), summary.front.end(),
                               index) != summary.front.end();
  return {{"trial", trial.id},
          {"label", trial.label},
          {"reason", trial.reason},
          {"state", trial.state},
          {"error", trial.error},
          {"config", ParseJson(trial.config)},
          {"front", front},
          {"size", trial.artifact.has_value() ? Json(trial.artifact->size_bytes)
                                              : Json(nullptr)},
          {"eval", Figure(trial, "eval", summary.metric)},
          {"test", Figure(trial, "test", summary.metric)},
          {"median_ms", Figure(trial, "latency", "median_ms")},
          {"ratio", Figure(trial, "latency", "ratio")},
          {"noise", noise == nullptr ? Json(nullptr) : Json(noise->value)}};
}

Json NodesOf(const Trial& trial) {
  const Json detail = ParseJson(trial.detail);
  Json nodes = Json::array();
  if (!detail.is_object() || !detail.contains("nodes")) return nodes;
  for (const Json& node : detail["nodes"]) {
    if (!node.is_object()) continue;
    nodes.push_back({{"name", node.value("name", "")},
                     {"done", node.value("done", "")},
                     {"why", node.value("why", "")}});
  }
  return nodes;
}

}  // namespace

Json StudyData(const Summary& summary) {
  Json data = {
      {"metric", summary.metric},
      {"best", summary.best.has_value() ? Json(summary.trials[*summary.best].id)
                                        : Json(nullptr)},
      {"trials", Json::array()},
      {"graph", Json::array()},
      {"comparisons", Json::object()},
      {"sensitivity", SensitivityData(summary.sensitivity)},
      {"nodes", Json::object()}};
  for (size_t i = 0; i < summary.trials.size(); ++i) {
    data["trials"].push_back(TrialData(summary, i));
    const Trial& trial = summary.trials[i];
    const auto comparison = summary.comparisons.find(trial.id);
    // The whole of a study of many trials would make the page heavy.
    if (comparison == summary.comparisons.end()) continue;
    const std::string key = absl::StrCat(trial.id);
    Json values = Json::array();
    for (const Json& value :
         comparison->second.value("values", Json::array())) {
      values.push_back({{"name", value.value("name", "")},
                        {"node", value.value("node", "")},
                        {"output", value.value("output", false)},
                        {"sqnr_db", value.value("sqnr_db", 0.0)},
                        {"cosine", value.value("cosine", 0.0)}});
    }
    data["comparisons"][key] = {{"values", std::move(values)}};
    data["nodes"][key] = NodesOf(trial);
  }
  if (summary.graph.is_array()) {
    for (const Json& node : summary.graph) {
      data["graph"].push_back(
          {{"name", node.value("name", "")},
           {"op", node.value("op", "")},
           {"outputs", node.value("outputs", Json::array())},
           {"macs", node.value("macs", int64_t{0})}});
    }
  }
  return data;
}

std::string InScript(const Json& json) {
  return absl::StrReplaceAll(ToText(json), {{"<", "\\u003c"},
                                            {"\xe2\x80\xa8", "\\u2028"},
                                            {"\xe2\x80\xa9", "\\u2029"}});
}

}  // namespace hone::harness
