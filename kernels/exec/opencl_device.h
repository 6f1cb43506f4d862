// Device's calls on OpenCL.
#ifndef HONE_KERNELS_EXEC_OPENCL_DEVICE_H_
#define HONE_KERNELS_EXEC_OPENCL_DEVICE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/device.h"

namespace hone {

// "opencl" or "opencl:N"; errors of ChooseDevice (kernels/opencl/driver).
absl::StatusOr<std::unique_ptr<Device>> MakeOpenClDevice(
    absl::string_view name);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPENCL_DEVICE_H_
