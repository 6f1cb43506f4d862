#include "kernels/exec/ops/move/copy.h"

#include "kernels/cpu/move/strided_copy.h"
#include "kernels/cpu/move/strided_copy_ref.h"

namespace hone {

void CopyElements(bool reference, const KernelContext& context,
                  size_t element_bytes, absl::Span<const int64_t> dims,
                  const Side<const void>& from, const Side<void>& to) {
  const int64_t bytes = static_cast<int64_t>(element_bytes);
  const char* src = static_cast<const char*>(from.data) + from.start * bytes;
  char* dst = static_cast<char*>(to.data) + to.start * bytes;
  if (reference) {
    StridedCopyRef(element_bytes, dims, src, from.strides, dst, to.strides);
  } else {
    StridedCopy(*context.pool, element_bytes, dims, src, from.strides, dst,
                to.strides);
  }
}

}  // namespace hone
