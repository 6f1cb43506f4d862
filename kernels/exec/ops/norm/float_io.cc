#include "kernels/exec/ops/norm/float_io.h"

#include <cstddef>
#include <type_traits>

#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/element_types.h"

namespace hone {

absl::StatusOr<FloatInput> FloatInput::Of(absl::string_view label,
                                          const TensorView& view) {
  FloatInput input;
  if (view.dtype == DType::kF32) {
    input.direct_ = view.As<float>();
    return input;
  }
  input.converted_.resize(static_cast<size_t>(view.size));
  HONE_RETURN_IF_ERROR(VisitDType(Floats(), label, view.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* from = view.As<T>();
    for (size_t i = 0; i < input.converted_.size(); ++i) {
      input.converted_[i] = static_cast<float>(from[i]);
    }
    return absl::OkStatus();
  }));
  return input;
}

FloatOutput::FloatOutput(const MutableTensorView& view) : view_(view) {
  if (view.dtype == DType::kF32) {
    direct_ = view.As<float>();
  } else {
    converted_.resize(static_cast<size_t>(view.size));
  }
}

absl::Status FloatOutput::Finish(absl::string_view label) {
  if (direct_ != nullptr) return absl::OkStatus();
  return VisitDType(Floats(), label, view_.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    T* to = view_.As<T>();
    for (size_t i = 0; i < converted_.size(); ++i) to[i] = T(converted_[i]);
    return absl::OkStatus();
  });
}

}  // namespace hone
