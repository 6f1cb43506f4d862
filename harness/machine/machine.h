// This machine and this process, as measurements name them.
#ifndef HONE_HARNESS_MACHINE_MACHINE_H_
#define HONE_HARNESS_MACHINE_MACHINE_H_

#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace hone::harness {

// "AMD EPYC 7B13, 2 CPUs", as /proc/cpuinfo has it.
std::string MachineName();

// The widest of: avx512+amx, avx512+vnni, avx512, avx2, sse4, other.
std::string InstructionSet();
// The same from the text of a /proc/cpuinfo.
std::string InstructionSetOf(const std::string& cpuinfo);

// Names this process for as long as the machine runs: "HOST:BOOT:PID:START".
std::string ProcessIdentity();
// False when `identity` is of this boot of this host and its process is gone;
// true when it lives or cannot be told.
bool MayBeAlive(const std::string& identity);

// Highest resident memory of the process so far, in bytes.
uint64_t PeakResidentBytes();

// Watches the process's anonymous memory from a thread, every 10 ms.
class MemoryWatch {
 public:
  MemoryWatch();
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;
  // Highest value seen, in bytes.
  uint64_t PeakAnonymousBytes();

 private:
  void Sample() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t peak_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_MACHINE_MACHINE_H_
