// How kernels divide their scratch.
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_SCRATCH_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_SCRATCH_H_

#include <cstddef>

namespace hone {

// Whole lines of 64 bytes: what follows is aligned again.
inline size_t LineBytes(size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_SCRATCH_H_
