#include "harness/sweep/accuracy_search.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "harness/json/json.h"
#include "harness/store/store.h"
#include "harness/sweep/layer_ranking.h"

namespace hone::harness {
namespace {

// A model of eight layers, l0 to l7, of which each costs `harm` of top1 when it
// is in integers, and as much of the outputs' error.
class World {
 public:
  std::map<std::string, double> harm = {{"l0", .03},  {"l1", .001}, {"l2", .02},
                                        {"l3", .002}, {"l4", .01},  {"l5", .0},
                                        {"l6", .005}, {"l7", .0}};
  std::map<std::string, double> macs;  // 1 where nothing is said
  // Configurations that are worse by that much throughout.
  std::map<std::string, double> worse;

  void Start(const std::vector<std::string>& configs) {
    trials = {Done(0, "{}", .9)};
    for (const std::string& config : configs) Run({"start", config});
  }

  absl::StatusOr<NextTrials> Ask(double drop, int64_t most = 0) {
    AccuracyGoal goal;
    goal.bounds = {{{"", drop, false}}, "top1", {{"top1", true}}};
    goal.most_trials = most;
    goal.ignored = ignored;
    return ProposeTrials(
        trials, goal, [&](const std::string& config) -> absl::StatusOr<Json> {
          asked.insert(config);
          if (!sensitivity.ok()) return sensitivity;
          return Sensitivity(config);
        });
  }

  // The whole search; what it said in the end.
  std::string Search(double drop, int64_t most = 0) {
    for (int round = 0; round < 50; ++round) {
      const auto next = Ask(drop, most);
      EXPECT_TRUE(next.ok()) << next.status();
      if (!next.ok() || next->trials.empty()) return next->verdict;
      EXPECT_LE(next->trials.size(), 2u);
      for (const NewTrial& trial : next->trials) {
        EXPECT_NE(trial.reason, "");
        Run(trial);
      }
    }
    ADD_FAILURE() << "no end";
    return "";
  }

  void Run(const NewTrial& trial) {
    for (size_t i = 1; i < trials.size(); ++i) {
      EXPECT_NE(trials[i].config, trial.config);
    }
    const Json config = ParseJson(trial.config);
    std::set<std::string> in_float;
    for (const Json& name : config.value("ignored_names", Json::array())) {
      in_float.insert(name.get<std::string>());
    }
    double top1 = .9 - worse[FullyQuantized(trial.config)];
    for (const auto& [name, cost] : harm) {
      if (in_float.count(name) == 0) top1 -= cost;
    }
    const int64_t id = static_cast<int64_t>(trials.size());
    trials.push_back(Done(id, trial.config, top1));
    trials.back().label = trial.label;
    trials.back().reason = trial.reason;
    if (fail_with.count(in_float.size()) > 0) {
      trials.back().state = "failed";
      trials.back().measurements.clear();
    }
  }

  std::vector<std::string> InFloat(const Trial& trial) const {
    return ParseJson(trial.config)
        .value("ignored_names", std::vector<std::string>());
  }

  std::vector<Trial> trials;
  std::vector<std::string> ignored;
  std::set<std::string> asked;
  std::set<size_t> fail_with;  // trials of so many layers in float fail
  absl::Status sensitivity;

 private:
  static Trial Done(int64_t id, const std::string& config, double top1) {
    Trial trial;
    trial.id = id;
    trial.config = config;
    trial.state = "done";
    trial.artifact = Artifact{absl::StrCat("sha", id), "", 100 + id};
    Measurement m;
    m.role = "eval";
    m.metric = "top1";
    m.value = top1;
    trial.measurements = {m};
    return trial;
  }

