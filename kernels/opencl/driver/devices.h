// The OpenCL devices of the machine, and which of them a name means.
//
//   for (const DeviceInfo& device : *ListDevices()) Print(device.name);
//   HONE_ASSIGN_OR_RETURN(const DeviceInfo device, ChooseDevice("opencl:1"));
#ifndef HONE_KERNELS_OPENCL_DRIVER_DEVICES_H_
#define HONE_KERNELS_OPENCL_DRIVER_DEVICES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

struct _cl_device_id;
struct _cl_platform_id;

namespace hone::opencl {

struct DeviceInfo {
  enum class Kind { kGpu, kAccelerator, kCpu };

  int index = 0;  // N of opencl:N
  Kind kind = Kind::kCpu;
  std::string name;
  std::string vendor;
  std::string platform;
  std::string platform_version;
  std::string driver;  // version
  uint64_t memory_bytes = 0;
  uint64_t most_buffer_bytes = 0;  // of one allocation
  uint32_t compute_units = 0;
  uint64_t most_group_items = 0;
  uint64_t local_bytes = 0;
  // x / y and sqrt(x) can be asked to round correctly.
  bool exact_division = false;
  _cl_platform_id* platform_id = nullptr;
  _cl_device_id* id = nullptr;
};

absl::string_view KindName(DeviceInfo::Kind kind);  // "gpu", ...

// In the loader's order of platforms, then the platform's. Unavailable: no
// loader, no platform, or no device, in words that say which.
absl::StatusOr<std::vector<DeviceInfo>> ListDevices();

// "0: NAME (gpu, PLATFORM); 1: ..."
std::string DevicesToString(absl::Span<const DeviceInfo> devices);

// "opencl": the first GPU, else the first accelerator, else the first device;
// "opencl:N": the device of that index. Unavailable: as above. NotFound: no
// such device, with the list of those there are. InvalidArgument: another name.
absl::StatusOr<DeviceInfo> ChooseDevice(absl::string_view name);

// The same among `devices`, which is not empty.
absl::StatusOr<DeviceInfo> ChooseAmong(absl::string_view name,
                                       absl::Span<const DeviceInfo> devices);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_DRIVER_DEVICES_H_
