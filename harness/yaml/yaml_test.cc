#include "harness/yaml/yaml.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

TEST(YamlTest, ReadsScalarsListsAndMapsWithTheirLines) {
  const auto map = ParseYamlMap(
      "model: a.onnx\nscale: 255\nsearch:\n  preset: [mixed, performance]\n"
      "  per_channel: [true, false]\nmax_drop: 0.5\nname: \"12\"\n",
      "r.yaml");
  ASSERT_TRUE(map.ok()) << map.status();
  ASSERT_EQ(map->entries.size(), 5u);
  EXPECT_EQ(map->entries[0].value, "a.onnx");
  EXPECT_EQ(map->entries[1].value, 255);
  EXPECT_EQ(map->entries[2].line, 3);
  EXPECT_EQ(map->entries[2].value["preset"][1], "performance");
  EXPECT_EQ(map->entries[2].value["per_channel"][1], false);
  EXPECT_EQ(map->entries[3].value, 0.5);
  EXPECT_EQ(map->entries[4].value, "12");
}

TEST(YamlTest, JsonIsYaml) {
  const auto map = ParseYamlMap(R"({"preset": "mixed", "n": [1, 2]})", "r");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->entries[1].value[1], 2);
}

TEST(YamlTest, ErrorsNameFileAndLine) {
  const auto syntax = ParseYamlMap("a: 1\nb: [1, 2\n", "r.yaml");
  ASSERT_FALSE(syntax.ok());
  EXPECT_EQ(ExitCode(syntax.status()), 3);
  EXPECT_NE(syntax.status().message().find("r.yaml:"), std::string::npos);
  const auto twice = ParseYamlMap("a: 1\nb: 2\na: 3\n", "r.yaml");
  EXPECT_NE(twice.status().message().find("r.yaml:3: the key 'a'"),
            std::string::npos)
      << twice.status();
  EXPECT_FALSE(ParseYamlMap("- 1\n- 2\n", "r").ok());
  EXPECT_FALSE(ParseYamlMap("", "r").ok());
  EXPECT_EQ(ExitCode(ReadYamlMap("/no/such/file").status()), 3);
}

TEST(YamlTest, AliasesThatExpandWithoutBoundAreRefused) {
  std::string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string n = std::to_string(i), p = std::to_string(i - 1);
    text += "a" + n + ": &a" + n + " [";
    for (int k = 0; k < 10; ++k) text += (k ? ", *a" : "*a") + p;
    text += "]\n";
  }
  EXPECT_FALSE(ParseYamlMap(text, "r").ok());
}

}  // namespace
}  // namespace hone::harness
