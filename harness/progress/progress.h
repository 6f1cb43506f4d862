// What the user sees on stderr while work goes on.
//
//   Progress progress(stderr, *ParseProgressMode("auto"), /*quiet=*/false);
//   progress.Overall(2, 13, "trial 3 of 13: per_channel=true");
//   progress.Update("evaluate", 400, 5000, 1.2);
//   // [=====>          ] 24 %  trial 3 of 13: per_channel=true, evaluate
//   // 400/5000, 45 s left
//
// Thread-safe.
#ifndef HONE_HARNESS_PROGRESS_PROGRESS_H_
#define HONE_HARNESS_PROGRESS_PROGRESS_H_

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace hone::harness {

//   bar    one line that is written over
//   plain  a line when a stage begins, and every few seconds
//   json   one JSON object a line: {"stage", "done", "total", "elapsed_s",
//          "eta_s", "step", "steps"}
enum class ProgressMode { kNone, kBar, kPlain, kJson };

// "auto" is bar when stderr is a terminal and TERM is not "dumb", else plain.
// InvalidArgument for other words than auto, bar, plain, json and none.
absl::StatusOr<ProgressMode> ParseProgressMode(const std::string& text);

class Progress {
 public:
  // `quiet` leaves out progress and notes, but no warnings. Colors are used
  // for a bar unless NO_COLOR is set.
  Progress(FILE* out, ProgressMode mode, bool quiet);
  ~Progress();

  // Steps of a longer job: `done` of `total` are finished, `label` goes on.
  void Overall(int64_t done, int64_t total, const std::string& label);
  // Within the step: `total` 0 and `eta_s` < 0 are unknown.
  void Update(absl::string_view stage, uint64_t done, uint64_t total,
              double eta_s);
  // Removes an unfinished bar.
  void Clear();
  // A line of its own.
  void Note(absl::string_view text);
  void Warning(absl::string_view text);

 private:
  // With mutex_ held.
  double FractionLocked() const;
  double EtaLocked() const;
  void DrawLocked(bool stage_began);
  void ClearLocked();

  FILE* const out_;
  const ProgressMode mode_;
  const bool quiet_;
  const bool color_;
  // Not absl::Mutex: ThreadSanitizer does not see into Debian's library.
  std::mutex mutex_;  // guards all that follows
  absl::Time start_;
  absl::Time drawn_;
  bool bar_shown_ = false;
  int64_t step_ = 0;
  int64_t steps_ = 0;
  int64_t first_step_ = -1;
  std::string label_;
  std::string stage_;
  uint64_t done_ = 0;
  uint64_t total_ = 0;
  double eta_s_ = -1;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_PROGRESS_PROGRESS_H_
