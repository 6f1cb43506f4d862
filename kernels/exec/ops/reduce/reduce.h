// Kernels of reductions.
#ifndef HONE_KERNELS_EXEC_OPS_REDUCE_REDUCE_H_
#define HONE_KERNELS_EXEC_OPS_REDUCE_REDUCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// ReduceSum, Mean, Max, Min, Prod, L1, L2, SumSquare, LogSum, LogSumExp;
// GlobalAveragePool and GlobalMaxPool: every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeReduce(const KernelSpec& spec);

// ArgMax, ArgMin: every number type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeArgReduce(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_REDUCE_REDUCE_H_
