// What the adapters of OpenCL kernels to graph nodes share.
#ifndef HONE_KERNELS_EXEC_OPENCL_OP_H_
#define HONE_KERNELS_EXEC_OPENCL_OP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/accelerator.h"
#include "kernels/exec/kernel.h"
#include "kernels/opencl/context/context.h"
#include "kernels/opencl/elementwise/elementwise.h"

namespace hone {

using OpenClContext = std::shared_ptr<opencl::Context>;

// Unimplemented where the node is the CPU's.
using OpenClFactory = absl::StatusOr<std::unique_ptr<DeviceKernel>> (*)(
    const OpenClContext& context, const KernelSpec& spec);

class OpenClBuffer : public DeviceBuffer {
 public:
  explicit OpenClBuffer(opencl::BufferPtr own) : buffer(std::move(own)) {}
  size_t bytes() const override { return buffer->bytes(); }
  const opencl::BufferPtr buffer;
};

// The memory of a value that an OpenCL accelerator holds; null when absent.
opencl::BufferPtr BufferOf(const DeviceValue& value);

// The node stays on the CPU.
absl::Status NotOnDevice();

// NotOnDevice unless input `index` is a float32 tensor of at most 8 axes, and
// their number is known.
absl::Status ExpectFloats(const KernelSpec& spec, size_t index);
size_t RankOf(const KernelSpec& spec, size_t index);

// The kernels' loops, array `first` and `second` of a coalesced nest.
absl::StatusOr<opencl::Nest> NestOf(const LoopNest& nest, size_t first,
                                    size_t second);

using DeviceValues = absl::Span<const DeviceValue>;

// Unimplemented: a value has 2^31 elements or more.
absl::Status ExpectIndexable(DeviceValues inputs, DeviceValues outputs);

// A DeviceKernel made of a function of (inputs, outputs). places: of the first
// inputs; the others are the device's.
template <typename F>
class FunctionDeviceKernel final : public DeviceKernel {
 public:
  FunctionDeviceKernel(const char* name, std::vector<Place> places, F run)
      : name_(name), places_(std::move(places)), run_(std::move(run)) {}

  absl::string_view name() const override { return name_; }
  Place place(size_t input) const override {
    return input < places_.size() ? places_[input] : Place::kDevice;
  }
  absl::Status RunOnDevice(DeviceValues inputs,
                           DeviceValues outputs) const override {
    if (absl::Status status = ExpectIndexable(inputs, outputs); !status.ok()) {
      return status;
    }
    return run_(inputs, outputs);
  }

 private:
  const char* const name_;  // static storage
  const std::vector<Place> places_;
  const F run_;
};

template <typename F>
std::unique_ptr<DeviceKernel> MakeDeviceKernel(
    const char* name, std::vector<DeviceKernel::Place> places, F run) {
  return std::make_unique<FunctionDeviceKernel<F>>(name, std::move(places),
                                                   std::move(run));
}

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPENCL_OP_H_
