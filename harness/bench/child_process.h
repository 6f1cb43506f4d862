// A program that answers lines with lines, stopped while it has no turn.
#ifndef HONE_HARNESS_BENCH_CHILD_PROCESS_H_
#define HONE_HARNESS_BENCH_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hone::harness {

// Splits a command line into words at blanks; '...' and "..." hold blanks, a
// backslash outside of '...' takes the next character as it is. No shell: no
// variables, wildcards or pipes (`sh -c '...'` has them). Usage: an open quote,
// or no word.
absl::StatusOr<std::vector<std::string>> SplitCommand(
    const std::string& command);

class ChildProcess {
 public:
  struct Settings {
    std::string name;  // for messages: the command as it was typed
    std::vector<std::string> words;
    std::vector<std::string> environment;  // "KEY=VALUE", beside our own
    std::function<bool()> interrupted;     // asked ten times a second
    double patience_s = 300;               // how long it may keep silent
  };
  // In a process group of its own, which ends with this process or with the
  // object. NotFound: there is no such program.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(Settings settings);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  absl::Status WriteLine(const std::string& line);
  // Without its line break. Errors say how the program ended, with the end of
  // what it wrote to stderr. Cancelled; limit: it kept silent too long.
  absl::StatusOr<std::string> ReadLine();
  // SIGSTOP and SIGCONT for the whole group.
  void Stop();
  void Continue();
  double CpuSeconds() const;

 private:
  ChildProcess() = default;
  // Why the program answers no more.
  absl::Status Ended(const std::string& what);
  std::string StderrTail() const;

  Settings settings_;
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  FILE* stderr_ = nullptr;
  std::string pending_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_CHILD_PROCESS_H_
