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
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"
#include "kernels/exec/kernel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

class Accelerator;      // kernels/exec/accelerator.h
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
  // Of these, those whose elements may come in any order: the view's extents
  // are then those of the layout that the plan computes in. A plan computes the
  // same numbers whatever is tapped.
  std::set<std::string> unordered_taps;
  // Fusions to leave out by name ("conv_batch_norm", "conv_activation", ...;
  // "all").
  std::vector<std::string> no_fuse;
  std::shared_ptr<PackedCache> packed;  // null: the process-wide cache
  // Computes the steps that it has kernels for; null: the CPU computes all. Not
  // with `reference`.
  std::shared_ptr<Accelerator> accelerator;
};

struct RunOptions {
  ThreadPool* pool = nullptr;  // required
  // Called with the index into CompileOptions::taps, in the thread that runs
  // the plan, right after the value is computed. The view is valid during the
  // call only.
  std::function<absl::Status(int, const TensorView&)> tap;
  const std::atomic<bool>* cancel =
      nullptr;  // set: Run returns Cancelled within 50 ms
  // Bytes of arena and heap values, and as many on the accelerator; 0: none.
  uint64_t memory_limit = 0;
};

// Where and how long one node ran; filled when Workspace::profile is set.
struct StepTime {
  std::string node;
  std::string op_type;
  std::string kernel;
  double seconds = 0;
};

// Values copied between host and accelerator, without a plan's constants.
struct Transfers {
  uint64_t to_device = 0;
  uint64_t to_device_bytes = 0;
  uint64_t to_host = 0;
  uint64_t to_host_bytes = 0;
};

// Where a plan's steps run; those that only rename a value are not counted.
struct StepPlacement {
  std::string device;  // "" without an accelerator
  int device_steps = 0;
  int cpu_steps = 0;
  // How many of each operator, by type.
  std::map<std::string, int> device_operators;
  std::map<std::string, int> cpu_operators;
};

class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  size_t arena_bytes() const;
  std::vector<StepTime>* profile = nullptr;
  Transfers transfers;  // of all runs so far

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
  StepPlacement placement() const;

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
