#include "ir/error/error.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"

namespace hone {
namespace {

TEST(ErrorTest, SaysWhereExpectedAndFound) {
  const absl::Status status =
      WithFile(MakeError(absl::StatusCode::kInvalidArgument, "wrong rank",
                         {"", "conv1", "4", "3"}),
               "m.onnx");
  EXPECT_EQ(status.message(),
            "m.onnx: node conv1: wrong rank: expected 4, found 3");
  EXPECT_EQ(DetailOf(status).file, "m.onnx");
  EXPECT_EQ(DetailOf(status).found, "3");
}

TEST(ErrorTest, TheInnermostPlaceWins) {
  const absl::Status inner = WithNode(absl::InternalError("boom"), "a");
  EXPECT_EQ(inner.message(), "node a: boom");
  EXPECT_EQ(WithNode(inner, "b").message(), "node a: boom");
  EXPECT_TRUE(WithFile(absl::OkStatus(), "f").ok());
}

TEST(ErrorTest, WritesHostileNamesHarmlessly) {
  const auto shown = [](std::string name) {
    return DetailOf(MakeError(absl::StatusCode::kInternal, "w", {"", name}))
        .node;
  };
  EXPECT_EQ(shown("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(shown("a\x1b[2J"), "a\\x1b[2J");
  EXPECT_EQ(shown("\xc3("), "\\xc3(");
  EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(shown(std::string(1000, 'a')), std::string(200, 'a') + "...");
}

}  // namespace
}  // namespace hone
