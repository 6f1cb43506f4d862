// A device with memory of its own that computes some of a Plan's steps.
//
//   CompileOptions options;
//   options.accelerator = *MakeAccelerator("opencl:0");   // null for the CPU
//
// While a plan is compiled, every node is offered to the accelerator first; one
// that it has no kernel for runs on the CPU. A run keeps for each value where
// it is: in host memory, on the device, or in both. What the device computes
// stays there; it is copied when a step of the CPU, an output or a tap reads
// it, once. A constant that the device reads is copied when the plan is
// compiled. A plan without an accelerator knows nothing of all this.
#ifndef HONE_KERNELS_EXEC_ACCELERATOR_H_
#define HONE_KERNELS_EXEC_ACCELERATOR_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Memory of the device, dense row-major when it holds a value.
class DeviceBuffer {
 public:
  virtual ~DeviceBuffer() = default;
  virtual size_t bytes() const = 0;
};

// One input or output of a DeviceKernel. view.data is host memory, and null
// unless the kernel asked for that; buffer is null where it did.
struct DeviceValue {
  TensorView view;
  std::shared_ptr<const DeviceBuffer> buffer;
};

// A Kernel whose Run is RunOnDevice.
class DeviceKernel : public Kernel {
 public:
  enum class Place {
    kDevice,
    kHost,    // parameters, such as indices to be checked
    kNowhere  // taken when the kernel was made
  };
  virtual Place place(size_t input) const = 0;

  // Returns before the device is done. Outputs are allocated and overlap
  // nothing. Thread-safe.
  virtual absl::Status RunOnDevice(
      absl::Span<const DeviceValue> inputs,
      absl::Span<const DeviceValue> outputs) const = 0;

  absl::Status Run(const KernelContext& /*context*/) const final {
    return absl::InternalError("a kernel of a device was run on the CPU");
  }
  // The host holds no place for them.
  bool allocates_outputs() const final { return true; }
  bool reads_input(size_t index) const final {
    return place(index) == Place::kHost;
  }
};

// Thread-safe. Errors of the device are ResourceExhausted (its memory),
// Unavailable (it was lost) or Internal.
class Accelerator {
 public:
  virtual ~Accelerator() = default;
  virtual absl::string_view name() const = 0;  // "opencl:0"

  // Unimplemented: the node is the CPU's.
  virtual absl::StatusOr<std::unique_ptr<DeviceKernel>> MakeKernel(
      const KernelSpec& spec) = 0;

  virtual absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Allocate(
      size_t bytes) = 0;
  virtual absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Upload(
      const void* data, size_t bytes) = 0;
  virtual absl::Status Download(const DeviceBuffer& buffer, void* data,
                                size_t bytes) = 0;
  virtual absl::Status Finish() = 0;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_ACCELERATOR_H_
