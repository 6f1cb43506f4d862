// Kernels of sequences and optionals. Values are shared, never copied, but by
// SplitToSequence and ConcatFromSequence.
#ifndef HONE_KERNELS_EXEC_OPS_SEQUENCE_SEQUENCE_H_
#define HONE_KERNELS_EXEC_OPS_SEQUENCE_SEQUENCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// SequenceConstruct, SequenceEmpty, SequenceAt, SequenceErase, SequenceInsert,
// SequenceLength.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSequence(const KernelSpec& spec);
// Optional, OptionalGetElement, OptionalHasElement.
absl::StatusOr<std::unique_ptr<Kernel>> MakeOptional(const KernelSpec& spec);
// All types of at least a byte, strings too.
absl::StatusOr<std::unique_ptr<Kernel>> MakeSplitToSequence(
    const KernelSpec& spec);
absl::StatusOr<std::unique_ptr<Kernel>> MakeConcatFromSequence(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_SEQUENCE_SEQUENCE_H_
