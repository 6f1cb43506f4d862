// One run of ConvInteger or QLinearConv: its extents, and its zero points,
// scales and bias, checked.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_CONV_CALL_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_CONV_CALL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/conv_view.h"
#include "ir/views/window.h"
#include "kernels/exec/kernel.h"

namespace hone {

// The operator and where its weight and its zero point are.
struct IntegerConvNode {
  Node node;
  std::string label;
  int64_t opset = 0;
  bool quantized = false;  // QLinearConv
  size_t w = 1, w_zero = 3;

  static IntegerConvNode Of(const KernelSpec& spec);
};

struct IntegerConvCall {
  Dims x, w, y;  // channels first
  ConvView conv;
  std::vector<WindowAxis> axes;
  std::vector<int32_t> x_zero, w_zero, y_zero, bias;  // empty: 0
  std::vector<float> x_scale, w_scale, y_scale;       // of QLinearConv

  // InvalidArgument: extents that contradict each other.
  static absl::StatusOr<IntegerConvCall> Of(const IntegerConvNode& op,
                                            const KernelContext& context);

  // float(x_scale * w_scale / y_scale) of an output channel.
  float Multiplier(int64_t channel) const;
  // The sums with their bias, channels first, become QLinearConv's output.
  absl::Status Quantize(const IntegerConvNode& op, const int32_t* sums,
                        const MutableTensorView& to) const;
};

// Every sum by its definition.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerConvDefinition(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_CONV_CALL_H_
