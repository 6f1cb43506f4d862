#include "harness/bench/command_contender.h"

#include <signal.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "harness/error/error.h"
#include "harness/files/files.h"

namespace hone::harness {
namespace {

class CommandTest : public testing::Test {
 protected:
  // A shell script as the runtime; $1 is the model.
  absl::StatusOr<std::unique_ptr<CommandContender>> Start(
      const std::string& script, double patience_s = 20) {
    const std::string path = testing::TempDir() + "/runtime.sh";
    EXPECT_TRUE(WriteFile(path, script).ok());
    CommandContender::Settings settings;
    settings.command = absl::StrCat("sh ", path, " {model} {threads}");
    settings.model = "a model.onnx";
    settings.inputs = "/inputs";
    settings.threads = 3;
    settings.interrupted = [this] { return interrupted_; };
    settings.warn = [this](const std::string& text) { warning_ = text; };
    settings.patience_s = patience_s;
    return CommandContender::Start(std::move(settings));
  }
  bool interrupted_ = false;
  std::string warning_;
};

TEST_F(CommandTest, AsksAndReadsAnswers) {
  const auto made = Start(
      "echo loading \"$1\"; echo ready\n"
      "while read -r word s n; do sleep 0.01; "
      "for i in $(seq \"$n\"); do printf '%s.%s ' 1 \"$s\"; done; echo; done");
  ASSERT_TRUE(made.ok()) << made.status();
  const auto ms = (*made)->Time(5, 3);
  ASSERT_TRUE(ms.ok()) << ms.status();
  EXPECT_EQ(*ms, (std::vector<double>{1.5, 1.5, 1.5}));
  EXPECT_TRUE((*made)->Rest().ok());
  EXPECT_EQ((*(*made)->Time(0, 1))[0], 1.0);
}

TEST_F(CommandTest, GetsPathsAndThreads) {
  const auto made = Start(
      "echo \"$1,$2,$HONE_BENCH_INPUTS,$HONE_BENCH_THREADS\" >&2; exit 3");
  EXPECT_EQ(ExitCode(made.status()), 3);
  EXPECT_TRUE(absl::StrContains(made.status().message(), "exit status 3"));
  EXPECT_TRUE(
      absl::StrContains(made.status().message(), "a model.onnx,3,/inputs,3"));
}

TEST_F(CommandTest, IsStoppedWhileItRests) {
  const auto made = Start(
      "echo ready; while read -r w s n; do echo 0.1; "
      "i=0; while [ $i -lt 10000000 ]; do i=$((i+1)); done; done");
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE((*made)->Time(0, 1).ok());
  ASSERT_TRUE((*made)->Rest().ok());
  absl::Status rest = (*made)->Rest();
  const double before = (*made)->ChildCpuSeconds();
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start <
         std::chrono::milliseconds(300)) {
  }
  EXPECT_LE((*made)->ChildCpuSeconds() - before, 0.05);
}

TEST_F(CommandTest, BadAnswersAreToldWithWhatWasExpected) {
  const auto answer = [&](const std::string& line) {
    const auto made = Start(
        absl::StrCat("echo ready; while read -r w s n; do sleep 0.02; echo '",
                     line, "'; done"));
    return (*made)->Time(0, 2).status();
  };
  for (const char* line : {"1", "1 2 3", "1 x", "1 -2", "nan 1", ""}) {
    const absl::Status status = answer(line);
    EXPECT_EQ(ExitCode(status), 3) << line;
    EXPECT_TRUE(absl::StrContains(status.message(), "2 positive numbers"))
        << status;
  }
  EXPECT_TRUE(answer("4 4").ok());
  EXPECT_TRUE(absl::StrContains(answer("1000 1000").message(),
                                "took longer than its answer"));
}

TEST_F(CommandTest, AProgramThatTimesLessThanItDoesIsWarnedAbout) {
  const auto made = Start(
      "echo ready; while read -r w s n; do sleep 0.05; "
      "echo 0.1 0.1 0.1 0.1; done");
  for (int i = 0; i < 4; ++i) ASSERT_TRUE((*made)->Time(0, 4).ok());
  EXPECT_EQ(warning_, "");
  ASSERT_TRUE((*made)->Time(0, 4).ok());
  EXPECT_TRUE(absl::StrContains(warning_, "whole runs")) << warning_;
}

TEST_F(CommandTest, EndingSilenceAndInterruptionAreTold) {
  EXPECT_TRUE(absl::StrContains(Start("echo hello; exit 0").status().message(),
                                "ended without an answer"));
  const auto mute = Start("echo ready; sleep 60", 0.3);
  ASSERT_TRUE(mute.ok());
  EXPECT_EQ(ExitCode((*mute)->Time(0, 1).status()), 4);
  interrupted_ = true;
  EXPECT_EQ(ExitCode(Start("sleep 60").status()), 130);
}

TEST(CommandContenderTest, NeedsAModelAndAProgram) {
  CommandContender::Settings settings;
  settings.command = "prog";
  EXPECT_EQ(ExitCode(CommandContender::Start(settings).status()), 2);
  settings.command = "no-such-program-here {model}";
  const absl::Status status = CommandContender::Start(settings).status();
  EXPECT_EQ(ExitCode(status), 3);
  EXPECT_TRUE(absl::StrContains(status.message(), "no-such-program-here"));
}

TEST(SplitCommandTest, KnowsQuotes) {
  EXPECT_EQ(*SplitCommand("a 'b c' \"d 'e\" f\\ g ''"),
            (std::vector<std::string>{"a", "b c", "d 'e", "f g", ""}));
  EXPECT_EQ(ExitCode(SplitCommand("a 'b").status()), 2);
  EXPECT_EQ(ExitCode(SplitCommand("  ").status()), 2);
}

}  // namespace
}  // namespace hone::harness
