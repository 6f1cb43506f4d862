// Extents and places of all values for one set of input extents.
#ifndef HONE_KERNELS_EXEC_LAYOUT_H_
#define HONE_KERNELS_EXEC_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan_state.h"

namespace hone {

// What is known of one step before it runs.
struct StepLayout {
  // False: an extent depends on contents, and the step is resolved when it is
  // reached.
  bool resolved = false;
  // Inference already knows the outputs' contents; there is nothing to run.
  bool known = false;
  std::vector<TensorView> inputs;  // data is filled in at each run
  std::vector<MutableTensorView> outputs;
  size_t scratch_offset = 0;
  size_t scratch_bytes = 0;
};

struct Layout {
  std::vector<Type> types;       // by value
  std::vector<Tensor> contents;  // by value; undefined when not known
  std::vector<int64_t> offsets;  // into the arena, or -1
  std::vector<StepLayout> steps;
  size_t arena_bytes = 0;
};

// Infers the types of the step's outputs (hidden ones too) from types and
// contents, and writes them to both.
absl::Status InferStepTypes(const Step& step, std::vector<Type>& types,
                            std::vector<Tensor>& contents);

// `input_types`: one per graph input, of concrete extents where it is a tensor.
// InvalidArgument: the extents contradict an operator; names the node.
absl::StatusOr<Layout> MakeLayout(const PlanState& plan,
                                  absl::Span<const Type> input_types,
                                  int threads);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_LAYOUT_H_
