#include "kernels/opencl/driver/error.h"

#include "absl/strings/str_cat.h"
#include "kernels/opencl/driver/api.h"

namespace hone::opencl {
namespace {

struct Name {
  int32_t code;
  const char* name;
};

#define HONE_OPENCL_NAME(code) {code, #code}
constexpr Name kNames[] = {
    HONE_OPENCL_NAME(CL_DEVICE_NOT_FOUND),
    HONE_OPENCL_NAME(CL_DEVICE_NOT_AVAILABLE),
    HONE_OPENCL_NAME(CL_COMPILER_NOT_AVAILABLE),
    HONE_OPENCL_NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    HONE_OPENCL_NAME(CL_OUT_OF_RESOURCES),
    HONE_OPENCL_NAME(CL_OUT_OF_HOST_MEMORY),
    HONE_OPENCL_NAME(CL_BUILD_PROGRAM_FAILURE),
    HONE_OPENCL_NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    HONE_OPENCL_NAME(CL_INVALID_VALUE),
    HONE_OPENCL_NAME(CL_INVALID_DEVICE),
    HONE_OPENCL_NAME(CL_INVALID_CONTEXT),
    HONE_OPENCL_NAME(CL_INVALID_COMMAND_QUEUE),
    HONE_OPENCL_NAME(CL_INVALID_MEM_OBJECT),
    HONE_OPENCL_NAME(CL_INVALID_BINARY),
    HONE_OPENCL_NAME(CL_INVALID_BUILD_OPTIONS),
    HONE_OPENCL_NAME(CL_INVALID_PROGRAM_EXECUTABLE),
    HONE_OPENCL_NAME(CL_INVALID_KERNEL_NAME),
    HONE_OPENCL_NAME(CL_INVALID_KERNEL),
    HONE_OPENCL_NAME(CL_INVALID_ARG_INDEX),
    HONE_OPENCL_NAME(CL_INVALID_ARG_SIZE),
    HONE_OPENCL_NAME(CL_INVALID_KERNEL_ARGS),
    HONE_OPENCL_NAME(CL_INVALID_WORK_GROUP_SIZE),
    HONE_OPENCL_NAME(CL_INVALID_WORK_ITEM_SIZE),
    HONE_OPENCL_NAME(CL_INVALID_BUFFER_SIZE),
};
#undef HONE_OPENCL_NAME

}  // namespace

std::string ErrorName(int32_t code) {
  for (const Name& name : kNames) {
    if (name.code == code) return name.name;
  }
  return absl::StrCat("OpenCL error ", code);
}

absl::Status StatusOf(int32_t code, absl::string_view what,
                      absl::string_view device) {
  const std::string where =
      absl::StrCat(" (", what, ", ", ErrorName(code), ")");
  switch (code) {
    case CL_SUCCESS:
      return absl::OkStatus();
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
    case CL_INVALID_BUFFER_SIZE:
      return absl::ResourceExhaustedError(
          absl::StrCat("device ", device, " is out of memory", where));
    case CL_OUT_OF_HOST_MEMORY:
      return absl::ResourceExhaustedError(absl::StrCat(
          "the driver of device ", device, " is out of memory", where));
    // What drivers say of a device that was unplugged, reset, or stopped for a
    // fault of a kernel.
    case CL_DEVICE_NOT_AVAILABLE:
    case CL_OUT_OF_RESOURCES:
    case CL_INVALID_COMMAND_QUEUE:
    case CL_INVALID_CONTEXT:
    case CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST:
      return absl::UnavailableError(
          absl::StrCat("device ", device, " was lost", where,
                       ": start again, with --device cpu if it stays away"));
    default:
      return absl::InternalError(
          absl::StrCat("device ", device, " failed", where));
  }
}

}  // namespace hone::opencl
