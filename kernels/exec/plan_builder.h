// Turns a rewritten graph into the values and steps of a Plan.
#ifndef HONE_KERNELS_EXEC_PLAN_BUILDER_H_
#define HONE_KERNELS_EXEC_PLAN_BUILDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/control_flow.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/plan_state.h"

namespace hone {

class PlanBuilder {
 public:
  PlanBuilder(
      const Model& model, const InferredTypes& types,
      const absl::flat_hash_map<std::string, std::vector<Node>>& originals,
      const CompileOptions& options);

  absl::StatusOr<std::shared_ptr<const Plan>> Build();

 private:
  absl::Status AddInputs();
  absl::Status AddConstants();
  absl::Status AddConstant(const std::string& name, Tensor tensor);
  absl::Status AddNode(const Node& node);
  absl::Status AddOutputs();
  absl::Status AddTaps();
  absl::Status MakeKernels();
  // Gives the step a kernel of the accelerator, if there is one.
  absl::Status Offload(const KernelSpec& spec, Step* step);
  // What the step's subgraphs read of the graph around them.
  std::vector<OuterValue> OuterValuesOf(const Step& step) const;
  void FindLifetimes();
  void DropPackedConstants();
  // The number of a value that exists; InvalidArgument when nothing makes it.
  absl::StatusOr<int> Find(const std::string& name, const Node& reader) const;
  absl::StatusOr<int> NewValue(const std::string& name, PlanValue::Kind kind);
  int64_t OpsetOf(const Node& node) const;

  const Model& model_;
  const InferredTypes& types_;
  const absl::flat_hash_map<std::string, std::vector<Node>>& originals_;
  const CompileOptions& options_;
  std::unique_ptr<PlanState> plan_;
  absl::flat_hash_map<std::string, int> numbers_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_PLAN_BUILDER_H_
