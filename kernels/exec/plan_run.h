// One run of a Plan.
#ifndef HONE_KERNELS_EXEC_PLAN_RUN_H_
#define HONE_KERNELS_EXEC_PLAN_RUN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/tensor/value.h"
#include "kernels/exec/layout.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/plan_state.h"
#include "kernels/exec/residency.h"
#include "kernels/exec/workspace_state.h"

namespace hone {

class PlanRun {
 public:
  PlanRun(const PlanState& plan, WorkspaceState& workspace,
          const RunOptions& options, std::vector<StepTime>* profile,
          Transfers* transfers);

  absl::StatusOr<std::vector<Value>> Run(absl::Span<const Value> inputs);

 private:
  absl::Status Start(absl::Span<const Value> inputs);
  absl::Status RunStep(size_t s);
  // Fills in the views of a step whose extents only now are known.
  absl::Status ResolveNow(const Step& step);
  absl::Status RunAlias(const Step& step);
  absl::Status RunKernel(const Step& step, const StepLayout& at);
  absl::Status RunOnDevice(const Step& step);
  // Copies the value to the host where only the accelerator has it.
  absl::Status ToHost(int value);
  absl::Status KeepResults(const Step& step, absl::Span<Value> results);
  absl::Status Tap(int tap);
  // A buffer of this run alone, counted against the memory limit.
  absl::StatusOr<Tensor> Heap(DType dtype, const Dims& dims);
  // The value as a Value; arena contents are copied.
  absl::StatusOr<Value> ValueOf(int value) const;
  const Type& TypeOf(int value) const;
  TensorView ViewOf(int value) const;
  // The value now is `value`: extents, contents, and who keeps them.
  void Hold(int id, Value value);

  const PlanState& plan_;
  WorkspaceState& workspace_;
  const RunOptions& options_;
  std::vector<StepTime>* const profile_;
  std::shared_ptr<const Layout> layout_;
  std::vector<const void*> data_;  // by value; null: not a dense tensor
  std::vector<Value> held_;        // by value: inputs, outputs, heap values
  absl::flat_hash_map<int, Type> dynamic_types_;
  uint64_t heap_bytes_ = 0;
  std::unique_ptr<Residency> residency_;  // null without an accelerator
  int unfinished_ = 0;  // steps given to the device since it was waited for
  std::vector<TensorView> inputs_;  // of the current step
  std::vector<MutableTensorView> outputs_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PLAN_RUN_H_
