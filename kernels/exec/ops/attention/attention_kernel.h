// What every kernel of attention is: extents from its inputs, and memory for
// them.
#ifndef HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_KERNEL_H_
#define HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_KERNEL_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/attention/attention.h"
#include "kernels/exec/kernel.h"

namespace hone {

class AttentionKernelBase : public Kernel {
 public:
  explicit AttentionKernelBase(const Node& node)
      : node_(node), label_(NodeLabel(node)) {}

  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const absl::StatusOr<AttentionShape> shape = ShapeOf(inputs);
    return shape.ok() ? AttentionScratchBytes(*shape, threads) : 0;
  }

 protected:
  // InvalidArgument: extents that contradict each other.
  virtual absl::StatusOr<AttentionShape> ShapeOf(
      absl::Span<const TensorView> inputs) const = 0;

  // Not present() when it is left out.
  static TensorView InputOf(absl::Span<const TensorView> inputs, size_t index) {
    return index < inputs.size() ? inputs[index] : TensorView();
  }
  // Null when it is left out.
  static float* OutputOf(const KernelContext& context, size_t index) {
    return index < context.outputs.size() ? context.outputs[index].As<float>()
                                          : nullptr;
  }

  const Node node_;
  const std::string label_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ATTENTION_ATTENTION_KERNEL_H_
