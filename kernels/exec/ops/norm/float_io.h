// Inputs and outputs of any floating type seen as float32.
//
//   HONE_ASSIGN_OR_RETURN(const FloatInput x, FloatInput::Of(label, view));
//   FloatOutput y(view);
//   ... x.data(), y.data() ...
//   return y.Finish(label);
#ifndef HONE_KERNELS_EXEC_OPS_NORM_FLOAT_IO_H_
#define HONE_KERNELS_EXEC_OPS_NORM_FLOAT_IO_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/kernel.h"

namespace hone {

class FloatInput {
 public:
  // Unimplemented: not float32, float64, float16 or bfloat16.
  static absl::StatusOr<FloatInput> Of(absl::string_view label,
                                       const TensorView& view);
  const float* data() const {
    return direct_ != nullptr ? direct_ : converted_.data();
  }

 private:
  const float* direct_ = nullptr;
  std::vector<float> converted_;
};

class FloatOutput {
 public:
  explicit FloatOutput(const MutableTensorView& view);
  float* data() { return direct_ != nullptr ? direct_ : converted_.data(); }
  // Rounds into the output unless that is float32 already.
  absl::Status Finish(absl::string_view label);

 private:
  const MutableTensorView view_;
  float* direct_ = nullptr;
  std::vector<float> converted_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_NORM_FLOAT_IO_H_
