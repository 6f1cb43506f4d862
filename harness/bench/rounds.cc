#include "harness/bench/rounds.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "harness/bench/machine_load.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

constexpr int64_t kLeastWarmUps = 3;
constexpr int64_t kMostRunsPerTurn = 1000;

double SteadySeconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One contender's place in the rounds. Place n, past the contenders, is the
// first one's second turn.
struct Place {
  Contender* contender = nullptr;
  int64_t runs = 1;
  bool warms_up = false;
};

absl::StatusOr<std::vector<double>> Turn(const Place& place, int64_t sample) {
  if (place.warms_up) {
    HARNESS_RETURN_IF_ERROR(place.contender->Time(sample, 1).status());
  }
  HARNESS_ASSIGN_OR_RETURN(std::vector<double> ms,
                           place.contender->Time(sample, place.runs));
  HARNESS_RETURN_IF_ERROR(place.contender->Rest());
  return ms;
}

class Rounds {
 public:
  Rounds(const std::vector<Contender*>& contenders, const RoundOptions& options)
      : options_(options),
        now_(options.now ? options.now : SteadySeconds),
        count_(contenders.size()) {
    for (Contender* contender : contenders) places_.push_back({contender});
    control_ms_.reserve(static_cast<size_t>(options.rounds));
    result_.timings.resize(count_);
  }

  absl::StatusOr<RoundsResult> Run() {
    for (Place& place : places_) HARNESS_RETURN_IF_ERROR(WarmUp(&place));
    places_.push_back(places_[0]);
    const double children = ChildCpuSeconds();
    const MachineLoad load;
    start_ = now_();
    for (int64_t round = 0; round < options_.rounds; ++round) {
      if (round >= kLeastRounds && now_() - start_ > options_.max_seconds) {
        result_.out_of_time = true;
        break;
      }
      HARNESS_RETURN_IF_ERROR(Round(round));
      ++result_.rounds;
    }
    result_.others_cpu = load.OthersShare(ChildCpuSeconds() - children);
    Conclude();
    return std::move(result_);
  }

 private:
  double ChildCpuSeconds() const {
    double seconds = 0;
    for (size_t i = 0; i < count_; ++i) {
      seconds += places_[i].contender->ChildCpuSeconds();
    }
    return seconds;
  }

  absl::Status WarmUp(Place* place) {
    HARNESS_RETURN_IF_ERROR(Tell());
    double spent = 0, last = 0;
    for (int64_t i = 0; i < kLeastWarmUps || spent < options_.warm_up_ms; ++i) {
      if (i >= kMostRunsPerTurn) break;
      HARNESS_ASSIGN_OR_RETURN(const std::vector<double> ms,
                               place->contender->Time(i % options_.samples, 1));
      last = ms[0];
      spent += last;
    }
    HARNESS_RETURN_IF_ERROR(place->contender->Rest());
    const double fit = options_.turn_ms / std::max(last, 1e-6);
    place->runs = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(fit)), 1,
                                      kMostRunsPerTurn);
    place->warms_up = place->runs > 1;
    return absl::OkStatus();
  }

  absl::Status Round(int64_t round) {
    const int64_t sample = round % options_.samples;
    const size_t turns = places_.size();
    for (size_t k = 0; k < turns; ++k) {
      HARNESS_RETURN_IF_ERROR(Tell());
      const size_t at = round % 2 == 0 ? k : turns - 1 - k;
      HARNESS_ASSIGN_OR_RETURN(const std::vector<double> ms,
                               Turn(places_[at], sample));
      ++turns_done_;
      const double median = Quantile(ms, 0.5);
      // The control's runs count for the ratio alone, so that every model's
      // p99 is of as many runs.
      if (at == count_) {
        control_ms_.push_back(median);
        continue;
      }
      Timing& timing = result_.timings[at];
      timing.runs_ms.insert(timing.runs_ms.end(), ms.begin(), ms.end());
      timing.round_ms.push_back(median);
    }
    return absl::OkStatus();
  }

  absl::Status Tell() const {
    if (!options_.progress) return absl::OkStatus();
    const int64_t total = options_.rounds * static_cast<int64_t>(count_ + 1);
    double left = -1;
    if (turns_done_ > 0) {
      const double each = (now_() - start_) / static_cast<double>(turns_done_);
      left = std::min(each * static_cast<double>(total - turns_done_),
                      std::max(0.0, options_.max_seconds - (now_() - start_)));
    }
    return options_.progress(turns_done_, total, left);
  }

  void Conclude() {
    result_.control = PairedRatio(control_ms_, result_.timings[0].round_ms);
    result_.noise = std::max(std::fabs(result_.control.low - 1),
                             std::fabs(result_.control.high - 1));
    std::vector<double> first;
    for (size_t r = 0; r < control_ms_.size(); ++r) {
      first.push_back((control_ms_[r] + result_.timings[0].round_ms[r]) / 2);
    }
    for (size_t i = 0; i < count_; ++i) {
      Timing& timing = result_.timings[i];
      timing.median_ms = Quantile(timing.runs_ms, 0.5);
      timing.p99_ms = Quantile(timing.runs_ms, 0.99);
      timing.min_ms = Quantile(timing.runs_ms, 0);
      if (i == 0) {
        timing.ratio = {1, 1, 1};
        continue;
      }
      timing.ratio = PairedRatio(timing.round_ms, first);
      timing.verdict =
          VerdictOf(timing.ratio, result_.noise, options_.max_noise);
      if (timing.verdict == Verdict::kUnclear) result_.conclusive = false;
    }
    if (count_ == 1) result_.conclusive = result_.noise <= options_.max_noise;
  }

  const RoundOptions& options_;
  const std::function<double()> now_;
  const size_t count_;
  std::vector<Place> places_;
  std::vector<double> control_ms_;
  RoundsResult result_;
  double start_ = 0;
  int64_t turns_done_ = 0;
};

}  // namespace

std::string ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFirst:
      return "first";
    case Verdict::kFaster:
      return "faster";
    case Verdict::kSlower:
      return "slower";
    case Verdict::kSame:
      return "same";
    case Verdict::kUnclear:
      break;
  }
  return "unclear";
}

Interval PairedRatio(const std::vector<double>& a,
                     const std::vector<double>& b) {
  std::vector<double> ratios;
  for (size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
  return MedianInterval(std::move(ratios));
}

Verdict VerdictOf(const Interval& ratio, double noise, double max_noise) {
  if (ratio.high * (1 + noise) < 1) return Verdict::kFaster;
  if (ratio.low > 1 + noise) return Verdict::kSlower;
  const double reach =
      std::max(std::fabs(ratio.low - 1), std::fabs(ratio.high - 1));
  return std::max(reach, noise) <= max_noise ? Verdict::kSame
                                             : Verdict::kUnclear;
}

absl::StatusOr<RoundsResult> RunRounds(
    const std::vector<Contender*>& contenders, const RoundOptions& options) {
  return Rounds(contenders, options).Run();
}

}  // namespace hone::harness
