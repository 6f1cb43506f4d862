// The functions of OpenCL 1.2 that we call, from the loader of the machine.
//
// libOpenCL.so.1 is opened when a device is first asked for, and never at
// start: `hone` runs on machines without OpenCL, and asks nothing of those who
// build it but the headers. (A weak link would want the library at link time
// and fail at the first call, without words.)
#ifndef HONE_KERNELS_OPENCL_DRIVER_API_H_
#define HONE_KERNELS_OPENCL_DRIVER_API_H_

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "absl/status/statusor.h"

namespace hone::opencl {

#define HONE_OPENCL_FUNCTIONS(X) \
  X(clBuildProgram)              \
  X(clCreateBuffer)              \
  X(clCreateCommandQueue)        \
  X(clCreateContext)             \
  X(clCreateKernel)              \
  X(clCreateProgramWithBinary)   \
  X(clCreateProgramWithSource)   \
  X(clEnqueueFillBuffer)         \
  X(clEnqueueNDRangeKernel)      \
  X(clEnqueueReadBuffer)         \
  X(clEnqueueWriteBuffer)        \
  X(clFinish)                    \
  X(clFlush)                     \
  X(clGetDeviceIDs)              \
  X(clGetDeviceInfo)             \
  X(clGetPlatformIDs)            \
  X(clGetPlatformInfo)           \
  X(clGetProgramBuildInfo)       \
  X(clGetProgramInfo)            \
  X(clReleaseCommandQueue)       \
  X(clReleaseContext)            \
  X(clReleaseKernel)             \
  X(clReleaseMemObject)          \
  X(clReleaseProgram)            \
  X(clSetKernelArg)

struct Api {
#define HONE_OPENCL_MEMBER(name) decltype(&::name) name = nullptr;
  HONE_OPENCL_FUNCTIONS(HONE_OPENCL_MEMBER)
#undef HONE_OPENCL_MEMBER
};

// Thread-safe; the library is opened once. Unavailable: there is no loader, or
// it lacks a function.
absl::StatusOr<const Api*> LoadApi();

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_DRIVER_API_H_
