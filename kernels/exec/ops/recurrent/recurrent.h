// Kernels of LSTM, GRU and RNN: every floating type; and of com.microsoft's
// DynamicQuantizeLSTM: float32.
#ifndef HONE_KERNELS_EXEC_OPS_RECURRENT_RECURRENT_H_
#define HONE_KERNELS_EXEC_OPS_RECURRENT_RECURRENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<std::unique_ptr<Kernel>> MakeRecurrent(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_RECURRENT_RECURRENT_H_
