// A node's subgraph as a plan of its own, for kernels that run one.
#ifndef HONE_KERNELS_EXEC_SUBGRAPH_H_
#define HONE_KERNELS_EXEC_SUBGRAPH_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/plan.h"

namespace hone {

// A value of an outer scope that a subgraph reads.
struct OuterValue {
  std::string name;
  Type type;
  Tensor constant;  // defined when it is one
};

// InvalidArgument: "node N: WHAT: expected EXPECTED, found FOUND".
absl::Status RefuseNode(const Node& node, absl::string_view what,
                        absl::string_view expected, absl::string_view found);

// The subgraph's plan, whose last inputs are the outer values that are no
// constants.
class Subgraph {
 public:
  // `input_types` stand in for types that the subgraph leaves out; `outer` are
  // all values that the node reads from outside. InvalidArgument: no such
  // attribute, or what Compile says.
  static absl::StatusOr<Subgraph> Make(const Model& model, const Node& node,
                                       absl::string_view attribute,
                                       const std::vector<Type>& input_types,
                                       const std::vector<OuterValue>& outer,
                                       const CompileOptions& options);

  size_t own_inputs() const { return own_inputs_; }
  size_t outputs() const { return plan_->outputs().size(); }
  const Type& OutputType(size_t i) const { return plan_->outputs()[i].type; }

  // `outer`: as many as Make had, in that order.
  absl::StatusOr<std::vector<Value>> Run(const KernelContext& context,
                                         Workspace& workspace,
                                         std::vector<Value> inputs,
                                         absl::Span<const Value> outer) const;

 private:
  std::shared_ptr<const Plan> plan_;
  size_t own_inputs_ = 0;
  std::vector<size_t> captured_;  // into `outer`
};

// A kernel whose values are the node's inputs, then outer values.
class SubgraphKernel : public Kernel {
 public:
  explicit SubgraphKernel(const Node& node) : node_(node) {}
  bool allocates_outputs() const override { return true; }
  bool wants_values() const override { return true; }

 protected:
  absl::Span<const Value> Outer(const KernelContext& context) const {
    return context.values.subspan(node_.inputs.size());
  }
  const Node node_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_SUBGRAPH_H_
