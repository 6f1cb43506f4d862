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
#include "kernels/exec/stack.h"

namespace hone {
namespace {

absl::Status Refuse(const Node& node, absl::string_view what,
                    absl::string_view expected, absl::string_view found) {
  ErrorDetail detail;
  detail.node = NodeLabel(node);
  detail.expected = std::string(expected);
  detail.found = std::string(found);
  return MakeError(absl::StatusCode::kInvalidArgument, what, detail);
}

// A subgraph as a plan whose last inputs are the outer values that are no
// constants.
class Body {
 public:
  static absl::StatusOr<Body> Make(const Model& model, const Node& node,
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
      return Refuse(node, "a subgraph is missing", attribute, "none");
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
    Body body;
    body.own_inputs_ = child.graph.inputs.size();
    for (size_t i = 0; i < outer.size(); ++i) {
      if (outer[i].constant.defined()) {
        child.graph.SetInitializer(outer[i].name, outer[i].constant);
        continue;
      }
      ValueInfo info;
      info.name = outer[i].name;
      info.type = outer[i].type;
      child.graph.inputs.push_back(std::move(info));
      body.captured_.push_back(i);
    }
    CompileOptions inner = options;
    inner.taps.clear();
    absl::StatusOr<std::shared_ptr<const Plan>> plan = Compile(child, inner);
    if (!plan.ok()) return plan.status();
    body.plan_ = *std::move(plan);
    return body;
  }

  size_t own_inputs() const { return own_inputs_; }
  size_t outputs() const { return plan_->outputs().size(); }
  const Type& OutputType(size_t i) const { return plan_->outputs()[i].type; }

  // `outer`: the context's values after the node's inputs.
  absl::StatusOr<std::vector<Value>> Run(const KernelContext& context,
                                         Workspace& workspace,
                                         std::vector<Value> inputs,
                                         absl::Span<const Value> outer) const {
    for (const size_t i : captured_) inputs.push_back(outer[i]);
    RunOptions run;
    run.pool = context.pool;
    run.cancel = context.cancel;
    return plan_->Run(workspace, inputs, run);
  }

 private:
  std::shared_ptr<const Plan> plan_;
  size_t own_inputs_ = 0;
  std::vector<size_t> captured_;  // into `outer`
};

class ControlFlowKernel : public Kernel {
 public:
  explicit ControlFlowKernel(const Node& node) : node_(node) {}
  bool allocates_outputs() const override { return true; }
  bool wants_values() const override { return true; }

 protected:
  absl::Span<const Value> Outer(const KernelContext& context) const {
    return context.values.subspan(node_.inputs.size());
  }
  const Node node_;
};

// The one element of a boolean tensor.
absl::StatusOr<bool> Truth(const Node& node, const Value& value) {
  if (!value.is_tensor() || value.tensor().dtype() != DType::kBool ||
      value.tensor().size() != 1) {
    return Refuse(node, "the condition", "one boolean", "something else");
  }
  return value.tensor().bytes()[0] != std::byte{0};
}

// A branch that cannot be compiled is an error only when it is taken: exporters
// write branches that fit other extents than those of the model at hand.
class IfKernel : public ControlFlowKernel {
 public:
  IfKernel(const Node& node, absl::StatusOr<Body> then_body,
           absl::StatusOr<Body> else_body)
      : ControlFlowKernel(node),
        then_(std::move(then_body)),
        else_(std::move(else_body)) {}
  absl::string_view name() const override { return "if"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const bool truth, Truth(node_, context.values[0]));
    const absl::StatusOr<Body>& body = truth ? then_ : else_;
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
  const absl::StatusOr<Body> then_, else_;
};

class LoopKernel : public ControlFlowKernel {
 public:
  LoopKernel(const Node& node, Body body)
      : ControlFlowKernel(node), body_(std::move(body)) {}
  absl::string_view name() const override { return "loop"; }

