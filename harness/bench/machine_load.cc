#include "harness/bench/machine_load.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "harness/files/files.h"

namespace hone::harness {
namespace {

double TicksPerSecond() {
  return static_cast<double>(std::max(1L, sysconf(_SC_CLK_TCK)));
}

double OwnSeconds() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const struct timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

bool ParseProcStat(const std::string& text, double ticks, double* busy,
                   double* all) {
  const std::vector<std::string> words =
      absl::StrSplit(text.substr(0, text.find('\n')), ' ', absl::SkipEmpty());
  // cpu user nice system idle iowait irq softirq steal guest guest_nice; the
  // guests are within user and nice.
  if (words.size() < 9 || words[0] != "cpu") return false;
  double values[8];
  for (size_t i = 0; i < 8; ++i) {
    if (!absl::SimpleAtod(words[i + 1], &values[i])) return false;
  }
  *all = 0;
  for (const double value : values) *all += value / ticks;
  *busy = *all - (values[3] + values[4]) / ticks;
  return true;
}

double CpuSecondsOf(pid_t pid) {
  const std::string stat =
      ReadFile(absl::StrCat("/proc/", pid, "/stat")).value_or("");
  const size_t end = stat.rfind(')');
  if (end == std::string::npos) return 0;
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(end + 1), ' ', absl::SkipEmpty());
  double user = 0, system = 0;
  if (fields.size() < 13 || !absl::SimpleAtod(fields[11], &user) ||
      !absl::SimpleAtod(fields[12], &system)) {
    return 0;
  }
  return (user + system) / TicksPerSecond();
}

MachineLoad::MachineLoad() : start_own_(OwnSeconds()) {
  ParseProcStat(ReadFile("/proc/stat").value_or(""), TicksPerSecond(),
                &start_busy_, &start_all_);
}

double MachineLoad::OthersShare(double children_seconds) const {
  double busy = 0, all = 0;
  if (!ParseProcStat(ReadFile("/proc/stat").value_or(""), TicksPerSecond(),
                     &busy, &all) ||
      all <= start_all_) {
    return 0;
  }
  const double others =
      busy - start_busy_ - (OwnSeconds() - start_own_) - children_seconds;
  return std::clamp(others / (all - start_all_), 0.0, 1.0);
}

}  // namespace hone::harness
