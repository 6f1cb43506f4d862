#include "kernels/exec/plan.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ir/error/error.h"
#include "kernels/exec/fusion/fusion_graph.h"
#include "kernels/exec/input_check.h"
#include "kernels/exec/plan_run.h"
#include "kernels/exec/plan_state.h"
#include "kernels/exec/workspace_state.h"

namespace hone {

Plan::Plan(std::unique_ptr<const PlanState> state) : state_(std::move(state)) {}
Plan::~Plan() = default;

const std::vector<ValueInfo>& Plan::inputs() const { return state_->inputs; }
const std::vector<ValueInfo>& Plan::outputs() const { return state_->outputs; }

absl::StatusOr<std::vector<Value>> Plan::Run(Workspace& workspace,
                                             absl::Span<const Value> inputs,
                                             const RunOptions& options) const {
  if (options.pool == nullptr) {
    return absl::InvalidArgumentError("a run needs a thread pool");
  }
  HONE_RETURN_IF_ERROR(CheckInputs(state_->inputs, inputs));
  return PlanRun(*state_, *workspace.state_, options, workspace.profile,
                 &workspace.transfers)
      .Run(inputs);
}

std::string Plan::ToString() const {
  std::string text;
  for (size_t s = 0; s < state_->steps.size(); ++s) {
    const Step& step = state_->steps[s];
    // The operators that it computes; those between layouts are only for
    // inference.
    std::vector<std::string> computed;
    for (const InferStep& infer : step.infer) {
      if (infer.node.domain != kInternalDomain) {
        computed.push_back(NodeLabel(infer.node));
      }
    }
    std::string fused;
    if (computed.size() > 1) {
      fused = absl::StrCat(" <- ", absl::StrJoin(computed, " + "));
    }
    std::vector<std::string> types;
    for (const int output : step.outputs) {
      if (output == kAbsent) continue;
      types.push_back(state_->values[output].type.ToString());
    }
    absl::StrAppend(&text, s, " ", NodeLabel(step.node), " ", step.node.op_type,
                    " ", step.kernel == nullptr ? "alias" : step.kernel->name(),
                    fused, " : ", absl::StrJoin(types, ", "), "\n");
  }
  return text;
}

StepPlacement Plan::placement() const {
  StepPlacement placement;
  if (state_->accelerator != nullptr) {
    placement.device = std::string(state_->accelerator->name());
  }
  for (const Step& step : state_->steps) {
    if (step.kernel == nullptr) continue;
    const bool on_device = step.device != nullptr;
    ++(on_device ? placement.device_steps : placement.cpu_steps);
    ++(on_device ? placement.device_operators
                 : placement.cpu_operators)[step.node.op_type];
  }
  return placement;
}

size_t Plan::packed_bytes() const {
  size_t bytes = 0;
  for (const Step& step : state_->steps) {
    if (step.kernel != nullptr) bytes += step.kernel->packed_bytes();
  }
  return bytes;
}

}  // namespace hone
