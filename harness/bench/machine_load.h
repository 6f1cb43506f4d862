// What the rest of the machine does while something is measured.
#ifndef HONE_HARNESS_BENCH_MACHINE_LOAD_H_
#define HONE_HARNESS_BENCH_MACHINE_LOAD_H_

#include <sys/types.h>

#include <string>

namespace hone::harness {

// Watches from its construction on.
class MachineLoad {
 public:
  MachineLoad();
  // Of all CPUs' time since then, the share that processes other than this one
  // used; `children_seconds` is what processes used that count as this one. 0
  // where /proc/stat cannot be read.
  double OthersShare(double children_seconds) const;

 private:
  double start_busy_ = 0, start_all_ = 0, start_own_ = 0;
};

// Seconds that all CPUs were busy, and all that passed, from the text of
// /proc/stat; ticks a second are given. False when it is of another form.
bool ParseProcStat(const std::string& text, double ticks, double* busy,
                   double* all);

// CPU seconds that a process has used; 0 when it is gone.
double CpuSecondsOf(pid_t pid);

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_MACHINE_LOAD_H_
