// Strings, and elements narrower than a byte, for operators that only move
// elements: the operator's kernel moves stand-ins, numbers of the strings or
// whole bytes, and the elements follow them.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_STAND_INS_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_STAND_INS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Whether the operator only moves elements, and an input has such a type.
bool NeedsStandIns(const KernelSpec& spec);

// The kernel that `make` gives for int64 in the place of strings, uint8 in the
// place of narrow types. What it fills with zeros are empty strings or zeros.
absl::StatusOr<std::unique_ptr<Kernel>> MakeWithStandIns(const KernelSpec& spec,
                                                         KernelFactory make);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_STAND_INS_H_
