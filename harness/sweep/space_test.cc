#include "harness/sweep/space.h"

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

const std::vector<std::string> kKeys = {"preset", "per_channel",
                                        "activations_range_estimator"};

// conv -> depthwise -> squeeze-excite -> gemm.
std::vector<Layer> Layers() {
  return {{"c0", "Conv", {"x", "w"}, {"a"}, false},
          {"hs", "HardSwish", {"a"}, {"b"}, false},
          {"dw", "Conv", {"b", "w"}, {"c"}, true},
          {"pool", "ReduceMean", {"c"}, {"p"}, false},
          {"r", "Conv", {"p", "w", "bias"}, {"r1"}, false},
          {"relu", "Relu", {"r1"}, {"r2"}, false},
          {"e", "Conv", {"r2", "w"}, {"e1"}, false},
          {"gate", "HardSigmoid", {"e1"}, {"g"}, false},
          {"mul", "Mul", {"c", "g"}, {"m"}, false},
          {"fc", "Gemm", {"m", "w"}, {"y"}, false}};
}

TEST(LayersTest, ChoicesFindTheirLayers) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(*ResolveIgnored("none", Layers()), Names{});
  EXPECT_EQ(*ResolveIgnored("first_last", Layers()), (Names{"c0", "fc"}));
  EXPECT_EQ(*ResolveIgnored("depthwise", Layers()), (Names{"dw"}));
  EXPECT_EQ(*ResolveIgnored("squeeze_excite", Layers()),
            (Names{"pool", "r", "relu", "e", "gate", "mul"}));
  const auto bad = ResolveIgnored("depthwide", Layers());
  EXPECT_EQ(ExitCode(bad.status()), 3);
  EXPECT_NE(bad.status().message().find("the nearest is depthwise"),
            std::string::npos);
}

TEST(LayersTest, AProductOfFeaturesIsNoGate) {
  std::vector<Layer> layers = Layers();
  layers[3].op = "MaxPool";
  EXPECT_TRUE(ResolveIgnored("squeeze_excite", layers)->empty());
}

TEST(LayersTest, ReadsInspect) {
  const auto layers = LayersOf(ParseJson(
      R"({"nodes": [{"name": "c", "op": "Conv", "inputs": ["x", ""],
                     "outputs": ["y"], "depthwise": true}]})"));
  ASSERT_TRUE(layers.ok());
  EXPECT_EQ((*layers)[0].inputs.size(), 2u);
  EXPECT_TRUE((*layers)[0].depthwise);
  EXPECT_FALSE(LayersOf(ParseJson("{}")).ok());
}

TEST(SpaceTest, GridIsEveryCombination) {
  const auto space = MakeSpace(ParseJson(R"({"preset": ["performance", "mixed"],
                    "per_channel": [true, false],
                    "ignored": ["none", "depthwise"]})"),
                               kKeys, Layers(), 0, 0, "r.yaml");
  ASSERT_TRUE(space.ok()) << space.status();
  ASSERT_EQ(space->trials.size(), 8u);
  EXPECT_EQ(space->combinations, 8);
  EXPECT_EQ(space->trials[0].label, "preset=performance, per_channel=true");
  EXPECT_EQ(space->trials[3].label,
            "preset=performance, per_channel=false, ignored=depthwise");
  EXPECT_EQ(CanonicalText(space->trials[3].options),
            R"({"ignored_names":["dw"],"per_channel":false,)"
            R"("preset":"performance"})");
}

TEST(SpaceTest, EqualConfigurationsAreTriedOnce) {
  const auto space = MakeSpace(ParseJson(R"([{"preset": "mixed"},
                    {"preset": ["mixed", "performance"]}])"),
                               kKeys, {}, 0, 0, "r");
  ASSERT_TRUE(space.ok());
  EXPECT_EQ(space->trials.size(), 2u);
  EXPECT_EQ(space->notes.size(), 1u);
}

TEST(SpaceTest, RandomIsASeededSampleWithoutRepetition) {
  const Json search = ParseJson(
      R"({"preset": ["a", "b", "c", "d"], "per_channel": [true, false],
          "activations_range_estimator": ["x", "y", "z"]})");
  const auto one = MakeSpace(search, kKeys, {}, 7, 3, "r");
  const auto two = MakeSpace(search, kKeys, {}, 7, 3, "r");
  const auto other = MakeSpace(search, kKeys, {}, 7, 4, "r");
  ASSERT_TRUE(one.ok() && two.ok() && other.ok());
  ASSERT_EQ(one->trials.size(), 7u);
  std::set<std::string> labels, others;
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(one->trials[i].label, two->trials[i].label);
    labels.insert(one->trials[i].label);
    others.insert(other->trials[i].label);
  }
  EXPECT_EQ(labels.size(), 7u);
  EXPECT_NE(labels, others);
}

