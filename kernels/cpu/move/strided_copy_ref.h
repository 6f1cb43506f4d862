// The definition of strided_copy.h, element by element.
#ifndef HONE_KERNELS_CPU_MOVE_STRIDED_COPY_REF_H_
#define HONE_KERNELS_CPU_MOVE_STRIDED_COPY_REF_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/types/span.h"
#include "kernels/cpu/loop_nest/loop_nest.h"

namespace hone {

inline void StridedCopyRef(size_t element_bytes, absl::Span<const int64_t> dims,
                           const void* src, const Extents& src_strides,
                           void* dst, const Extents& dst_strides) {
  int64_t count = 1;
  for (const int64_t dim : dims) count *= dim;
  const int64_t bytes = static_cast<int64_t>(element_bytes);
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, from = 0, to = 0;
    for (size_t l = dims.size(); l-- > 0; rest /= dims[l]) {
      from += rest % dims[l] * src_strides[l];
      to += rest % dims[l] * dst_strides[l];
    }
    std::memcpy(static_cast<char*>(dst) + to * bytes,
                static_cast<const char*>(src) + from * bytes, element_bytes);
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MOVE_STRIDED_COPY_REF_H_
