// Runs one operator's kernel without a plan, for the tests of adapters.
#ifndef HONE_KERNELS_EXEC_OPS_TESTING_RUN_KERNEL_H_
#define HONE_KERNELS_EXEC_OPS_TESTING_RUN_KERNEL_H_

#include <vector>

#include "absl/status/statusor.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/kernel.h"

namespace hone {

struct KernelRun {
  Node node;
  int64_t opset = 17;
  std::vector<Tensor> inputs;  // undefined: absent
  // Inputs that the factory sees as constants.
  std::vector<bool> constant;
  Dims output;                             // extents
  DType output_dtype = DType::kUndefined;  // the first input's, if undefined
  bool reference = false;
  int threads = 2;
};

// Makes the kernel, gives it exactly the scratch it asks for and only the
// inputs that it says it reads, and returns output 0.
absl::StatusOr<Tensor> RunKernel(KernelFactory make, const KernelRun& run);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_TESTING_RUN_KERNEL_H_
