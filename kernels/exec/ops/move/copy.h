// Strided copies between a node's inputs and outputs.
#ifndef HONE_KERNELS_EXEC_OPS_MOVE_COPY_H_
#define HONE_KERNELS_EXEC_OPS_MOVE_COPY_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/exec/kernel.h"

namespace hone {

// One side of a copy: from element `start` on, with these strides.
template <typename Data>
struct Side {
  Data* data;
  int64_t start;
  Extents strides;
};

// Copies extents `dims` with the kernel, or with its definition.
void CopyElements(bool reference, const KernelContext& context,
                  size_t element_bytes, absl::Span<const int64_t> dims,
                  const Side<const void>& from, const Side<void>& to);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MOVE_COPY_H_
