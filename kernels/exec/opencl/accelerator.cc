#include "kernels/exec/opencl/accelerator.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/exec/opencl/factories.h"
#include "kernels/exec/opencl/op.h"
#include "kernels/exec/opencl/shared_context.h"
#include "kernels/opencl/context/context.h"
#include "kernels/opencl/driver/devices.h"

namespace hone {
namespace {

class OpenClAccelerator : public Accelerator {
 public:
  explicit OpenClAccelerator(OpenClContext context)
      : context_(std::move(context)),
        name_(absl::StrCat("opencl:", context_->device().index)) {}

  absl::string_view name() const override { return name_; }

  absl::StatusOr<std::unique_ptr<DeviceKernel>> MakeKernel(
      const KernelSpec& spec) override {
    const OpenClFactory make =
        FindOpenClFactory(spec.node->domain, spec.node->op_type);
    if (make == nullptr) return NotOnDevice();
    return make(context_, spec);
  }

  absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Allocate(
      size_t bytes) override {
    return Wrap(context_->Allocate(bytes));
  }
  absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Upload(
      const void* data, size_t bytes) override {
    return Wrap(context_->Upload(data, bytes));
  }
  absl::Status Download(const DeviceBuffer& buffer, void* data,
                        size_t bytes) override {
    return context_->Download(*static_cast<const OpenClBuffer&>(buffer).buffer,
                              data, bytes);
  }
  absl::Status Finish() override { return context_->Finish(); }

 private:
  static absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Wrap(
      absl::StatusOr<opencl::BufferPtr> buffer) {
    if (!buffer.ok()) return buffer.status();
    return std::make_shared<const OpenClBuffer>(*std::move(buffer));
  }

  const OpenClContext context_;
  const std::string name_;
};

std::string NoteOf(const opencl::DeviceInfo& device) {
  return absl::StrCat("opencl:", device.index, ": ", device.name, " (",
                      opencl::KindName(device.kind), ", ", device.platform,
                      ")");
}

absl::StatusOr<AcceleratorChoice> Use(const opencl::DeviceInfo& device) {
  HONE_ASSIGN_OR_RETURN(OpenClContext context, SharedContext(device));
  AcceleratorChoice choice;
  choice.accelerator = std::make_shared<OpenClAccelerator>(std::move(context));
  choice.note = NoteOf(device);
  return choice;
}

}  // namespace

absl::StatusOr<AcceleratorChoice> MakeAccelerator(absl::string_view name) {
  if (name == "cpu") return AcceleratorChoice();
  if (name == "auto") {
    const auto devices = opencl::ListDevices();
    AcceleratorChoice cpu;
    cpu.note =
        absl::StrCat("auto: computing on the CPU: ",
                     devices.ok() ? "no OpenCL device here is a GPU"
                                  : std::string(devices.status().message()));
    if (!devices.ok()) return cpu;
    for (const opencl::DeviceInfo& device : *devices) {
      if (device.kind != opencl::DeviceInfo::Kind::kCpu) return Use(device);
    }
    return cpu;
  }
  if (name != "opencl" && name.substr(0, 7) != "opencl:") {
    ErrorDetail detail;
    detail.expected = "cpu, opencl, opencl:N or auto";
    detail.found = std::string(name);
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "no device has that name", detail);
  }
  HONE_ASSIGN_OR_RETURN(const opencl::DeviceInfo device,
                        opencl::ChooseDevice(name));
  return Use(device);
}

}  // namespace hone
