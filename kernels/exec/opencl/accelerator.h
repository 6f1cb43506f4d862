// OpenCL devices as accelerators of plans.
#ifndef HONE_KERNELS_EXEC_OPENCL_ACCELERATOR_H_
#define HONE_KERNELS_EXEC_OPENCL_ACCELERATOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/accelerator.h"

namespace hone {

struct AcceleratorChoice {
  std::shared_ptr<Accelerator> accelerator;  // null: the CPU
  // What was chosen and why, for the user: "opencl:0: NAME (gpu, ...)", or why
  // `auto` stays on the CPU. Empty for "cpu".
  std::string note;
};

// "cpu"; "opencl", "opencl:N" as ChooseDevice (kernels/opencl/driver) has them,
// with its errors; "auto": the first OpenCL GPU or other accelerator, and the
// CPU where there is none (a processor's own OpenCL is slower than our
// kernels). InvalidArgument: another name. Plans of one process on one device
// share its memory and programs.
absl::StatusOr<AcceleratorChoice> MakeAccelerator(absl::string_view name);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPENCL_ACCELERATOR_H_
