#include "harness/report/sensitivity_section.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/report/html.h"
#include "harness/report/plot.h"
#include "harness/sweep/layer_ranking.h"

namespace hone::harness {
namespace {

constexpr double kEqualDb = 200;
constexpr size_t kShown = 15;  // rows; the others are folded

std::string DbText(double db) {
  return db >= kEqualDb ? "equal" : absl::StrFormat("%.1f", db);
}

std::string DoneIn(const std::map<std::string, std::string>& done,
                   const std::string& name) {
  const auto found = done.find(name);
  return found == done.end() ? "" : found->second;
}

}  // namespace

double OutputDb(double error) {
  if (!(error > 0)) return kEqualDb;
  return std::min(kEqualDb, -10 * std::log10(error));
}

std::string SensitivitySection(const Json& sensitivity, int64_t trial,
                               const std::map<std::string, std::string>& done) {
  const std::string head = "<h2>What each layer costs the outputs</h2>\n";
  if (!sensitivity.is_object() || !sensitivity.contains("layers")) {
    return head + "<p class=\"dim\">Not measured.</p>\n";
  }
  const Json& layers = sensitivity["layers"];
  std::vector<Bar> bars;
  for (const Json& layer : layers) {
    if (!layer.value("alone", Json()).is_number()) continue;
    const std::string name = layer.value("name", "");
    const double db = OutputDb(layer["alone"].get<double>());
    if (db >= kEqualDb) continue;
    bars.push_back({db, name, DoneIn(done, name) == "quantized"});
  }
  std::vector<std::vector<std::string>> rows;
  for (const RankedLayer& ranked : RankBySensitivity(sensitivity)) {
    const Json& layer = layers[ranked.place];
    const Json alone = layer.value("alone", Json());
    rows.push_back({Escape(ranked.name), Escape(layer.value("op", "")),
                    Escape(DoneIn(done, ranked.name)),
                    alone.is_number() ? DbText(OutputDb(alone.get<double>()))
                                      : "<span class=\"dim\">-</span>",
                    DbText(OutputDb(layer.value("without", 0.0))),
                    absl::StrFormat("%.1f %%", 100 * ranked.gain),
                    absl::StrFormat("%.1f %%", 100 * ranked.macs)});
  }
  const std::vector<std::string> heads = {"layer",
                                          "operator",
                                          absl::StrCat("trial ", trial),
                                          "dB, quantized alone",
                                          "dB, float alone",
                                          "error gone",
                                          "MACs"};
  const std::vector<bool> numeric = {false, false, false, true,
                                     true,  true,  true};
  const size_t shown = std::min(kShown, rows.size());
  const std::vector<std::vector<std::string>> first(rows.begin(),
                                                    rows.begin() + shown);
  std::string out = absl::StrCat(
      head,
      absl::StrFormat(
          "<p>Signal to quantization noise of the model's outputs, on %d "
          "calibration samples, with trial %d's settings: %s dB with every "
          "layer quantized. Each layer was asked twice: what the outputs lose "
          "when it alone is quantized, and what they have when it alone is "
          "left in float. The first rows win most for a layer in "
          "float.</p>\n",
          sensitivity.value("samples", int64_t{0}), trial,
          DbText(OutputDb(sensitivity.value("output_error", 0.0)))),
      "<div class=\"static\">",
      LayerPlot(bars, "outputs' SQNR when one layer alone is quantized"),
      "</div>\n<div id=\"sensitivity\">\n", Table(heads, first, numeric));
  if (rows.size() > shown) {
    absl::StrAppend(&out, "<details><summary>", rows.size() - shown,
                    " layers more</summary>\n",
                    Table(heads, {rows.begin() + shown, rows.end()}, numeric),
                    "</details>\n");
  }
  return out + "</div>\n";
}

Json SensitivityData(const Json& sensitivity) {
  if (!sensitivity.is_object() || !sensitivity.contains("layers")) {
    return nullptr;
  }
  Json data = {{"output_db", OutputDb(sensitivity.value("output_error", 0.0))},
               {"layers", Json::object()}};
  for (const RankedLayer& ranked : RankBySensitivity(sensitivity)) {
    const Json& layer = sensitivity["layers"][ranked.place];
    const Json alone = layer.value("alone", Json());
    data["layers"][ranked.name] = {
        {"alone_db", alone.is_number() ? Json(OutputDb(alone.get<double>()))
                                       : Json(nullptr)},
        {"without_db", OutputDb(layer.value("without", 0.0))},
        {"gain", ranked.gain}};
  }
  return data;
}

}  // namespace hone::harness
