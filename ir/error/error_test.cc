#include "ir/error/error.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hone
