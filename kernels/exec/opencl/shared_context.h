// One OpenCL context a device, for all plans and calls of the process.
#ifndef HONE_KERNELS_EXEC_OPENCL_SHARED_CONTEXT_H_
#define HONE_KERNELS_EXEC_OPENCL_SHARED_CONTEXT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/opencl/context/context.h"
#include "kernels/opencl/driver/devices.h"

namespace hone {

// Lives as long as someone uses it. Thread-safe.
absl::StatusOr<std::shared_ptr<opencl::Context>> SharedContext(
    const opencl::DeviceInfo& device);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPENCL_SHARED_CONTEXT_H_
