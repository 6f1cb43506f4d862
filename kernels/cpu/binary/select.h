// Elements of one array or another, by a condition, one row at a time.
#ifndef HONE_KERNELS_CPU_BINARY_SELECT_H_
#define HONE_KERNELS_CPU_BINARY_SELECT_H_

#include <cstddef>
#include <cstdint>

namespace hone {

// y[i] = condition[i c_step] != 0 ? a[i a_step] : b[i b_step] for i < n. Steps
// are 0 or 1. No overlap. Semantics: ONNX Where.
void SelectRow(const uint8_t* condition, int64_t c_step, const uint8_t* a,
               int64_t a_step, const uint8_t* b, int64_t b_step, size_t n,
               uint8_t* y);
void SelectRow(const uint8_t* condition, int64_t c_step, const uint16_t* a,
               int64_t a_step, const uint16_t* b, int64_t b_step, size_t n,
               uint16_t* y);
void SelectRow(const uint8_t* condition, int64_t c_step, const uint32_t* a,
               int64_t a_step, const uint32_t* b, int64_t b_step, size_t n,
               uint32_t* y);
void SelectRow(const uint8_t* condition, int64_t c_step, const uint64_t* a,
               int64_t a_step, const uint64_t* b, int64_t b_step, size_t n,
               uint64_t* y);

}  // namespace hone

#endif  // HONE_KERNELS_CPU_BINARY_SELECT_H_
