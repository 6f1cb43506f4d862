#include "harness/cli/arguments.h"

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "harness/cli/nearest.h"
#include "harness/cli/option.h"
#include "harness/cli/quantity_options.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

VerbSpec TestVerb() {
  VerbSpec verb;
  verb.name = "quantize";
  verb.positionals = {{"MODEL", "", true}};
  const auto add = [&](const char* key, OptionType type, const char* letter) {
    Option option;
    option.key = key;
    option.type = type;
    option.letter = letter;
    verb.options.push_back(option);
  };
  add("output", OptionType::kText, "o");
  add("preset", OptionType::kText, "");
  add("per_channel", OptionType::kFlag, "");
  add("ignored_names", OptionType::kList, "");
  add("subset_size", OptionType::kText, "");
  add("quiet", OptionType::kFlag, "q");
  add("recipe", OptionType::kText, "");
  add("set", OptionType::kList, "");
  return verb;
}

absl::StatusOr<Arguments> Parse(const std::vector<std::string>& words) {
  return ParseArguments(TestVerb(), words);
}

TEST(ArgumentsTest, ReadsOptionsAndPositionals) {
  const auto args =
      Parse({"m.onnx", "-o", "out.onnx", "--no-per-channel", "--ignored-names",
             "a,b", "--ignored-names", "c", "--subset-size=12", "-q"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(args->positional(0), "m.onnx");
  EXPECT_EQ(args->Text("output"), "out.onnx");
  EXPECT_TRUE(args->Has("per_channel"));
  EXPECT_FALSE(args->Flag("per_channel"));
  EXPECT_TRUE(args->Flag("quiet"));
  EXPECT_EQ(args->List("ignored_names"),
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(*args->Int("subset_size", 300, 1, 1000), 12);
  EXPECT_EQ(*args->Int("threads", 7, 0, 1000), 7);
  EXPECT_FALSE(args->Has("preset"));
}

TEST(ArgumentsTest, PositionalMayStandAnywhere) {
  const auto args = Parse({"--preset", "mixed", "m.onnx"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(args->positional(0), "m.onnx");
}

TEST(ArgumentsTest, UnknownOptionNamesTheNearest) {
  const auto args = Parse({"m.onnx", "--presset", "mixed"});
  ASSERT_FALSE(args.ok());
  EXPECT_EQ(ExitCode(args.status()), 2);
  EXPECT_NE(args.status().message().find("the nearest is --preset"),
            std::string::npos)
      << args.status();
}

TEST(ArgumentsTest, UsageErrors) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"m.onnx", "another"},
                                             {"m.onnx", "--preset"},
                                             {"m.onnx", "--set", "preset"},
                                             {"m.onnx", "--set", "pre=a"}}) {
    const auto args = Parse(words);
    ASSERT_FALSE(args.ok());
    EXPECT_EQ(ExitCode(args.status()), 2) << args.status();
  }
  const auto args = Parse({"m.onnx", "--subset-size", "many"});
  ASSERT_TRUE(args.ok());
  const auto size = args->Int("subset_size", 300, 1, 10);
  EXPECT_EQ(ExitCode(size.status()), 2);
  EXPECT_EQ(size.status().message(),
            "--subset-size: expected a whole number from 1 to 10, found "
            "'many'");
}

TEST(ArgumentsTest, HelpNeedsNothingElse) {
  const auto args = Parse({"--help"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_TRUE(args->Flag("help"));
}

class RecipeTest : public testing::Test {
 protected:
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  std::string path_ = testing::TempDir() + "/recipe.yaml";
};

TEST_F(RecipeTest, CommandLineWinsOverSetOverRecipe) {
  Write(
      "preset: mixed\nsubset_size: 5\noutput: r.onnx\n"
      "ignored_names: [a, 'b,c']\nper_channel: false\n");
  const auto args =
      Parse({"m.onnx", "--recipe", path_, "--set", "subset-size=6", "--set",
             "output=s.onnx", "-o", "c.onnx"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(args->Text("preset"), "mixed");
  EXPECT_EQ(args->Text("subset_size"), "6");
  EXPECT_EQ(args->Text("output"), "c.onnx");
  EXPECT_FALSE(args->Flag("per_channel"));
  EXPECT_EQ(args->List("ignored_names"),
            (std::vector<std::string>{"a", "b,c"}));
}

TEST_F(RecipeTest, UnknownKeyIsBadInputWithItsPlace) {
  Write("preset: mixed\npresett: mixed\n");
  const auto args = Parse({"m.onnx", "--recipe", path_});
  ASSERT_FALSE(args.ok());
  EXPECT_EQ(ExitCode(args.status()), 3);
  EXPECT_NE(args.status().message().find(
                "recipe.yaml:2: no such key 'presett': expected 'preset'"),
            std::string::npos)
      << args.status();
}

TEST(NearestTest, CountsEdits) {
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(EditDistance("eval", "evla"), 1);
  EXPECT_EQ(EditDistance("max_drop", "max-drop"), 0);
  EXPECT_EQ(Nearest("quantise", {"eval", "quantize", "run"}), "quantize");
  EXPECT_EQ(Nearest("quant", {"run", "quantize"}), "quantize");
  EXPECT_EQ(Nearest("x", {}), "");
}

TEST(OptionTest, ReadsTheTableOfTheAbi) {
  const auto options = OptionsOfTable(
      R"([{"key": "preset", "type": "enum", "values": ["mixed", "default"],
           "default": "default", "help": "Symmetry."},
          {"key": "per_channel", "type": "bool", "default": true,
           "help": "Scales."},
          {"key": "ignored_names", "type": "list", "help": "Nodes."}])",
      "Quantization");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ((*options)[0].value_name, "mixed|default");
  EXPECT_EQ((*options)[0].help, "Symmetry. [default]");
  EXPECT_EQ((*options)[1].type, OptionType::kFlag);
  EXPECT_EQ((*options)[2].type, OptionType::kList);
  EXPECT_FALSE(OptionsOfTable("{}", "").ok());
  EXPECT_FALSE(OptionsOfTable("[{\"key\": 1}]", "").ok());
}

TEST(QuantityOptionsTest, ReadValuesWithUnits) {
  const auto args = Parse({"m", "-o", "1h30m", "--preset", "top1=0.005,f1=1%"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(*SecondsOf(*args, "output", 7), 5400);
  EXPECT_EQ(*SecondsOf(*args, "subset_size", 7), 7);
  const auto bounds = BoundsOf(*args, "preset");
  ASSERT_EQ(bounds->size(), 2u);
  EXPECT_EQ((*bounds)[0].metric, "top1");
  EXPECT_TRUE((*bounds)[1].relative);
  EXPECT_TRUE(BoundsOf(*args, "subset_size")->empty());
  const auto bad = SecondsOf(*args, "preset", 0);
  EXPECT_EQ(ExitCode(bad.status()), 2);
  EXPECT_NE(bad.status().message().find("--preset"), std::string::npos);
  EXPECT_EQ(ExitCode(BoundsOf(*args, "output").status()), 2);
}

}  // namespace
}  // namespace hone::harness
