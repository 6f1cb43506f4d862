// The CPUs that Linux control groups grant this process.
#ifndef HONE_KERNELS_THREADS_CPU_QUOTA_H_
#define HONE_KERNELS_THREADS_CPU_QUOTA_H_

#include <optional>
#include <string>

namespace hone {

// Quota over period, in CPUs (1.5 for 150 ms of every 100 ms): the least of
// the process's group and the groups above it, version 2 (cpu.max) or 1
// (cpu.cfs_quota_us); nullopt when nothing limits it. `root` stands before
// /proc/self/cgroup and /sys/fs/cgroup; "" is the machine itself.
std::optional<double> CgroupCpuQuota(const std::string& root);

}  // namespace hone

#endif  // HONE_KERNELS_THREADS_CPU_QUOTA_H_
