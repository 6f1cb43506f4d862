#include "kernels/exec/subgraph.h"

#include <utility>
#include <variant>

#include "ir/error/error.h"
#include "kernels/exec/memory_scope.h"

namespace hone {

absl::Status RefuseNode(const Node& node, absl::string_view what,
                        absl::string_view expected, absl::string_view found) {
  ErrorDetail detail;
  detail.node = NodeLabel(node);
  detail.expected = std::string(expected);
  detail.found = std::string(found);
  return MakeError(absl::StatusCode::kInvalidArgument, what, detail);
}

absl::StatusOr<Subgraph> Subgraph::Make(const Model& model, const Node& node,
                                        absl::string_view attribute,
                                        const std::vector<Type>& input_types,
                                        const std::vector<OuterValue>& outer,
                                        const CompileOptions& options) {
  const Attribute* found = node.FindAttribute(attribute);
  const auto* graph =
      found == nullptr
          ? nullptr
          : std::get_if<std::shared_ptr<const Graph>>(&found->data);
  if (graph == nullptr || *graph == nullptr) {
    return RefuseNode(node, "a subgraph is missing", attribute, "none");
  }
  Model child;
  child.ir_version = model.ir_version;
  child.opsets = model.opsets;
  child.graph = **graph;
  for (size_t i = 0; i < child.graph.inputs.size(); ++i) {
    Type& type = child.graph.inputs[i].type;
    if (type.kind == Type::Kind::kUnknown && i < input_types.size()) {
      type = input_types[i];
    }
  }
  Subgraph subgraph;
  subgraph.own_inputs_ = child.graph.inputs.size();
  for (size_t i = 0; i < outer.size(); ++i) {
    if (outer[i].constant.defined()) {
      child.graph.SetInitializer(outer[i].name, outer[i].constant);
      continue;
    }
    ValueInfo info;
    info.name = outer[i].name;
    info.type = outer[i].type;
    child.graph.inputs.push_back(std::move(info));
    subgraph.captured_.push_back(i);
  }
  CompileOptions inner = options;
  inner.taps.clear();
  absl::StatusOr<std::shared_ptr<const Plan>> plan = Compile(child, inner);
  if (!plan.ok()) return plan.status();
  subgraph.plan_ = *std::move(plan);
  return subgraph;
}

absl::StatusOr<std::vector<Value>> Subgraph::Run(
    const KernelContext& context, Workspace& workspace,
    std::vector<Value> inputs, absl::Span<const Value> outer) const {
  for (const size_t i : captured_) inputs.push_back(outer[i]);
  RunOptions run;
  run.pool = context.pool;
  run.cancel = context.cancel;
  run.memory_limit = MemoryScope::Left();
  return plan_->Run(workspace, inputs, run);
}

}  // namespace hone
