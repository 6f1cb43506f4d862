#include "kernels/threads/cpu_quota.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace hone {
namespace {

std::vector<std::string> Words(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> words;
  std::string word;
  while (file >> word) words.push_back(word);
  return words;
}

std::optional<double> Ratio(const std::string& quota,
                            const std::string& period) {
  double q = 0;
  double p = 0;
  if (!absl::SimpleAtod(quota, &q) || !absl::SimpleAtod(period, &p)) {
    return std::nullopt;  // "max"
  }
  if (q <= 0 || p <= 0) return std::nullopt;  // -1: no limit
  return q / p;
}

std::optional<double> QuotaIn(const std::string& folder) {
  const std::vector<std::string> v2 = Words(folder + "/cpu.max");
  if (v2.size() == 2) return Ratio(v2[0], v2[1]);
  const std::vector<std::string> quota = Words(folder + "/cpu.cfs_quota_us");
  const std::vector<std::string> period = Words(folder + "/cpu.cfs_period_us");
  if (quota.size() == 1 && period.size() == 1) {
    return Ratio(quota[0], period[0]);
  }
  return std::nullopt;
}

// The least quota of `mount`/`group` and of every folder between.
std::optional<double> LeastQuota(const std::string& mount, std::string group) {
  std::optional<double> least;
  for (;;) {
    const std::optional<double> quota = QuotaIn(mount + group);
    if (quota.has_value()) least = least ? std::min(*least, *quota) : *quota;
    const size_t slash = group.rfind('/');
    if (slash == std::string::npos) return least;
    group.resize(slash);
  }
}

}  // namespace

std::optional<double> CgroupCpuQuota(const std::string& root) {
  std::optional<double> least;
  const auto take = [&](const std::optional<double>& quota) {
    if (quota.has_value()) least = least ? std::min(*least, *quota) : *quota;
  };
  std::ifstream groups(root + "/proc/self/cgroup");
  std::string line;
  while (std::getline(groups, line)) {
    // "hierarchy:controllers:path"; version 2 is hierarchy 0, no controllers.
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3) continue;
    std::string path = parts[2] == "/" ? "" : parts[2];
    if (parts[0] == "0" && parts[1].empty()) {
      take(LeastQuota(root + "/sys/fs/cgroup", path));
      continue;
    }
    const std::vector<std::string> controllers = absl::StrSplit(parts[1], ',');
    if (std::find(controllers.begin(), controllers.end(), "cpu") !=
        controllers.end()) {
      take(LeastQuota(root + "/sys/fs/cgroup/" + parts[1], path));
      // Inside a container the group's own folder is often the mount itself.
      take(LeastQuota(root + "/sys/fs/cgroup/cpu", path));
    }
  }
  return least;
}

}  // namespace hone
