// A Graph made ready to run.
//
//   HONE_ASSIGN_OR_RETURN(std::shared_ptr<const Plan> plan, Compile(model,
//   {})); Workspace workspace; ThreadPool pool(2); RunOptions run; run.pool =
//   &pool; HONE_ASSIGN_OR_RETURN(std::vector<Value> outputs,
//   plan->Run(workspace, {image}, run));
//
// A Plan is immutable and may be run by several threads at once, each with its
// own Workspace. The Workspace keeps, for the last few sets of input extents,
// every value's extents and its place in the arena (planned by liveness), so a
// repeated shape costs no inference and no allocation.
#ifndef HONE_KERNELS_EXEC_PLAN_H_
#define HONE_KERNELS_EXEC_PLAN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "kernels/exec/kernel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct PlanState;       // kernels/exec/plan_state.h
struct WorkspaceState;  // kernels/exec/workspace_state.h

struct CompileOptions {
  // The oracle: the graph as written, node by node, on the reference kernels;
  // no fusion, no folding, every value in memory of its own.
  bool reference = false;
  // Names of values (of the main graph) to hand to RunOptions::tap as they are
  // computed. A tapped value is never fused away; a constant or a graph input
  // can be tapped too.
  std::vector<std::string> taps;
  // Fusions to leave out by name ("conv_batch_norm", "conv_activation", ...;
  // "all").
  std::vector<std::string> no_fuse;
  std::shared_ptr<PackedCache> packed;  // null: the process-wide cache
};

struct RunOptions {
  ThreadPool* pool = nullptr;  // required
  // Called with the index into CompileOptions::taps, in the thread that runs
  // the plan, right after the value is computed. The view is valid during the
  // call only.
  std::function<absl::Status(int, const TensorView&)> tap;
  const std::atomic<bool>* cancel =
      nullptr;                // set: Run returns Cancelled within 50 ms
  uint64_t memory_limit = 0;  // bytes of arena and heap values; 0: none
};

// Where and how long one node ran; filled when Workspace::profile is set.
struct StepTime {
  std::string node;
  std::string op_type;
  std::string kernel;
  double seconds = 0;
};

class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  size_t arena_bytes() const;
  std::vector<StepTime>* profile = nullptr;

 private:
  friend class Plan;
  std::unique_ptr<WorkspaceState> state_;
};

class Plan {
 public:
  ~Plan();

  // Input values in the order of input_names(). Outputs own their memory.
  // InvalidArgument: wrong number, dtype, rank, or contradicting symbolic
  // dimensions, with the input's name, what was expected and found. Cancelled,
  // ResourceExhausted as asked.
  absl::StatusOr<std::vector<Value>> Run(Workspace& workspace,
                                         absl::Span<const Value> inputs,
                                         const RunOptions& options) const;

  // Graph inputs that are no initializers, in order, with their declared types;
  // outputs without a declared type have the inferred one.
  const std::vector<ValueInfo>& inputs() const;
  const std::vector<ValueInfo>& outputs() const;

  // One line a step: index, node, operator, kernel, fused nodes, output type.
  std::string ToString() const;
  size_t packed_bytes() const;

 private:
  friend class PlanBuilder;
  explicit Plan(std::unique_ptr<const PlanState> state);
  std::unique_ptr<const PlanState> state_;
};

// The Plan keeps the weights it needs alive; `model` may go. InvalidArgument:
// the graph is malformed. Unimplemented: an operator nobody knows, named with
// node, domain and opset.
absl::StatusOr<std::shared_ptr<const Plan>> Compile(
    const Model& model, const CompileOptions& options);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PLAN_H_
