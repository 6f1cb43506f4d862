#include "harness/bench/command_contender.h"

#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "datasets/array/array.h"
#include "datasets/npy/npy.h"
#include "harness/data/values.h"
#include "harness/error/error.h"
#include "harness/files/files.h"

namespace hone::harness {
namespace {

// An answer takes this long for itself.
constexpr double kAnswerMs = 1;
// A clock that runs this much too fast is still taken for one.
constexpr double kClockError = 1.02;
constexpr int64_t kSeveralRuns = 4;
constexpr int64_t kTrustedAnswers = 5;

}  // namespace

absl::StatusOr<std::vector<double>> ParseAnswer(const std::string& line,
                                                int64_t runs) {
  std::vector<double> ms;
  for (const absl::string_view word :
       absl::StrSplit(line, absl::ByAnyChar(" \t\r,"), absl::SkipEmpty())) {
    double value = 0;
    if (!absl::SimpleAtod(word, &value) || !std::isfinite(value) ||
        value <= 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", line.substr(0, 200), "'"));
    }
    ms.push_back(value);
  }
  if (static_cast<int64_t>(ms.size()) != runs) {
    return absl::InvalidArgumentError(absl::StrCat(ms.size(), " numbers"));
  }
  return ms;
}

absl::StatusOr<std::unique_ptr<CommandContender>> CommandContender::Start(
    Settings settings) {
  if (!absl::StrContains(settings.command, "{model}")) {
    return UsageError(absl::StrCat("--command '", settings.command,
                                   "': {model}, which stands for the ONNX "
                                   "file, is missing"));
  }
  HARNESS_ASSIGN_OR_RETURN(std::vector<std::string> words,
                           SplitCommand(settings.command));
  for (std::string& word : words) {
    word = absl::StrReplaceAll(word,
                               {{"{model}", settings.model},
                                {"{inputs}", settings.inputs},
                                {"{threads}", absl::StrCat(settings.threads)}});
  }
  auto contender = std::make_unique<CommandContender>();
  HARNESS_ASSIGN_OR_RETURN(
      contender->child_,
      ChildProcess::Start(
          {settings.command,
           words,
           {absl::StrCat("HONE_BENCH_INPUTS=", settings.inputs),
            absl::StrCat("HONE_BENCH_THREADS=", settings.threads)},
           settings.interrupted,
           settings.patience_s}));
  contender->settings_ = std::move(settings);
  while (true) {
    HARNESS_ASSIGN_OR_RETURN(const std::string line,
                             contender->child_->ReadLine());
    if (line == "ready" || line == "ready\r") break;
  }
  contender->child_->Stop();
  return contender;
}

absl::StatusOr<std::vector<double>> CommandContender::Time(int64_t sample,
                                                           int64_t runs) {
  child_->Continue();
  const auto start = std::chrono::steady_clock::now();
  HARNESS_RETURN_IF_ERROR(
      child_->WriteLine(absl::StrCat("run ", sample, " ", runs)));
  HARNESS_ASSIGN_OR_RETURN(const std::string line, child_->ReadLine());
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - start;
  const auto ms = ParseAnswer(line, runs);
  const std::string name = absl::StrCat("--command ", settings_.command);
  if (!ms.ok()) {
    return InputError(name, "not an answer to `run`",
                      absl::StrCat(runs, " positive numbers, milliseconds"),
                      std::string(ms.status().message()));
  }
  double sum = 0;
  for (const double one : *ms) sum += one;
  if (sum > took.count() * kClockError + kAnswerMs) {
    return InputError(
        name, "its runs took longer than its answer",
        absl::StrFormat("at most %.3f ms for %d runs", took.count(), runs),
        absl::StrFormat("%.3f ms", sum));
  }
  // Waking up may take longer than a single short run.
  if (runs >= kSeveralRuns) {
    told_ms_ += sum;
    took_ms_ += took.count() - kAnswerMs;
    ++answers_;
  }
  if (!warned_ && answers_ >= kTrustedAnswers && told_ms_ < took_ms_ / 2) {
    warned_ = true;
    settings_.warn(absl::StrFormat(
        "%s: its runs took %.2f ms by its own clock, its answers %.2f ms: does "
        "it time whole runs?",
        name, told_ms_, took_ms_));
  }
  return ms;
}

absl::Status CommandContender::Rest() {
  child_->Stop();
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<InputFolder>> InputFolder::Make(
    const Signature& signature, const std::vector<BenchSample>& samples) {
  std::error_code error;
  const std::filesystem::path place =
      std::filesystem::temp_directory_path(error);
  std::string name = (error ? "/tmp" : place.string()) + "/hone-bench-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    return IoError(name, "cannot make a temporary folder", errno);
  }
  std::unique_ptr<InputFolder> folder(new InputFolder(name));
  for (size_t s = 0; s < samples.size(); ++s) {
    const std::string sample = absl::StrCat(name, "/", s);
    HARNESS_RETURN_IF_ERROR(MakeFolder(sample));
    for (size_t k = 0; k < samples[s].size(); ++k) {
      HARNESS_ASSIGN_OR_RETURN(
          const datasets::Array array,
          ArrayOf(samples[s][k].get(),
                  absl::StrCat("input ", signature.inputs[k].name,
                               " for --command")));
      const absl::Status status =
          datasets::WriteNpy(absl::StrCat(sample, "/", k, ".npy"), array);
      if (!status.ok()) return status;
    }
  }
  return folder;
}

InputFolder::~InputFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

}  // namespace hone::harness
