// What a Plan is made of: values by number, and the steps that compute them.
#ifndef HONE_KERNELS_EXEC_PLAN_STATE_H_
#define HONE_KERNELS_EXEC_PLAN_STATE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/accelerator.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"

namespace hone {

constexpr int kAbsent = -1;

// A value, by its index in PlanState::values.
struct PlanValue {
  enum class Kind : uint8_t {
    kConstant,
    kInput,
    kComputed,
    kHidden,  // fused away: it has a type, never a place in memory
  };
  std::string name;
  Kind kind = Kind::kHidden;
  Type type;  // as far as it is known without inputs
  // kConstant: the contents. Undefined when every reader packed them.
  Tensor constant;
  // The value whose buffer this one shares (Reshape's input); itself mostly.
  int root = 0;
  bool output_root = false;  // some graph output shares this buffer
  // Steps at which the buffer's first value is computed and its last read.
  int first_step = 0;
  int last_step = 0;
};

// A node as the operator tables know it; a fused step has one for each node
// that it computes, so fused operators need no inference of their own.
struct InferStep {
  Node node;
  int64_t opset = 0;
  std::vector<int> inputs;  // values, or kAbsent
  std::vector<int> outputs;
};

struct Step {
  Node node;
  int64_t opset = 0;
  std::vector<InferStep> infer;
  std::unique_ptr<const Kernel> kernel;  // null: output 0 is input 0, renamed
  const DeviceKernel* device = nullptr;  // the kernel, where it is a device's
  // The node's inputs, then the outer values that its subgraphs read.
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::vector<int> taps;  // indices into CompileOptions::taps
  std::vector<int> dies;  // values whose last reader this step is
};

struct PlanState {
  uint64_t id = 0;  // of this process: a Workspace knows its plans by it
  bool reference = false;
  std::vector<PlanValue> values;
  std::vector<Step> steps;
  std::vector<ValueInfo> inputs;
  std::vector<ValueInfo> outputs;
  std::vector<int> input_values;
  std::vector<int> output_values;
  // Taps of constants and graph inputs, called before the first step.
  std::vector<int> early_taps;
  std::vector<int> tap_values;  // by index of CompileOptions::taps
  std::shared_ptr<PackedCache> packed;
  std::shared_ptr<Accelerator> accelerator;  // null: the CPU computes all
  // By value; null where the accelerator reads no constant.
  std::vector<std::shared_ptr<const DeviceBuffer>> device_constants;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PLAN_STATE_H_
