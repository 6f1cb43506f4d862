#include "algorithms/convert/convert_tensor.h"

#include <cmath>
#include <cstddef>

#include "absl/types/span.h"
#include "ir/elements/elements.h"
#include "ir/error/error.h"

namespace hone {
namespace {

struct Limits {
  double largest;
  double smallest;  // subnormal
};

Limits LimitsOf(DType dtype) {
  if (dtype == DType::kF16) return {65504.0, std::ldexp(1.0, -24)};
  return {std::ldexp(255.0 / 128.0, 127), std::ldexp(1.0, -133)};
}

}  // namespace

absl::StatusOr<ConvertedTensor> ConvertTensor(const Tensor& tensor,
                                              DType dtype) {
  const Limits limits = LimitsOf(dtype);
  const Tensor aligned = tensor.Aligned();
  const absl::Span<const float> values = aligned.Values<float>();
  ConvertedTensor out;
  absl::Span<std::byte> bytes;
  HONE_ASSIGN_OR_RETURN(out.tensor,
                        Tensor::Allocate(dtype, tensor.dims(), &bytes));
  for (size_t i = 0; i < values.size(); ++i) {
    double value = static_cast<double>(values[i]);
    const double size = std::fabs(value);
    if (std::isfinite(value) && size > limits.largest) {
      value = std::copysign(limits.largest, value);
      ++out.too_large;
    } else if (size > 0 && size <= limits.smallest / 2) {
      value = std::copysign(limits.smallest, value);
      ++out.too_small;
    }
    SetReal(dtype, value, static_cast<int64_t>(i), bytes);
  }
  return out;
}

bool Overflows(const Tensor& tensor, DType dtype) {
  const double largest = LimitsOf(dtype).largest;
  const Tensor aligned = tensor.Aligned();
  for (const float value : aligned.Values<float>()) {
    if (std::isfinite(value) && std::fabs(static_cast<double>(value)) > largest)
      return true;
  }
  return false;
}

}  // namespace hone
