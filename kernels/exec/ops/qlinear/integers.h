// What kernels of integers with scales share.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_INTEGERS_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_INTEGERS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Input `index` as integers; empty when it is absent.
absl::StatusOr<std::vector<int32_t>> ReadIntegers(absl::string_view label,
                                                  const KernelContext& context,
                                                  size_t index);
// Input `index` as float32; one `otherwise` when it is absent.
absl::StatusOr<std::vector<float>> ReadScales(absl::string_view label,
                                              const KernelContext& context,
                                              size_t index, float otherwise);

// y = clamp(round_half_even(value) + zero_point) into an int8, uint8, int16,
// uint16 or int32 output. zero_point has one element, or none: 0.
absl::Status WriteQuantized(absl::string_view label,
                            absl::Span<const float> values,
                            absl::Span<const int32_t> zero_point,
                            const MutableTensorView& y);

// The only element, or element i.
template <typename T>
T PickOf(const std::vector<T>& values, int64_t i, T otherwise) {
  return values.empty()
             ? otherwise
             : values[values.size() == 1 ? 0 : static_cast<size_t>(i)];
}

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_INTEGERS_H_
