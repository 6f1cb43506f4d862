// OpenCL's error numbers in words.
#ifndef HONE_KERNELS_OPENCL_DRIVER_ERROR_H_
#define HONE_KERNELS_OPENCL_DRIVER_ERROR_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace hone::opencl {

// "CL_OUT_OF_RESOURCES", or "OpenCL error -5" for a number without a name here.
std::string ErrorName(int32_t code);

// OK for CL_SUCCESS. ResourceExhausted: the device has no memory left.
// Unavailable: the device was lost. Internal: everything else. The message says
// what failed, on which device, and names the error.
absl::Status StatusOf(int32_t code, absl::string_view what,
                      absl::string_view device);

}  // namespace hone::opencl

// Returns the status of `expression` unless it is OK.
#define HONE_OPENCL_RETURN_IF_ERROR(expression)                         \
  do {                                                                  \
    if (::absl::Status hone_status = (expression); !hone_status.ok()) { \
      return hone_status;                                               \
    }                                                                   \
  } while (false)

#endif  // HONE_KERNELS_OPENCL_DRIVER_ERROR_H_
