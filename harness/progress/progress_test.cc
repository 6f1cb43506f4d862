#include "harness/progress/progress.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "gtest/gtest.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

// What `use` makes a Progress write.
template <typename Use>
std::string Written(ProgressMode mode, bool quiet, Use use) {
  char* data = nullptr;
  size_t size = 0;
  FILE* out = open_memstream(&data, &size);
  {
    Progress progress(out, mode, quiet);
    use(&progress);
  }
  std::fclose(out);
  std::string text(data, size);
  std::free(data);
  return text;
}

TEST(ProgressTest, PlainSaysStageAndTimeLeft) {
  const std::string text = Written(
      ProgressMode::kPlain, false,
      [](Progress* progress) { progress->Update("evaluate", 100, 400, 12); });
  EXPECT_EQ(text, " 25 %  evaluate 100/400, 12 s left\n");
}

TEST(ProgressTest, StepsCountAsAWhole) {
  const std::string text = Written(
      ProgressMode::kPlain, false,
      [](Progress* progress) { progress->Overall(2, 4, "trial 3 of 4"); });
  EXPECT_EQ(text, " 50 %  trial 3 of 4\n");
}

TEST(ProgressTest, JsonIsOneObjectALine) {
  const std::string text = Written(
      ProgressMode::kJson, false,
      [](Progress* progress) { progress->Update("evaluate", 1, 2, -1); });
  const Json line = ParseJson(text);
  ASSERT_TRUE(line.is_object()) << text;
  EXPECT_EQ(line["stage"], "evaluate");
  EXPECT_TRUE(line["eta_s"].is_null());
}

TEST(ProgressTest, QuietStillWarns) {
  const auto use = [](Progress* progress) {
    progress->Update("evaluate", 1, 2, 3);
    progress->Note("a note");
    progress->Warning("no labels");
  };
  EXPECT_EQ(Written(ProgressMode::kPlain, true, use), "warning: no labels\n");
  EXPECT_EQ(Written(ProgressMode::kNone, false, use),
            "a note\nwarning: no labels\n");
}

TEST(ProgressTest, BarIsRemovedBeforeALine) {
  const std::string text =
      Written(ProgressMode::kBar, false, [](Progress* progress) {
        progress->Update("evaluate", 1, 2, 3);
        progress->Note("done");
      });
  EXPECT_NE(text.find("[==========          ]  50 %, 3.0 s left  evaluate"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\r\x1b[Kdone\n"), std::string::npos) << text;
}

TEST(ProgressTest, ModesByName) {
  EXPECT_EQ(*ParseProgressMode("none"), ProgressMode::kNone);
  EXPECT_EQ(*ParseProgressMode("json"), ProgressMode::kJson);
  EXPECT_FALSE(ParseProgressMode("loud").ok());
}

}  // namespace
}  // namespace hone::harness
