#include "harness/error/error.h"

#include <cerrno>

#include "absl/status/status.h"
#include "datasets/error/error.h"
#include "gtest/gtest.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

TEST(ErrorTest, PartsComeBackAndAreInTheMessage) {
  const absl::Status status = InputError("r.yaml", "no such key", "a", "b");
  EXPECT_EQ(status.message(), "r.yaml: no such key: expected a, found b");
  const Failure failure = FailureOf(status);
  EXPECT_EQ(failure.code, "invalid_input");
  EXPECT_EQ(failure.file, "r.yaml");
  EXPECT_EQ(failure.expected, "a");
  EXPECT_EQ(failure.found, "b");
}

TEST(ErrorTest, ExitCodesAreTheDocumentedOnes) {
  EXPECT_EQ(ExitCode(UsageError("x")), 2);
  EXPECT_EQ(ExitCode(InputError("f", "x")), 3);
  EXPECT_EQ(ExitCode(LimitError("x")), 4);
  EXPECT_EQ(ExitCode(IoError("f", "cannot write", ENOSPC)), 4);
  EXPECT_EQ(ExitCode(IoError("f", "cannot write", EACCES)), 3);
  EXPECT_EQ(ExitCode(CancelledError()), 130);
  EXPECT_EQ(ExitCode(absl::InvalidArgumentError("made elsewhere")), 3);
  EXPECT_EQ(ExitCode(absl::ResourceExhaustedError("memory")), 4);
}

TEST(ErrorTest, PartsOfDataErrorsAreKept) {
  const absl::Status status =
      datasets::BadData("x.npy", "wrong dtype", "float32", "int8");
  EXPECT_EQ(FailureOf(status).file, "x.npy");
  EXPECT_EQ(FailureOf(status).expected, "float32");
  EXPECT_EQ(FailureOf(status).found, "int8");
}

TEST(ErrorTest, JsonHasAllKeysAndSurvivesBytesThatAreNoUtf8) {
  const Json json =
      Json::parse(FailureJson(InputError("f\xff", "bad \"thing\"")));
  for (const char* key :
       {"code", "message", "file", "node", "expected", "found"}) {
    EXPECT_TRUE(json["error"].contains(key)) << key;
  }
  EXPECT_EQ(json["error"]["code"], "invalid_input");
}

}  // namespace
}  // namespace hone::harness
