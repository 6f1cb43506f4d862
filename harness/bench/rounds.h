// Times models side by side in one run.
//
// In every round each contender has one turn, on the same sample; the first one
// has a second turn at the round's other end (the control), and every other
// round goes backwards, so that a machine that slows down slows all. A turn is
// a run that is not counted (caches) and then as many runs as fit into
// `turn_ms`; a contender slower than that has one run a turn.
//
//   ratio    the median over rounds of (the model's median in the round) /
//            (the mean of the first model's two medians in the round)
//   noise    how far the 95 % interval of the control's ratio, which is 1 on a
//            quiet machine, reaches from 1
//   interval order statistics of the paired ratios (order_statistics.h)
#ifndef HONE_HARNESS_BENCH_ROUNDS_H_
#define HONE_HARNESS_BENCH_ROUNDS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/bench/contender.h"
#include "harness/bench/order_statistics.h"

namespace hone::harness {

// Fewer pairs have no 95 % interval.
inline constexpr int64_t kLeastRounds = 6;

struct RoundOptions {
  int64_t rounds = 30;      // at least kLeastRounds
  int64_t samples = 1;      // round r runs sample r % samples
  double turn_ms = 20;      // how long a turn lasts about
  double warm_up_ms = 100;  // and at least 3 runs, before the first round
  double max_seconds = 60;  // no round begins later, except for kLeastRounds
  // How far noise may reach before a difference that it could hide is left
  // undecided: 0.05 is 5 %.
  double max_noise = 0.05;
  // Seconds that pass; for tests.
  std::function<double()> now;
  // Called before every turn: turns done, turns in all, seconds left.
  std::function<absl::Status(int64_t, int64_t, double)> progress;
};

enum class Verdict { kFirst, kFaster, kSlower, kSame, kUnclear };
// "first", "faster", "slower", "same", "unclear".
std::string ToString(Verdict verdict);

struct Timing {
  std::vector<double> runs_ms;   // every counted run
  std::vector<double> round_ms;  // the median of each round's turn
  double median_ms = 0;
  double p99_ms = 0;
  double min_ms = 0;
  Interval ratio;  // to the first; {1, 1, 1} for the first
  Verdict verdict = Verdict::kFirst;
};

struct RoundsResult {
  std::vector<Timing> timings;  // in the contenders' order
  int64_t rounds = 0;
  Interval control;  // the first contender beside itself
  double noise = 0;
  // False: the noise could hide a difference (kUnclear), or, with a single
  // contender, exceeds max_noise.
  bool conclusive = true;
  // Of the machine's CPU time, what processes other than the contenders used.
  double others_cpu = 0;
  bool out_of_time = false;
};

// Requires a contender and options.rounds >= kLeastRounds.
absl::StatusOr<RoundsResult> RunRounds(
    const std::vector<Contender*>& contenders, const RoundOptions& options);

// Median over the rounds of a / b, paired, with its interval.
Interval PairedRatio(const std::vector<double>& a,
                     const std::vector<double>& b);

// faster: the interval, widened by the noise, lies below 1; slower: above;
// same: it holds 1 and reaches no further than max_noise from it; else unclear.
Verdict VerdictOf(const Interval& ratio, double noise, double max_noise);

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_ROUNDS_H_
