#include <sched.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "kernels/threads/cpu_quota.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

int AvailableThreads() {
  int threads = static_cast<int>(std::thread::hardware_concurrency());
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) {
    threads = CPU_COUNT(&mask);
  }
  const std::optional<double> quota = CgroupCpuQuota("");
  // Half a CPU more is not worth a thread that is throttled half of the time.
  if (quota.has_value() && *quota < threads) {
    threads = static_cast<int>(*quota);
  }
  return std::max(threads, 1);
}

}  // namespace hone
