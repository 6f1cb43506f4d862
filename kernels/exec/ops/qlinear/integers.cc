#include "kernels/exec/ops/qlinear/integers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

using QuantizedTypes =
    ElementTypes<int8_t, uint8_t, int16_t, uint16_t, int32_t>;

}  // namespace

absl::StatusOr<std::vector<int32_t>> ReadIntegers(absl::string_view label,
                                                  const KernelContext& context,
                                                  size_t index) {
  std::vector<int32_t> values;
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return values;
  }
  const TensorView& view = context.inputs[index];
  HONE_RETURN_IF_ERROR(
      VisitDType(QuantizedTypes(), label, view.dtype, [&](auto type) {
        using T = typename decltype(type)::type;
        const T* from = view.As<T>();
        values.assign(from, from + view.size);
        return absl::OkStatus();
      }));
  return values;
}

absl::StatusOr<std::vector<float>> ReadScales(absl::string_view label,
                                              const KernelContext& context,
                                              size_t index, float otherwise) {
  std::vector<float> values;
  if (index >= context.inputs.size() || !context.inputs[index].present()) {
    return std::vector<float>{otherwise};
  }
  const TensorView& view = context.inputs[index];
  HONE_RETURN_IF_ERROR(VisitDType(Floats(), label, view.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (int64_t i = 0; i < view.size; ++i) {
      values.push_back(static_cast<float>(view.As<T>()[i]));
    }
    return absl::OkStatus();
  }));
  return values;
}

absl::Status WriteQuantized(absl::string_view label,
                            absl::Span<const float> values,
                            absl::Span<const int32_t> zero_point,
                            const MutableTensorView& y) {
  HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                   static_cast<int64_t>(values.size()),
                                   y.size));
  if (zero_point.size() > 1) {
    return ExpectEqual(label, "elements of the output's zero point", 1,
                       static_cast<int64_t>(zero_point.size()));
  }
  const double zero = zero_point.empty() ? 0 : zero_point[0];
  return VisitDType(QuantizedTypes(), label, y.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const double low = std::numeric_limits<T>::min();
    const double high = std::numeric_limits<T>::max();
    for (size_t i = 0; i < values.size(); ++i) {
      const double value =
          std::nearbyint(static_cast<double>(values[i])) + zero;
      y.As<T>()[i] = std::isnan(value)
                         ? T{0}
                         : static_cast<T>(std::min(std::max(value, low), high));
    }
    return absl::OkStatus();
  });
}

}  // namespace hone
