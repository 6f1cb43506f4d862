// This machine and this process, as measurements name them.
#ifndef HONE_HARNESS_MACHINE_MACHINE_H_
#define HONE_HARNESS_MACHINE_MACHINE_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

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
  void Sample();  // with mutex_ held

  // Not absl::Mutex: ThreadSanitizer does not see into Debian's library.
  std::mutex mutex_;  // guards the next two
  bool stop_ = false;
  uint64_t peak_ = 0;
  std::condition_variable stopping_;
  std::thread thread_;
};

}  // namespace hone::harness

#endif  // HONE_HARNESS_MACHINE_MACHINE_H_
