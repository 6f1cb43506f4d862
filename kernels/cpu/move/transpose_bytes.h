// Transposes a matrix of bytes.
#ifndef HONE_KERNELS_CPU_MOVE_TRANSPOSE_BYTES_H_
#define HONE_KERNELS_CPU_MOVE_TRANSPOSE_BYTES_H_

#include <cstdint>

namespace hone {

// dst[j * dst_step + i] = src[i * src_step + j] for i < n, j < m: tiles of 16
// by 16, those at the ends over their neighbours; bytes one by one where n or m
// is less. No overlap of the two.
void TransposeBytes(const uint8_t* src, int64_t src_step, uint8_t* dst,
                    int64_t dst_step, int64_t n, int64_t m);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_MOVE_TRANSPOSE_BYTES_H_
