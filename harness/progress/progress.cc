#include "harness/progress/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "harness/cli/quantities.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

constexpr absl::Duration kBarPeriod = absl::Milliseconds(100);
constexpr absl::Duration kPlainPeriod = absl::Seconds(5);

bool NoColor() {
  const char* value = std::getenv("NO_COLOR");
  return value != nullptr && *value != '\0';
}

size_t Columns(FILE* out) {
  winsize size = {};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20) {
    return size.ws_col;
  }
  return 80;
}

}  // namespace

absl::StatusOr<ProgressMode> ParseProgressMode(const std::string& text) {
  if (text == "none") return ProgressMode::kNone;
  if (text == "plain") return ProgressMode::kPlain;
  if (text == "json") return ProgressMode::kJson;
  if (text == "auto" || text == "bar") {
    // A bar in a file would be one endless line.
    const char* term = std::getenv("TERM");
    const bool terminal = isatty(STDERR_FILENO) == 1 && term != nullptr &&
                          std::strcmp(term, "dumb") != 0;
    return terminal ? ProgressMode::kBar : ProgressMode::kPlain;
  }
  return absl::InvalidArgumentError("auto, bar, plain, json or none");
}

Progress::Progress(FILE* out, ProgressMode mode, bool quiet)
    : out_(out),
      mode_(quiet ? ProgressMode::kNone : mode),
      quiet_(quiet),
      color_(!NoColor()),
      start_(absl::Now()),
      drawn_(absl::InfinitePast()) {}

Progress::~Progress() { Clear(); }

void Progress::Overall(int64_t done, int64_t total, const std::string& label) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (first_step_ < 0) {
    first_step_ = done;
    start_ = absl::Now();
  }
  step_ = done;
  steps_ = total;
  label_ = label;
  stage_.clear();
  done_ = total_ = 0;
  eta_s_ = -1;
  DrawLocked(true);
}

void Progress::Update(absl::string_view stage, uint64_t done, uint64_t total,
                      double eta_s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // Steps of a job have a label; their stages are not announced one by one.
  const bool began = stage_ != stage && label_.empty();
  stage_ = std::string(stage);
  done_ = done;
  total_ = total;
  eta_s_ = eta_s;
  DrawLocked(began);
}

double Progress::FractionLocked() const {
  const double inside = total_ > 0
                            ? std::min(1.0, static_cast<double>(done_) /
                                                static_cast<double>(total_))
                            : 0;
  if (steps_ == 0) return inside;
  return std::min(
      1.0, (static_cast<double>(step_) + inside) / static_cast<double>(steps_));
}

double Progress::EtaLocked() const {
  if (steps_ == 0) return eta_s_;
  // What this run did so far, not what it found done, tells how fast it is. A
  // step's stages each count to their own end, so only whole steps are counted.
  const double finished = static_cast<double>(step_ - first_step_);
  if (finished < 1) return -1;
  const double elapsed = absl::ToDoubleSeconds(absl::Now() - start_);
  const double per_step = elapsed / (finished + 0.5);
  return std::max(0.0, per_step * (static_cast<double>(steps_ - step_) - 0.5));
}

void Progress::DrawLocked(bool stage_began) {
  if (mode_ == ProgressMode::kNone) return;
  const absl::Time now = absl::Now();
  const absl::Duration period =
      mode_ == ProgressMode::kPlain ? kPlainPeriod : kBarPeriod;
  if (!stage_began && now - drawn_ < period) return;
  drawn_ = now;
  const double eta = EtaLocked();
  if (mode_ == ProgressMode::kJson) {
    const Json line = {{"stage", stage_},
                       {"label", label_},
                       {"done", done_},
                       {"total", total_},
                       {"step", step_},
                       {"steps", steps_},
                       {"elapsed_s", absl::ToDoubleSeconds(now - start_)},
                       {"eta_s", eta < 0 ? Json(nullptr) : Json(eta)}};
    absl::FPrintF(out_, "%s\n", ToText(line));
    std::fflush(out_);
    return;
  }
  std::string text = label_;
  if (!stage_.empty()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", stage_);
    if (total_ > 0) absl::StrAppend(&text, " ", done_, "/", total_);
  }
  const double percent = 100 * FractionLocked();
  std::string time;
  if (eta >= 0) time = absl::StrCat(", ", DurationText(eta), " left");
  if (mode_ == ProgressMode::kPlain) {
    absl::FPrintF(out_, "%3.0f %%  %s%s\n", percent, text, time);
    std::fflush(out_);
    return;
  }
  constexpr size_t kWidth = 20;
  const size_t filled = static_cast<size_t>(percent / 100 * kWidth + 0.5);
  std::string line = absl::StrCat("[", std::string(filled, '='),
                                  std::string(kWidth - filled, ' '), "]",
                                  absl::StrFormat(" %3.0f %%", percent),
                                  time.empty() ? "" : time, "  ", text);
  const size_t columns = Columns(out_) - 1;
  if (line.size() > columns) line.resize(columns);
  absl::FPrintF(out_, "\r%s%s%s\x1b[K", color_ ? "\x1b[36m" : "", line,
                color_ ? "\x1b[0m" : "");
  std::fflush(out_);
  bar_shown_ = true;
}

void Progress::ClearLocked() {
  if (!bar_shown_) return;
  absl::FPrintF(out_, "\r\x1b[K");
  std::fflush(out_);
  bar_shown_ = false;
}

void Progress::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ClearLocked();
}

void Progress::Note(absl::string_view text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (quiet_) return;
  ClearLocked();
  absl::FPrintF(out_, "%s\n", text);
  std::fflush(out_);
}

void Progress::Warning(absl::string_view text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ClearLocked();
  absl::FPrintF(out_, "warning: %s\n", text);
  std::fflush(out_);
}

}  // namespace hone::harness