  absl::Status Run(const KernelContext& context) const override {
    int64_t trips = std::numeric_limits<int64_t>::max();
    if (!node_.Input(0).empty()) {
      const Value& m = context.values[0];
      if (!m.is_tensor() || m.tensor().dtype() != DType::kS64 ||
          m.tensor().size() != 1) {
        return Refuse(node_, "the trip count", "one int64", "something else");
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
          return Refuse(node_, "a scan output", "a tensor", "something else");
        }
        scans[i].push_back(result.tensor());
      }
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
  const Body body_;
};

struct ScanAxis {
  int64_t axis = 0;
  bool reverse = false;
};

class ScanKernel : public ControlFlowKernel {
 public:
  ScanKernel(const Node& node, Body body, std::vector<ScanAxis> in,
             std::vector<ScanAxis> out)
      : ControlFlowKernel(node),
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
        return Refuse(node_, "a scan input", "a tensor", "something else");
      }
      const Dims& dims = value.tensor().dims();
      const int64_t rank = static_cast<int64_t>(dims.size());
      const int64_t axis = in_[i].axis + (in_[i].axis < 0 ? rank : 0);
      if (axis < 0 || axis >= rank) {
        return Refuse(node_, "a scan axis", absl::StrCat("below ", rank),
                      absl::StrCat(in_[i].axis));
      }
      if (steps >= 0 && dims[axis] != steps) {
        return Refuse(node_, "the scan inputs' lengths", absl::StrCat(steps),
                      absl::StrCat(dims[axis]));
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
  const Body body_;
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
  return node.Is("If") || node.Is("Loop") || node.Is("Scan");
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeControlFlow(
    const Model& model, const Node& node, std::vector<Type> input_types,
    std::vector<OuterValue> outer, const CompileOptions& options) {
  if (node.Is("If")) {
    if (node.inputs.size() != 1 || node.Input(0).empty()) {
      return Refuse(node, "inputs of If", "one condition",
                    absl::StrCat(node.inputs.size()));
    }
    absl::StatusOr<Body> then_body =
        Body::Make(model, node, "then_branch", {}, outer, options);
    absl::StatusOr<Body> else_body =
        Body::Make(model, node, "else_branch", {}, outer, options);
    if (!then_body.ok() && !else_body.ok()) return then_body.status();
    for (const absl::StatusOr<Body>* body : {&then_body, &else_body}) {
      if (body->ok() && ((*body)->outputs() != node.outputs.size() ||
                         (*body)->own_inputs() > 0)) {
        return Refuse(
            node, "inputs and outputs of a branch of If",
            absl::StrCat("none and ", node.outputs.size()),
            absl::StrCat((*body)->own_inputs(), " and ", (*body)->outputs()));
      }
    }
    return std::make_unique<IfKernel>(node, std::move(then_body),
                                      std::move(else_body));
  }
  for (Type& type : input_types) type = WithoutExtents(std::move(type));
  if (node.Is("Loop")) {
    input_types.resize(std::max<size_t>(input_types.size(), 2));
    input_types[0] = Type::OfTensor(DType::kS64, Shape{});
    input_types[1] = Type::OfTensor(DType::kBool, Shape{});
    HONE_ASSIGN_OR_RETURN(Body body, Body::Make(model, node, "body",
                                                input_types, outer, options));
    if (node.inputs.size() < 2 || body.own_inputs() != node.inputs.size() ||
        body.outputs() != node.outputs.size() + 1 ||
        body.outputs() < node.inputs.size() - 1) {
      return Refuse(
          node, "inputs and outputs of Loop's body",
          absl::StrCat(node.inputs.size(), " and ", node.outputs.size() + 1),
          absl::StrCat(body.own_inputs(), " and ", body.outputs()));
    }
    return std::make_unique<LoopKernel>(node, std::move(body));
  }
  if (model.Opset() < 9) {
    ErrorDetail detail;
    detail.node = NodeLabel(node);
    return MakeError(absl::StatusCode::kUnimplemented,
                     "Scan of opset 8 has no kernel; raise the model's opset",
                     detail);
  }
  const int64_t scanned = node.IntAttribute("num_scan_inputs", 0);
  HONE_ASSIGN_OR_RETURN(
      Body body, Body::Make(model, node, "body", input_types, outer, options));
  const int64_t inputs = static_cast<int64_t>(node.inputs.size());
  if (scanned < 1 || scanned > inputs ||
      static_cast<int64_t>(body.own_inputs()) != inputs ||
      body.outputs() != node.outputs.size() ||
      static_cast<int64_t>(body.outputs()) < inputs - scanned) {
    return Refuse(node, "inputs and outputs of Scan's body",
                  absl::StrCat(inputs, " and ", node.outputs.size()),
                  absl::StrCat(body.own_inputs(), " and ", body.outputs()));
  }
  const size_t out = node.outputs.size() - (inputs - scanned);
  return std::make_unique<ScanKernel>(node, std::move(body),
                                      ScanAxes(node, "input", scanned),
                                      ScanAxes(node, "output", out));
}

}  // namespace hone