TEST(SpaceTest, OwnListsOfIgnoredLayers) {
  const auto space =
      MakeSpace(ParseJson(R"({"ignored": ["none", {"types": ["Gemm"],
                                         "patterns": ["^c,"]}]})"),
                kKeys, {}, 0, 0, "r");
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_EQ(CanonicalText(space->trials[1].options),
            R"({"ignored_patterns":["^c,"],"ignored_types":["Gemm"]})");
  EXPECT_EQ(space->trials[0].label, "defaults");
}

TEST(SpaceTest, ErrorsNameKeyAndNearest) {
  const auto key =
      MakeSpace(ParseJson(R"({"presett": ["a"]})"), kKeys, {}, 0, 0, "r.yaml");
  EXPECT_EQ(ExitCode(key.status()), 3);
  EXPECT_NE(key.status().message().find(
                "r.yaml: search: no such key 'presett': expected 'preset'"),
            std::string::npos)
      << key.status();
  for (const char* bad :
       {"[]", "3", R"({"preset": []})", R"({"ignored": ["nope"]})",
        R"({"ignored": [{"nodes": []}]})", R"({"ignored": [{"names": 1}]})"}) {
    EXPECT_FALSE(MakeSpace(ParseJson(bad), kKeys, {}, 0, 0, "r").ok()) << bad;
  }
}

TEST(SpaceTest, TooManyCombinationsAreRefusedBeforeTheyAreMade) {
  Json search = Json::object();
  Json many = Json::array();
  for (int i = 0; i < 2000; ++i) many.push_back(i);
  for (const std::string& key : kKeys) search[key] = many;
  EXPECT_FALSE(MakeSpace(search, kKeys, {}, 5, 0, "r").ok());
}

TEST(ReadSearchTest, MethodsAreNamedInTheRecipeOrOnTheCommandLine) {
  const Json grid = {{"preset", {"mixed"}}};
  // A grid is what it always was.
  auto plan = ReadSearch(grid, "", "r.yaml:3");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->method, SearchMethod::kGrid);
  EXPECT_EQ(plan->grids, grid);
  EXPECT_EQ(ReadSearch(nullptr, "", "r")->grids, DefaultSearch());
  // With a method inside, beside, or alone.
  Json inside = grid;
  inside["method"] = "accuracy";
  plan = ReadSearch(inside, "", "r.yaml:3");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->method, SearchMethod::kAccuracy);
  EXPECT_EQ(plan->grids, grid);
  EXPECT_EQ(ReadSearch(inside, "random", "r")->method, SearchMethod::kRandom);
  plan = ReadSearch(Json::array({grid, grid}), "accuracy", "r");
  EXPECT_EQ(plan->method, SearchMethod::kAccuracy);
  EXPECT_EQ(plan->grids.size(), 2u);
  // The accuracy search starts with all layers quantized.
  for (const Json& search : {Json("accuracy"), Json{{"method", "accuracy"}}}) {
    plan = ReadSearch(search, "", "r");
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_EQ(plan->method, SearchMethod::kAccuracy);
    EXPECT_GE(plan->grids.size(), 2u);
    for (const Json& one : plan->grids) EXPECT_FALSE(one.contains("ignored"));
  }
}

TEST(ReadSearchTest, UnknownMethodsNameTheNearest) {
  const auto bad = ReadSearch({{"method", "acuracy"}}, "", "r.yaml:7");
  EXPECT_EQ(ExitCode(bad.status()), 3);
  EXPECT_NE(bad.status().message().find("r.yaml:7"), std::string::npos);
  EXPECT_NE(bad.status().message().find("'accuracy' is the nearest"),
            std::string::npos)
      << bad.status();
  const auto number = ReadSearch({{"method", 7}}, "", "r");
  EXPECT_FALSE(number.ok());
  EXPECT_FALSE(ReadSearch(nullptr, "best", "r").ok());
}

}  // namespace
}  // namespace hone::harness
