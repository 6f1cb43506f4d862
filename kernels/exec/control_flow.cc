#include "kernels/exec/control_flow.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "kernels/exec/memory_scope.h"
#include "kernels/exec/per_element.h"
#include "kernels/exec/stack.h"
#include "kernels/exec/subgraph.h"

namespace hone {
namespace {

// The one element of a boolean tensor.
absl::StatusOr<bool> Truth(const Node& node, const Value& value) {
  if (!value.is_tensor() || value.tensor().dtype() != DType::kBool ||
      value.tensor().size() != 1) {
    return RefuseNode(node, "the condition", "one boolean", "something else");
  }
  return value.tensor().bytes()[0] != std::byte{0};
}

// A branch that cannot be compiled is an error only when it is taken: exporters
// write branches that fit other extents than those of the model at hand.
class IfKernel : public SubgraphKernel {
 public:
  IfKernel(const Node& node, absl::StatusOr<Subgraph> then_body,
           absl::StatusOr<Subgraph> else_body)
      : SubgraphKernel(node),
        then_(std::move(then_body)),
        else_(std::move(else_body)) {}
  absl::string_view name() const override { return "if"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const bool truth, Truth(node_, context.values[0]));
    const absl::StatusOr<Subgraph>& body = truth ? then_ : else_;
    if (!body.ok()) return body.status();
    Workspace workspace;
    HONE_ASSIGN_OR_RETURN(std::vector<Value> results,
                          body->Run(context, workspace, {}, Outer(context)));
    for (size_t i = 0; i < context.results.size(); ++i) {
      context.results[i] = std::move(results[i]);
    }
    return absl::OkStatus();
  }

 private:
  const absl::StatusOr<Subgraph> then_, else_;
};

class LoopKernel : public SubgraphKernel {
 public:
  LoopKernel(const Node& node, Subgraph body)
      : SubgraphKernel(node), body_(std::move(body)) {}
  absl::string_view name() const override { return "loop"; }

  absl::Status Run(const KernelContext& context) const override {
    int64_t trips = std::numeric_limits<int64_t>::max();
    if (!node_.Input(0).empty()) {
      const Value& m = context.values[0];
      if (!m.is_tensor() || m.tensor().dtype() != DType::kS64 ||
          m.tensor().size() != 1) {
        return RefuseNode(node_, "the trip count", "one int64",
                          "something else");
      }
      trips = m.tensor().Values<int64_t>()[0];
    }
    bool going = true;
    if (!node_.Input(1).empty()) {
      HONE_ASSIGN_OR_RETURN(going, Truth(node_, context.values[1]));
    }
    const size_t carried = node_.inputs.size() - 2;
    std::vector<Value> state(context.values.begin() + 2,
                             context.values.begin() + 2 + carried);
    std::vector<std::vector<Tensor>> scans(body_.outputs() - 1 - carried);
    uint64_t scanned = 0;  // bytes
    Workspace workspace;
    for (int64_t trip = 0; trip < trips && going; ++trip) {
      std::vector<Value> inputs = {Tensor::Scalar<int64_t>(trip),
                                   Tensor::Scalar<bool>(going)};
      inputs.insert(inputs.end(), state.begin(), state.end());
      HONE_ASSIGN_OR_RETURN(
          std::vector<Value> results,
          body_.Run(context, workspace, std::move(inputs), Outer(context)));
      HONE_ASSIGN_OR_RETURN(going, Truth(node_, results[0]));
      for (size_t i = 0; i < carried; ++i) {
        state[i] = std::move(results[1 + i]);
      }
      for (size_t i = 0; i < scans.size(); ++i) {
        const Value& result = results[1 + carried + i];
        if (!result.is_tensor()) {
          return RefuseNode(node_, "a scan output", "a tensor",
                            "something else");
        }
        scanned += result.tensor().bytes().size();
        scans[i].push_back(result.tensor());
      }
      HONE_RETURN_IF_ERROR(MemoryScope::Allow(NodeLabel(node_), scanned));
    }
    for (size_t i = 0; i < context.results.size(); ++i) {
      if (i < carried) {
        context.results[i] = std::move(state[i]);
        continue;
      }
      HONE_ASSIGN_OR_RETURN(Tensor stacked, Stack(scans[i - carried], 0,
                                                  body_.OutputType(1 + i)));
      context.results[i] = std::move(stacked);
    }
    return absl::OkStatus();
  }

