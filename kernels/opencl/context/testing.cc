#include "kernels/opencl/context/testing.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "kernels/opencl/driver/devices.h"

namespace hone::opencl {
namespace {

template <typename T>
T OrDie(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  std::abort();
}

std::shared_ptr<Context> Make() {
  const absl::StatusOr<DeviceInfo> device = ChooseDevice("opencl");
  if (!device.ok()) {
    std::printf("%s\n", std::string(device.status().message()).c_str());
    return nullptr;
  }
  ContextOptions options;
  options.cache_folder = "-";
  return OrDie(Context::Create(*device, options));
}

}  // namespace

Context* TestContext() {
  static const auto* const context = new std::shared_ptr<Context>(Make());
  return context->get();
}

std::vector<float> TestFloats(size_t n, uint32_t seed, float low, float high) {
  std::vector<float> x(n);
  uint32_t word = seed * 2654435761u + 1;
  for (float& value : x) {
    word = word * 1664525u + 1013904223u;
    value = low + static_cast<float>(word >> 8) * ((high - low) / (1 << 24));
  }
  return x;
}

BufferPtr OnDevice(const void* data, size_t bytes) {
  return OrDie(TestContext()->Upload(data, bytes));
}

BufferPtr OnDevice(const std::vector<float>& data) {
  return OnDevice(data.data(), data.size() * sizeof(float));
}

BufferPtr Room(size_t floats) {
  return OrDie(TestContext()->Allocate(floats * sizeof(float)));
}

std::vector<float> FloatsOf(const BufferPtr& buffer) {
  std::vector<float> x(buffer->bytes() / sizeof(float));
  const absl::Status status =
      TestContext()->Download(*buffer, x.data(), buffer->bytes());
  if (!status.ok()) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    std::abort();
  }
  return x;
}

}  // namespace hone::opencl
