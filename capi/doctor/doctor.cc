// hone_doctor: what this machine is, and whether it computes rightly.
#include <hwy/highway.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "capi/context.h"
#include "capi/doctor/self_test.h"
#include "capi/error.h"
#include "capi/result.h"
#include "capi/text.h"
#include "kernels/opencl/driver/devices.h"

namespace hone::capi {
namespace {

std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const size_t colon = line.find(':');
    if (colon != std::string::npos && absl::StartsWith(line, "model name")) {
      return std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
    }
  }
  return "unknown";
}

// The machine's memory, or the cgroup's limit where that is less.
uint64_t MemoryBytes() {
  uint64_t bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                   static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
  for (const char* path : {"/sys/fs/cgroup/memory.max",
                           "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::string text;
    uint64_t limit = 0;
    if (file >> text && absl::SimpleAtoi(text, &limit)) {
      bytes = std::min(bytes, limit);
    }
  }
  return bytes;
}

// Names of the instruction sets that kernels exist for and this CPU has, best
// first: the lower the bit, the better the target.
std::vector<std::string> Targets() {
  std::vector<std::string> names;
  const int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  for (int bit = 0; bit < 63; ++bit) {
    const int64_t target = int64_t{1} << bit;
    if ((supported & target) != 0) names.push_back(hwy::TargetName(target));
  }
  return names;
}

nlohmann::ordered_json OpenClDevices(std::string* why) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const auto devices = opencl::ListDevices();
  if (!devices.ok()) {
    *why = std::string(devices.status().message());
    return list;
  }
  for (const opencl::DeviceInfo& device : *devices) {
    list.push_back({{"device", absl::StrCat("opencl:", device.index)},
                    {"name", device.name},
                    {"kind", std::string(opencl::KindName(device.kind))},
                    {"platform", device.platform},
                    {"platform_version", device.platform_version},
                    {"driver", device.driver},
                    {"memory_bytes", device.memory_bytes},
                    {"compute_units", device.compute_units}});
  }
  return list;
}

}  // namespace
}  // namespace hone::capi

hone_error* hone_doctor(const hone_context* context, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return hone::capi::Guard([&]() -> absl::Status {
    const int threads = hone::capi::ThreadsOf(context);
    const std::vector<std::string> targets = hone::capi::Targets();
    nlohmann::ordered_json json;
    json["version"] = hone::capi::kVersion;
    json["cpu"] = hone::capi::CpuName();
    json["targets"] = targets;
    json["target"] = targets.empty() ? "" : targets[0];
    json["threads"] = threads;
    json["memory_bytes"] = hone::capi::MemoryBytes();
    std::string why;
    json["opencl"] = hone::capi::OpenClDevices(&why);
    if (!why.empty()) json["opencl_why"] = why;
    json["self_test"] = nlohmann::ordered_json::array();
    for (const hone::capi::SelfTest& test : hone::capi::RunSelfTests(threads)) {
      json["self_test"].push_back(
          {{"name", test.name}, {"ok", test.ok}, {"detail", test.detail}});
    }
    *out = hone::capi::NewText(hone::capi::JsonText(json));
    return absl::OkStatus();
  });
}