 private:
  const Subgraph body_;
};

struct ScanAxis {
  int64_t axis = 0;
  bool reverse = false;
};

class ScanKernel : public SubgraphKernel {
 public:
  ScanKernel(const Node& node, Subgraph body, std::vector<ScanAxis> in,
             std::vector<ScanAxis> out)
      : SubgraphKernel(node),
        body_(std::move(body)),
        in_(std::move(in)),
        out_(std::move(out)) {}
  absl::string_view name() const override { return "scan"; }

  absl::Status Run(const KernelContext& context) const override {
    const size_t states = node_.inputs.size() - in_.size();
    std::vector<Value> state(context.values.begin(),
                             context.values.begin() + states);
    int64_t steps = -1;
    for (size_t i = 0; i < in_.size(); ++i) {
      const Value& value = context.values[states + i];
      if (!value.is_tensor()) {
        return RefuseNode(node_, "a scan input", "a tensor", "something else");
      }
      const Dims& dims = value.tensor().dims();
      const int64_t rank = static_cast<int64_t>(dims.size());
      const int64_t axis = in_[i].axis + (in_[i].axis < 0 ? rank : 0);
      if (axis < 0 || axis >= rank) {
        return RefuseNode(node_, "a scan axis", absl::StrCat("below ", rank),
                          absl::StrCat(in_[i].axis));
      }
      if (steps >= 0 && dims[axis] != steps) {
        return RefuseNode(node_, "the scan inputs' lengths",
                          absl::StrCat(steps), absl::StrCat(dims[axis]));
      }
      steps = dims[axis];
    }
    std::vector<std::vector<Tensor>> scans(out_.size());
    Workspace workspace;
    for (int64_t step = 0; step < steps; ++step) {
      std::vector<Value> inputs = state;
      for (size_t i = 0; i < in_.size(); ++i) {
        const int64_t at = in_[i].reverse ? steps - 1 - step : step;
        HONE_ASSIGN_OR_RETURN(
            Tensor slice,
            SliceAt(context.values[states + i].tensor(), in_[i].axis, at));
        inputs.emplace_back(std::move(slice));
      }
      HONE_ASSIGN_OR_RETURN(
          std::vector<Value> results,
          body_.Run(context, workspace, std::move(inputs), Outer(context)));
      for (size_t i = 0; i < states; ++i) state[i] = std::move(results[i]);
      for (size_t i = 0; i < scans.size(); ++i) {
        scans[i].push_back(results[states + i].tensor());
      }
    }
    for (size_t i = 0; i < context.results.size(); ++i) {
      if (i < states) {
        context.results[i] = std::move(state[i]);
        continue;
      }
      std::vector<Tensor>& parts = scans[i - states];
      if (out_[i - states].reverse) {
        parts = std::vector<Tensor>(parts.rbegin(), parts.rend());
      }
      HONE_ASSIGN_OR_RETURN(Tensor stacked, Stack(parts, out_[i - states].axis,
                                                  body_.OutputType(i)));
      context.results[i] = std::move(stacked);
    }
    return absl::OkStatus();
  }

 private:
  const Subgraph body_;
  const std::vector<ScanAxis> in_, out_;
};

std::vector<ScanAxis> ScanAxes(const Node& node, absl::string_view side,
                               size_t count) {
  const std::vector<int64_t> axes =
      node.IntsAttribute(absl::StrCat("scan_", side, "_axes"));
  const std::vector<int64_t> directions =
      node.IntsAttribute(absl::StrCat("scan_", side, "_directions"));
  std::vector<ScanAxis> result(count);
  for (size_t i = 0; i < count; ++i) {
    if (i < axes.size()) result[i].axis = axes[i];
    if (i < directions.size()) result[i].reverse = directions[i] != 0;
  }
  return result;
}

// A loop may change the extents of what it carries: only its dtype is sure.
Type WithoutExtents(Type type) {
  type.shape.reset();
  return type;
}

}  // namespace

