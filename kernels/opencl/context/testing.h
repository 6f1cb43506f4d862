// The device that tests and benchmarks of OpenCL kernels run on.
#ifndef HONE_KERNELS_OPENCL_CONTEXT_TESTING_H_
#define HONE_KERNELS_OPENCL_CONTEXT_TESTING_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "kernels/opencl/context/context.h"

namespace hone::opencl {

// One for the process, the first device of the machine, without the disk
// cache; null where there is none, with the reason printed once.
Context* TestContext();

// In a test: skips it where there is no device.
#define HONE_REQUIRE_OPENCL() \
  if (::hone::opencl::TestContext() == nullptr) GTEST_SKIP() << "no OpenCL"

// Elements between low and high, the same for the same seed.
std::vector<float> TestFloats(size_t n, uint32_t seed, float low = -1,
                              float high = 1);

// A copy on the device; a failure ends the process, since a test cannot go on.
BufferPtr OnDevice(const void* data, size_t bytes);
BufferPtr OnDevice(const std::vector<float>& data);
BufferPtr Room(size_t floats);
std::vector<float> FloatsOf(const BufferPtr& buffer);

}  // namespace hone::opencl

#endif  // HONE_KERNELS_OPENCL_CONTEXT_TESTING_H_
