// A Kernel made of a function, for operators whose adapters are one loop.
//
//   return MakeFunctionKernel({.name = "relu", .in_place = true},
//                             [](const KernelContext& context) -> absl::Status
//                             { ... });
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_FUNCTION_KERNEL_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_FUNCTION_KERNEL_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/kernel.h"

namespace hone {

struct FunctionKernelOptions {
  const char* name = "";  // static storage
  bool in_place = false;
  bool allocates_outputs = false;
  bool wants_values = false;
};

template <typename F>
class FunctionKernel final : public Kernel {
 public:
  FunctionKernel(FunctionKernelOptions options, F run)
      : options_(options), run_(std::move(run)) {}

  absl::Status Run(const KernelContext& context) const override {
    return run_(context);
  }
  bool in_place() const override { return options_.in_place; }
  bool allocates_outputs() const override { return options_.allocates_outputs; }
  bool wants_values() const override { return options_.wants_values; }
  absl::string_view name() const override { return options_.name; }

 private:
  const FunctionKernelOptions options_;
  const F run_;
};

// F: absl::Status(const KernelContext&), callable while const.
template <typename F>
std::unique_ptr<Kernel> MakeFunctionKernel(FunctionKernelOptions options,
                                           F run) {
  return std::make_unique<FunctionKernel<F>>(options, std::move(run));
}

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_FUNCTION_KERNEL_H_