bool IsControlFlow(const Node& node) {
  return node.Is("If") || node.Is("Loop") || node.Is("Scan") ||
         RunsPerElement(node);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeControlFlow(
    const Model& model, const Node& node, std::vector<Type> input_types,
    std::vector<OuterValue> outer, const CompileOptions& options) {
  if (node.Is("If")) {
    if (node.inputs.size() != 1 || node.Input(0).empty()) {
      return RefuseNode(node, "inputs of If", "one condition",
                        absl::StrCat(node.inputs.size()));
    }
    absl::StatusOr<Subgraph> then_body =
        Subgraph::Make(model, node, "then_branch", {}, outer, options);
    absl::StatusOr<Subgraph> else_body =
        Subgraph::Make(model, node, "else_branch", {}, outer, options);
    if (!then_body.ok() && !else_body.ok()) return then_body.status();
    for (const absl::StatusOr<Subgraph>* body : {&then_body, &else_body}) {
      if (body->ok() && ((*body)->outputs() != node.outputs.size() ||
                         (*body)->own_inputs() > 0)) {
        return RefuseNode(
            node, "inputs and outputs of a branch of If",
            absl::StrCat("none and ", node.outputs.size()),
            absl::StrCat((*body)->own_inputs(), " and ", (*body)->outputs()));
      }
    }
    return std::make_unique<IfKernel>(node, std::move(then_body),
                                      std::move(else_body));
  }
  for (Type& type : input_types) type = WithoutExtents(std::move(type));
  if (RunsPerElement(node) || (node.Is("Scan") && model.Opset() < 9)) {
    return MakePerElement(model, node, outer, options);
  }
  if (node.Is("Loop")) {
    input_types.resize(std::max<size_t>(input_types.size(), 2));
    input_types[0] = Type::OfTensor(DType::kS64, Shape{});
    input_types[1] = Type::OfTensor(DType::kBool, Shape{});
    HONE_ASSIGN_OR_RETURN(
        Subgraph body,
        Subgraph::Make(model, node, "body", input_types, outer, options));
    if (node.inputs.size() < 2 || body.own_inputs() != node.inputs.size() ||
        body.outputs() != node.outputs.size() + 1 ||
        body.outputs() < node.inputs.size() - 1) {
      return RefuseNode(
          node, "inputs and outputs of Loop's body",
          absl::StrCat(node.inputs.size(), " and ", node.outputs.size() + 1),
          absl::StrCat(body.own_inputs(), " and ", body.outputs()));
    }
    return std::make_unique<LoopKernel>(node, std::move(body));
  }
  const int64_t scanned = node.IntAttribute("num_scan_inputs", 0);
  HONE_ASSIGN_OR_RETURN(
      Subgraph body,
      Subgraph::Make(model, node, "body", input_types, outer, options));
  const int64_t inputs = static_cast<int64_t>(node.inputs.size());
  if (scanned < 1 || scanned > inputs ||
      static_cast<int64_t>(body.own_inputs()) != inputs ||
      body.outputs() != node.outputs.size() ||
      static_cast<int64_t>(body.outputs()) < inputs - scanned) {
    return RefuseNode(node, "inputs and outputs of Scan's body",
                      absl::StrCat(inputs, " and ", node.outputs.size()),
                      absl::StrCat(body.own_inputs(), " and ", body.outputs()));
  }
  const size_t out = node.outputs.size() - (inputs - scanned);
  return std::make_unique<ScanKernel>(node, std::move(body),
                                      ScanAxes(node, "input", scanned),
                                      ScanAxes(node, "output", out));
}

}  // namespace hone
