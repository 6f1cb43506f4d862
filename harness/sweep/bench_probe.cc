#include "harness/sweep/bench_probe.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/bench/inputs.h"
#include "harness/bench/start_contender.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

constexpr int64_t kMostSamples = 8;

}  // namespace

absl::StatusOr<std::unique_ptr<BenchProbe>> BenchProbe::Make(
    Settings settings) {
  std::unique_ptr<BenchProbe> probe(new BenchProbe(std::move(settings)));
  HARNESS_ASSIGN_OR_RETURN(probe->samples_,
                           TakeSamples(*probe->settings_.data, kMostSamples));
  probe->settings_.rounds.samples =
      static_cast<int64_t>(probe->samples_.size());
  if (!probe->settings_.command.empty()) {
    HARNESS_ASSIGN_OR_RETURN(
        probe->folder_,
        InputFolder::Make(probe->settings_.data->signature(), probe->samples_));
  }
  HARNESS_ASSIGN_OR_RETURN(
      probe->float_,
      probe->Start(probe->settings_.model_path, probe->settings_.model));
  return probe;
}

absl::StatusOr<std::unique_ptr<Contender>> BenchProbe::Start(
    const std::string& path, const hone_model* model) {
  return StartContender(
      {settings_.context, &samples_, settings_.command,
       folder_ == nullptr ? "" : folder_->path(), settings_.interrupted,
       [progress = settings_.progress](const std::string& text) {
         progress->Warning(text);
       }},
      path, model);
}

absl::StatusOr<RoundsResult> BenchProbe::Time(const std::string& path) {
  ModelPtr model;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_model_load(settings_.context, path.c_str(), Out(&model))));
  HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<Contender> contender,
                           Start(path, model.get()));
  RoundOptions rounds = settings_.rounds;
  rounds.progress = [this](int64_t done, int64_t total, double left) {
    settings_.progress->Update("latency", static_cast<uint64_t>(done),
                               static_cast<uint64_t>(total), left);
    return settings_.interrupted && settings_.interrupted() ? CancelledError()
                                                            : absl::OkStatus();
  };
  return RunRounds({float_.get(), contender.get()}, rounds);
}

std::string BenchProbe::engine() const {
  return settings_.command.empty() ? absl::StrCat("hone ", hone_version())
                                   : settings_.command;
}

int64_t BenchProbe::threads() const {
  return hone_context_threads(settings_.context);
}

}  // namespace hone::harness
