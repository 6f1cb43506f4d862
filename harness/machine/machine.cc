#include "harness/machine/machine.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "harness/files/files.h"

namespace hone::harness {
namespace {

// The text after "KEY<blanks>:" in lines of that form, or "".
std::string Field(const std::string& text, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::ConsumePrefix(&line, key)) continue;
    line = absl::StripLeadingAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&line, ":")) continue;
    return std::string(absl::StripAsciiWhitespace(line));
  }
  return "";
}

uint64_t StatusBytes(absl::string_view key) {
  const std::string value =
      Field(ReadFile("/proc/self/status").value_or(""), key);
  uint64_t kilobytes = 0;
  const std::vector<std::string> parts = absl::StrSplit(value, ' ');
  if (!absl::SimpleAtoi(parts[0], &kilobytes)) return 0;
  return kilobytes * 1024;
}

// Clock ticks since boot at which the process started; "" when it is gone.
std::string StartOf(const std::string& pid) {
  const std::string stat =
      ReadFile(absl::StrCat("/proc/", pid, "/stat")).value_or("");
  // The command's name stands in parentheses and may hold anything.
  const size_t end = stat.rfind(')');
  if (end == std::string::npos) return "";
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(end + 1), ' ', absl::SkipEmpty());
  // A zombie does no more work.
  if (fields.size() < 20 || fields[0] == "Z") return "";
  return fields[19];
}

std::string BootIdentity() {
  const std::string id =
      ReadFile("/proc/sys/kernel/random/boot_id").value_or("");
  return std::string(absl::StripAsciiWhitespace(id));
}

std::string HostName() {
  char name[256] = {};
  if (gethostname(name, sizeof(name) - 1) != 0) return "unknown";
  return name;
}

}  // namespace

std::string MachineName() {
  std::string model =
      Field(ReadFile("/proc/cpuinfo").value_or(""), "model name");
  if (model.empty()) model = "unknown CPU";
  const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  return absl::StrCat(model, ", ", cpus, cpus == 1 ? " CPU" : " CPUs");
}

std::string InstructionSetOf(const std::string& cpuinfo) {
  const std::string flags = absl::StrCat(" ", Field(cpuinfo, "flags"), " ");
  const auto has = [&](absl::string_view flag) {
    return absl::StrContains(flags, absl::StrCat(" ", flag, " "));
  };
  if (has("avx512f") && has("amx_int8")) return "avx512+amx";
  if (has("avx512f") && has("avx512_vnni")) return "avx512+vnni";
  if (has("avx512f")) return "avx512";
  if (has("avx2")) return "avx2";
  if (has("sse4_2")) return "sse4";
  return "other";
}

std::string InstructionSet() {
  return InstructionSetOf(ReadFile("/proc/cpuinfo").value_or(""));
}

std::string ProcessIdentity() {
  const std::string pid = absl::StrCat(getpid());
  return absl::StrCat(HostName(), ":", BootIdentity(), ":", pid, ":",
                      StartOf(pid));
}

bool MayBeAlive(const std::string& identity) {
  const std::vector<std::string> parts = absl::StrSplit(identity, ':');
  if (parts.size() != 4 || parts[0] != HostName()) return true;
  // After a restart of this machine nothing of before lives.
  if (parts[1] != BootIdentity()) return false;
  const std::string start = StartOf(parts[2]);
  return !start.empty() && start == parts[3];
}

uint64_t PeakResidentBytes() { return StatusBytes("VmHWM"); }

MemoryWatch::MemoryWatch() {
  thread_ = std::thread([this] {
    std::unique_lock<std::mutex> lock(mutex_);
    do {
      Sample();
    } while (!stopping_.wait_for(lock, std::chrono::milliseconds(10),
                                 [this] { return stop_; }));
  });
}

MemoryWatch::~MemoryWatch() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

void MemoryWatch::Sample() {
  const uint64_t bytes = StatusBytes("RssAnon");
  if (bytes > peak_) peak_ = bytes;
}

uint64_t MemoryWatch::PeakAnonymousBytes() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Sample();
  return peak_;
}

}  // namespace hone::harness