  Json Sensitivity(const std::string&) const {
    double all = 0;
    for (const auto& [name, cost] : harm) all += cost;
    Json layers = Json::array();
    for (const auto& [name, cost] : harm) {
      const auto found = macs.find(name);
      layers.push_back({{"name", name},
                        {"macs", found == macs.end() ? 1.0 : found->second},
                        {"without", all - cost},
                        {"alone", cost}});
    }
    return {{"output_error", all}, {"layers", layers}};
  }
};

TEST(AccuracySearchTest, NothingIsProposedWhereTheBoundIsMet) {
  World world;
  world.Start({"{\"preset\":\"mixed\"}"});
  EXPECT_EQ(world.Search(.07),
            "within the bound with every layer quantized: trial 1");
  EXPECT_EQ(world.trials.size(), 2u);
  EXPECT_TRUE(world.asked.empty());
}

TEST(AccuracySearchTest, TheFewestLayersThatMeetTheBoundAreFound) {
  // Costs by rank: l0 .03, l2 .02, l4 .01, l6 .005, l3 .002, l1 .001; .068.
  World world;
  world.Start({"{}"});
  const auto first = world.Ask(.01);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->trials.size(), 2u);
  EXPECT_EQ(first->trials[0].config,
            "{\"ignored_names\":[\"l0\"],\"ignored_validate\":false}");
  EXPECT_EQ(first->trials[1].config,
            "{\"ignored_names\":[\"l0\",\"l2\"],\"ignored_validate\":false}");
  EXPECT_EQ(first->trials[0].reason,
            "trial 1, with every layer quantized: top1 drops by 0.068, 0.01 is "
            "allowed; in float, with the share of the outputs' error that goes "
            "with each alone: l0 44 %");
  // .068 - .03 - .02 - .01 = .008 is within .01, two layers are not.
  const std::string verdict = world.Search(.01);
  EXPECT_NE(verdict.find("within the bound with 3 of 8 layers in float"),
            std::string::npos)
      << verdict;
  EXPECT_NE(verdict.find("(l0, l2, l4)"), std::string::npos) << verdict;
  // 1, 2, 4 and 7, then 3; then two tries to give one back: what is left
  // without l4 has been tried.
  EXPECT_EQ(world.trials.size(), 2u + 5 + 2);
  EXPECT_EQ(world.InFloat(world.trials[6]),
            (std::vector<std::string>{"l0", "l2", "l4"}));
}

TEST(AccuracySearchTest, ItGoesOnFromAnyPlaceAsIfItHadNotStopped) {
  World whole;
  whole.Start({"{}", "{\"a\":1}"});
  whole.worse["{\"a\":1}"] = .001;
  whole.Search(.004);
  // Every beginning of the trials gives the same next ones.
  for (size_t n = 3; n < whole.trials.size(); ++n) {
    World part = whole;
    part.trials.resize(n);
    const auto next = part.Ask(.004);
    ASSERT_TRUE(next.ok());
    ASSERT_FALSE(next->trials.empty()) << n;
    EXPECT_EQ(next->trials[0].config, whole.trials[n].config);
    EXPECT_EQ(next->trials[0].label, whole.trials[n].label);
    // Of two, the one that is missing keeps its reason.
    EXPECT_EQ(next->trials[0].reason, whole.trials[n].reason);
  }
}

TEST(AccuracySearchTest, LayersThatCostMuchAndWinLittleGoBack) {
  World world;
  // Each is worth reverting by rank, but l4 is not needed with l6.
  world.harm = {{"l0", .03}, {"l4", .0101}, {"l6", .01}, {"l7", 0}};
  world.macs = {{"l4", 1}, {"l6", 1}};
  world.Start({"{}"});
  // Two layers leave .01: within. One of the two alone leaves .02 or .04.
  EXPECT_NE(world.Search(.0101).find("2 of 4 layers in float"),
            std::string::npos);
  World wide;
  // By the ranking l0 and l1 come first; l2 alone would have been enough.
  wide.harm = {{"l0", .003}, {"l1", .003}, {"l2", .02}, {"l3", 0}};
  wide.macs = {{"l0", 0}, {"l1", 0}, {"l2", 100}, {"l3", 0}};
  wide.Start({"{}"});
  const std::string verdict = wide.Search(.007);
  EXPECT_NE(verdict.find("1 of 4 layers in float"), std::string::npos)
      << verdict;
  EXPECT_NE(verdict.find("(l2)"), std::string::npos) << verdict;
}

TEST(AccuracySearchTest, AnotherConfigurationMayNeedFewer) {
  World world;
  // The better one by a hair ranks badly: the other gets by with l0 alone.
  world.Start({"{}", "{\"a\":1}"});
  world.worse["{\"a\":1}"] = .0005;
  world.trials[2] = world.trials[1];
  world.trials[2].id = 2;
  world.trials[2].config = "{\"a\":1}";
  world.trials[2].artifact->sha256 = "other";
  world.trials[2].measurements[0].value -= .0005;
  world.worse["{\"a\":1}"] = -.011;
  const std::string verdict = world.Search(.01);
  EXPECT_NE(verdict.find("with 2 of 8 layers in float"), std::string::npos)
      << verdict;
  EXPECT_EQ(world.asked.size(), 2u);
}

TEST(AccuracySearchTest, AnUnreachableBoundSaysHowCloseItCame) {
  World world;
  world.Start({"{}"});
  world.worse["{}"] = .05;
  const std::string verdict = world.Search(.01);
  EXPECT_NE(verdict.find("not within the bound; closest came trial 5"),
            std::string::npos)
      << verdict;
  EXPECT_NE(verdict.find("top1 drops by 0.05, 0.01 is allowed"),
            std::string::npos)
      << verdict;
  // Never all layers.
  for (const Trial& trial : world.trials) {
    EXPECT_LT(world.InFloat(trial).size(), 8u);
  }
}

TEST(AccuracySearchTest, TrialsThatFailAreNotWithin) {
  World world;
  world.fail_with = {3};
  world.Start({"{}"});
  EXPECT_NE(world.Search(.01).find("4 of 8 layers in float"),
            std::string::npos);
  World none;
  none.fail_with = {0};
  none.Start({"{}"});
  EXPECT_EQ(none.Search(.01),
            "no configuration with every layer quantized was made");
}

TEST(AccuracySearchTest, TrialsAreLimited) {
  World world;
  world.Start({"{}"});
  const std::string verdict = world.Search(.01, 4);
  EXPECT_EQ(world.trials.size(), 5u);
  EXPECT_EQ(verdict.rfind("the 4 trials are used up; so far: ", 0), 0u)
      << verdict;
}

TEST(AccuracySearchTest, WhatTheStudyIgnoresStaysIgnored) {
  World world;
  world.ignored = {"l5"};
  world.Start({"{}"});
  const auto next = world.Ask(.01);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->trials[0].config,
            "{\"ignored_names\":[\"l5\",\"l0\"],\"ignored_validate\":false}");
}

