#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "harness/files/files.h"
#include "harness/report/html.h"
#include "harness/report/nodes_page.h"
#include "harness/report/plot.h"
#include "harness/report/sensitivity_section.h"
#include "harness/report/study_data.h"
#include "harness/report/study_page.h"

namespace hone::harness {
namespace {

constexpr char kHostile[] = "</td><script>alert('x')</script>&\"";

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// The page without the scripts that it names itself, each of which must be
// allowed by its hash.
std::string WithoutScripts(std::string page) {
  const std::string begin = "<script", end = "</script>";
  while (true) {
    const size_t from = page.find(begin);
    if (from == std::string::npos) return page;
    const size_t to = page.find(end, from);
    const size_t open = page.find('>', from) + 1;
    const std::string text = page.substr(open, to - open);
    EXPECT_EQ(text.find(kHostile), std::string::npos);
    if (page.substr(from, open - from) == "<script>") {
      const std::string hash =
          absl::Base64Escape(absl::HexStringToBytes(Sha256(text)));
      EXPECT_NE(page.find("'sha256-" + hash + "'"), std::string::npos);
    }
    page.erase(from, to + end.size() - from);
  }
}

Measurement Top1(const char* role, double value) {
  return {role,         "top1", value,  value - 0.01,
          value + 0.01, 5000,   "hone", kHostile,
          "avx2",       2,      1};
}

Summary HostileSummary() {
  Summary summary;
  summary.definition = {{"model", kHostile}, {"data", "d"}};
  summary.metric = "top1";
  for (int i = 0; i < 3; ++i) {
    Trial trial;
    trial.id = i;
    trial.label = i == 0 ? "float" : kHostile;
    trial.config = "{}";
    trial.state = "done";
    trial.artifact = Artifact{"aa", "p", i == 0 ? 4000000 : 1000000 + i};
    trial.measurements = {Top1("eval", 0.9 + i * 0.01), Top1("test", 0.9)};
    trial.detail = ToText(Json{{"nodes",
                                {{{"name", kHostile},
                                  {"op", "Conv"},
                                  {"done", "float"},
                                  {"why", kHostile}}}}});
    summary.trials.push_back(trial);
  }
  summary.trials[1].error = kHostile;
  summary.front = {1, 2};
  summary.best = 2;
  return summary;
}

TEST(HtmlTest, EscapesWhatCouldBeMarkup) {
  EXPECT_EQ(Escape("<a href=\"x\">'&\x01\n"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;\xef\xbf\xbd\n");
}

TEST(StudyPageTest, HostileTextsStayTexts) {
  const std::string page = WithoutScripts(StudyPage(HostileSummary()));
  EXPECT_EQ(CountOf(page, "<script"), 0);
  EXPECT_GE(CountOf(page, "&lt;script&gt;"), 6);
  EXPECT_EQ(CountOf(page, "<table>"), CountOf(page, "</table>"));
  EXPECT_EQ(CountOf(page, "<tr"), CountOf(page, "</tr>"));
  EXPECT_EQ(CountOf(page, "<td"), CountOf(page, "</td>"));
}

TEST(StudyPageTest, AsksTheNetworkForNothing) {
  const std::string page = WithoutScripts(StudyPage(HostileSummary()));
  for (const char* part : {"http://", "https://", "src=", "href=", "url(",
                           "@import", "<link", "<iframe"}) {
    EXPECT_EQ(page.find(part), std::string::npos) << part;
  }
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
}

TEST(StudyPageTest, ShowsTheFiguresThatMatter) {
  const std::string page = StudyPage(HostileSummary());
  EXPECT_NE(page.find("Best: trial 2"), std::string::npos);
  EXPECT_NE(page.find("0.9200 <span class=\"dim\">[0.9100, 0.9300]"),
            std::string::npos);
  EXPECT_NE(page.find("4.00 MB"), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_EQ(CountOf(page, "<circle"), 3);
}

TEST(StudyPageTest, AStudyThatHasJustBegunHasAPage) {
  Summary summary;
  summary.definition = Json::object();
  summary.metric = "top1";
  summary.trials.resize(2);
  EXPECT_NE(StudyPage(summary).find("Nothing was measured yet"),
            std::string::npos);
}

TEST(StudyPageTest, ShowsLatenciesLayersAndWhatStayedFloat) {
  Summary summary = HostileSummary();
  Measurement ratio = Top1("latency", 0.5);
  ratio.metric = "ratio";
  Measurement median = ratio;
  median.metric = "median_ms";
  median.value = 1.25;
  summary.trials[2].measurements.push_back(ratio);
  summary.trials[2].measurements.push_back(median);
  summary.graph = {{{"name", "conv"}, {"op", "Conv"}, {"outputs", {"t"}}}};
  summary.comparisons[2] = {
      {"values", {{{"name", "t"}, {"node", "conv"}, {"sqnr_db", 31.5}}}}};
  const std::string page = StudyPage(summary);
  EXPECT_NE(page.find("<td class=\"n\">1.250</td>"), std::string::npos);
  EXPECT_NE(page.find("0.50 <span class=\"dim\">[0.49, 0.51]"),
            std::string::npos);
  EXPECT_NE(page.find("<title>conv: 31.5 dB</title>"), std::string::npos);
  EXPECT_NE(page.find("1 of 1 nodes"), std::string::npos);
  EXPECT_EQ(CountOf(page, "data-trial=\""), 3);
}

TEST(StudyPageTest, ShowsWhatEachLayerCostsAndWhyATrialWasTried) {
  Summary summary = HostileSummary();
  EXPECT_NE(StudyPage(summary).find("Not measured."), std::string::npos);
  summary.trials[1].reason = std::string("because ") + kHostile;
  summary.trials[2].detail = ToText(
      Json{{"nodes", {{{"name", "conv"}, {"op", "Conv"}, {"done", "float"}}}}});
  summary.sensitivity = {{"samples", 7},
                         {"output_error", 0.01},
                         {"layers",
                          {{{"name", kHostile},
                            {"op", "Add"},
                            {"macs", 0},
                            {"without", 0.009},
                            {"alone", nullptr}},
                           {{"name", "conv"},
                            {"op", "Conv"},
                            {"macs", 10},
                            {"without", 0.001},
                            {"alone", 0.0001}}}}};
  const std::string page = StudyPage(summary);
  EXPECT_NE(page.find("because &lt;/td&gt;"), std::string::npos);
  EXPECT_NE(page.find("on 7 calibration samples, with trial 2's settings: 20.0 "
                      "dB with every layer"),
            std::string::npos);
  const std::string row =
      "<td>conv</td><td>Conv</td><td>float</td><td class=\"n\">40.0</td>"
      "<td class=\"n\">30.0</td><td class=\"n\">90.0 %</td>"
      "<td class=\"n\">100.0 %</td>";
  EXPECT_NE(page.find(row), std::string::npos) << page;
  EXPECT_LT(page.find(row), page.find("10.0 %</td>"));
  EXPECT_NE(page.find("<title>conv: 40.0 dB</title>"), std::string::npos);
  EXPECT_NE(page.find("outputs_db_alone_in_float"), std::string::npos);
  EXPECT_EQ(CountOf(WithoutScripts(page), "<script"), 0);
  const Json data = StudyData(summary);
  EXPECT_EQ(data["sensitivity"]["output_db"], 20.0);
  EXPECT_TRUE(data["sensitivity"]["layers"][kHostile]["alone_db"].is_null());
  EXPECT_EQ(OutputDb(0), 200);
}

TEST(StudyDataTest, HasWhatTheScriptReads) {
  const Json data = StudyData(HostileSummary());
  EXPECT_EQ(data["best"], 2);
  EXPECT_EQ(data["trials"].size(), 3u);
  EXPECT_EQ(data["trials"][2]["eval"]["value"], 0.92);
  EXPECT_TRUE(data["trials"][0]["ratio"].is_null());
  EXPECT_EQ(data["trials"][1]["front"], true);
  EXPECT_EQ(InScript(data).find('<'), std::string::npos);
  EXPECT_EQ(ParseJson(InScript(data)), data);
}

TEST(NodesPageTest, HasARowForEveryNode) {
  const std::string page = NodesPage(
      kHostile, Json{{"model", kHostile},
                     {"nodes",
                      {{{"name", "a"}, {"done", "quantized"}, {"sqnr_db", 30}},
                       {{"name", kHostile}, {"done", "float"}}}}});
  EXPECT_EQ(CountOf(page, "<tr>"), 3);
  EXPECT_EQ(CountOf(page, "<script"), 0);
  EXPECT_NE(page.find("1 float, 1 quantized"), std::string::npos);
  EXPECT_NE(page.find("sqnr_db"), std::string::npos);
}

TEST(PlotTest, TicksAreRound) {
  EXPECT_EQ(Ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(Ticks(0.91, 0.93, 4).size(), 5u);
  EXPECT_EQ(Ticks(3, 3, 4), (std::vector<double>{3}));
}

TEST(PlotTest, OnePointAndNoPointAreFine) {
  EXPECT_NE(ParetoPlot({{1000, 0.5, 0.5, 0.5, "a", true, false}}, "m")
                .find("<circle"),
            std::string::npos);
  EXPECT_EQ(ParetoPlot({}, "m").find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace hone::harness
