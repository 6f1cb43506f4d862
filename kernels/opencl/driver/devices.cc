#include "kernels/opencl/driver/devices.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "kernels/opencl/driver/api.h"

namespace hone::opencl {
namespace {

// Both kinds of information are asked for in the same way.
template <typename Get, typename Id>
std::string Text(Get get, Id id, cl_uint what) {
  size_t bytes = 0;
  if (get(id, what, 0, nullptr, &bytes) != CL_SUCCESS || bytes == 0) return "";
  std::string text(bytes, '\0');
  if (get(id, what, bytes, text.data(), nullptr) != CL_SUCCESS) return "";
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

template <typename T>
T Number(const Api& api, cl_device_id id, cl_device_info what) {
  T value{};
  if (api.clGetDeviceInfo(id, what, sizeof(value), &value, nullptr) !=
      CL_SUCCESS) {
    return T{};
  }
  return value;
}

DeviceInfo Describe(const Api& api, cl_platform_id platform, cl_device_id id) {
  DeviceInfo info;
  info.platform_id = platform;
  info.id = id;
  info.name = Text(api.clGetDeviceInfo, id, CL_DEVICE_NAME);
  info.vendor = Text(api.clGetDeviceInfo, id, CL_DEVICE_VENDOR);
  info.driver = Text(api.clGetDeviceInfo, id, CL_DRIVER_VERSION);
  info.platform = Text(api.clGetPlatformInfo, platform, CL_PLATFORM_NAME);
  info.platform_version =
      Text(api.clGetPlatformInfo, platform, CL_PLATFORM_VERSION);
  info.memory_bytes = Number<cl_ulong>(api, id, CL_DEVICE_GLOBAL_MEM_SIZE);
  info.most_buffer_bytes =
      Number<cl_ulong>(api, id, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  info.compute_units = Number<cl_uint>(api, id, CL_DEVICE_MAX_COMPUTE_UNITS);
  info.most_group_items =
      Number<size_t>(api, id, CL_DEVICE_MAX_WORK_GROUP_SIZE);
  info.local_bytes = Number<cl_ulong>(api, id, CL_DEVICE_LOCAL_MEM_SIZE);
  info.exact_division =
      (Number<cl_device_fp_config>(api, id, CL_DEVICE_SINGLE_FP_CONFIG) &
       CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
  const auto type = Number<cl_device_type>(api, id, CL_DEVICE_TYPE);
  info.kind = (type & CL_DEVICE_TYPE_GPU) != 0 ? DeviceInfo::Kind::kGpu
              : (type & CL_DEVICE_TYPE_CPU) != 0
                  ? DeviceInfo::Kind::kCpu
                  : DeviceInfo::Kind::kAccelerator;
  return info;
}

}  // namespace

absl::string_view KindName(DeviceInfo::Kind kind) {
  switch (kind) {
    case DeviceInfo::Kind::kGpu:
      return "gpu";
    case DeviceInfo::Kind::kAccelerator:
      return "accelerator";
    case DeviceInfo::Kind::kCpu:
      return "cpu";
  }
  return "";
}

absl::StatusOr<std::vector<DeviceInfo>> ListDevices() {
  const absl::StatusOr<const Api*> loaded = LoadApi();
  if (!loaded.ok()) return loaded.status();
  const Api& api = **loaded;
  cl_uint count = 0;
  // ocl-icd gives an error when there is no platform, others a count of 0.
  if (api.clGetPlatformIDs(0, nullptr, &count) != CL_SUCCESS || count == 0) {
    return absl::UnavailableError(
        "no OpenCL platform: the loader is there, but no driver is registered "
        "in /etc/OpenCL/vendors (or $OCL_ICD_VENDORS)");
  }
  std::vector<cl_platform_id> platforms(count);
  api.clGetPlatformIDs(count, platforms.data(), nullptr);
  std::vector<DeviceInfo> devices;
  for (const cl_platform_id platform : platforms) {
    cl_uint found = 0;
    if (api.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, nullptr, &found) !=
        CL_SUCCESS) {
      continue;  // a platform without a device
    }
    std::vector<cl_device_id> ids(found);
    api.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, found, ids.data(),
                       nullptr);
    for (const cl_device_id id : ids) {
      if (Number<cl_bool>(api, id, CL_DEVICE_AVAILABLE) == CL_FALSE ||
          Number<cl_bool>(api, id, CL_DEVICE_COMPILER_AVAILABLE) == CL_FALSE) {
        continue;
      }
      devices.push_back(Describe(api, platform, id));
      devices.back().index = static_cast<int>(devices.size()) - 1;
    }
  }
  if (devices.empty()) {
    return absl::UnavailableError(absl::StrCat(
        "no OpenCL device: ", count,
        " platform(s), none with a device that is available and compiles"));
  }
  return devices;
}

std::string DevicesToString(absl::Span<const DeviceInfo> devices) {
  return absl::StrJoin(
      devices, "; ", [](std::string* out, const DeviceInfo& device) {
        absl::StrAppend(out, device.index, ": ", device.name, " (",
                        KindName(device.kind), ", ", device.platform, ")");
      });
}

absl::StatusOr<DeviceInfo> ChooseAmong(absl::string_view name,
                                       absl::Span<const DeviceInfo> devices) {
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, "opencl") ||
      (!rest.empty() && rest[0] != ':')) {
    return absl::InvalidArgumentError(absl::StrCat(
        "no device has that name: expected opencl or opencl:N, found ", name));
  }
  if (rest.empty()) {
    for (const DeviceInfo::Kind kind :
         {DeviceInfo::Kind::kGpu, DeviceInfo::Kind::kAccelerator}) {
      for (const DeviceInfo& device : devices) {
        if (device.kind == kind) return device;
      }
    }
    return devices[0];
  }
  int index = -1;
  const bool number = absl::SimpleAtoi(rest.substr(1), &index);
  for (const DeviceInfo& device : devices) {
    if (number && device.index == index) return device;
  }
  return absl::NotFoundError(absl::StrCat("no OpenCL device ", rest.substr(1),
                                          ": there is ",
                                          DevicesToString(devices)));
}

absl::StatusOr<DeviceInfo> ChooseDevice(absl::string_view name) {
  const absl::StatusOr<std::vector<DeviceInfo>> devices = ListDevices();
  if (!devices.ok()) return devices.status();
  return ChooseAmong(name, *devices);
}

}  // namespace hone::opencl