TEST(AccuracySearchTest, ErrorsOfTheRankingAreTold) {
  World world;
  world.sensitivity = absl::InvalidArgumentError("no float output");
  world.Start({"{}"});
  EXPECT_EQ(world.Ask(.01).status(), world.sensitivity);
}

TEST(LayerRankingTest, ScoresByErrorPerLayerAndMacs) {
  const Json sensitivity = {
      {"output_error", 10.0},
      {"layers",
       {{{"name", "a"}, {"macs", 0}, {"without", 8.0}, {"alone", 2.0}},
        {{"name", "b"}, {"macs", 30}, {"without", 7.0}, {"alone", nullptr}},
        {{"name", "c"}, {"macs", 10}, {"without", 8.0}, {"alone", 1.0}},
        {{"name", "d"}, {"macs", 0}, {"without", 11.0}, {"alone", 1.0}}}}};
  const std::vector<RankedLayer> ranking = RankBySensitivity(sensitivity);
  ASSERT_EQ(ranking.size(), 4u);
  // .2 / .25, .2 / (.25 + .25), .3 / (.25 + .75), -.1 / .25.
  EXPECT_EQ(ranking[0].name, "a");
  EXPECT_NEAR(ranking[0].score, .8, 1e-12);
  EXPECT_EQ(ranking[1].name, "c");
  EXPECT_NEAR(ranking[1].score, .4, 1e-12);
  EXPECT_EQ(ranking[2].name, "b");
  EXPECT_NEAR(ranking[2].score, .3, 1e-12);
  EXPECT_NEAR(ranking[2].macs, .75, 1e-12);
  EXPECT_EQ(ranking[3].name, "d");
  EXPECT_NEAR(ranking[3].score, -.4, 1e-12);
  EXPECT_EQ(NamesInGraphOrder(ranking),
            (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(SomeNames(ranking), "a, c, b, d");
  EXPECT_EQ(NamesAndGains(ranking), "a 20 %, c 20 %, b 30 %, d -10 %");
  EXPECT_EQ(SomeNames(std::vector<RankedLayer>(10, ranking[0])),
            "a, a, a, a, a, a, a, a and 2 more");
  EXPECT_TRUE(RankBySensitivity(Json::object()).empty());
}

}  // namespace
}  // namespace hone::harness
