#include "kernels/exec/plan_builder.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "kernels/exec/control_flow.h"
#include "kernels/exec/evaluate.h"
#include "kernels/exec/fusion/fusion_graph.h"
#include "kernels/exec/make_kernel.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

// Inference may look into smaller constants at every run.
constexpr int64_t kMostContents = 1024;

absl::Status Malformed(absl::string_view what, const std::string& node,
                       const std::string& value) {
  ErrorDetail detail;
  detail.node = node;
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat(what, ": ", value), detail);
}

// The node's inputs in order ("" where absent), then the outer values that its
// subgraphs read.
std::vector<std::string> ReadsOf(const Node& node) {
  std::vector<std::string> reads = node.inputs;
  std::set<std::string> seen(reads.begin(), reads.end());
  ForEachRead(node, [&](absl::string_view name) {
    if (!name.empty() && seen.insert(std::string(name)).second) {
      reads.emplace_back(name);
    }
  });
  return reads;
}

}  // namespace

PlanBuilder::PlanBuilder(
    const Model& model, const InferredTypes& types,
    const absl::flat_hash_map<std::string, std::vector<Node>>& originals,
    const CompileOptions& options)
    : model_(model),
      types_(types),
      originals_(originals),
      options_(options),
      plan_(std::make_unique<PlanState>()) {
  static std::atomic<uint64_t> next_id{1};
  plan_->id = next_id.fetch_add(1);
  plan_->reference = options.reference;
  plan_->packed =
      options.packed != nullptr ? options.packed : PackedCache::Process();
  if (!options.reference) plan_->accelerator = options.accelerator;
}

absl::StatusOr<std::shared_ptr<const Plan>> PlanBuilder::Build() {
  HONE_RETURN_IF_ERROR(AddConstants());
  HONE_RETURN_IF_ERROR(AddInputs());

  // Only what an output or a tap needs becomes a step.
  std::set<std::string> needed(options_.taps.begin(), options_.taps.end());
  for (const ValueInfo& output : model_.graph.outputs) {
    needed.insert(output.name);
  }
  std::vector<const Node*> nodes;
  for (auto it = model_.graph.nodes.rbegin(); it != model_.graph.nodes.rend();
       ++it) {
    if (std::none_of(it->outputs.begin(), it->outputs.end(),
                     [&](const std::string& o) {
                       return !o.empty() && needed.count(o) > 0;
                     })) {
      continue;
    }
    nodes.push_back(&*it);
    for (const std::string& read : ReadsOf(*it)) needed.insert(read);
  }
  std::reverse(nodes.begin(), nodes.end());
  for (const Node* node : nodes) HONE_RETURN_IF_ERROR(AddNode(*node));

  HONE_RETURN_IF_ERROR(AddOutputs());
  HONE_RETURN_IF_ERROR(AddTaps());
  FindLifetimes();
  HONE_RETURN_IF_ERROR(MakeKernels());
  DropPackedConstants();
  return std::shared_ptr<const Plan>(new Plan(std::move(plan_)));
}

absl::StatusOr<int> PlanBuilder::NewValue(const std::string& name,
                                          PlanValue::Kind kind) {
  const int number = static_cast<int>(plan_->values.size());
  if (!numbers_.emplace(name, number).second) {
    return Malformed("two values have one name", "", name);
  }
  PlanValue value;
  value.name = name;
  value.kind = kind;
  value.type = types_.TypeOf(name);
  value.root = number;
  plan_->values.push_back(std::move(value));
  return number;
}

absl::StatusOr<int> PlanBuilder::Find(const std::string& name,
                                      const Node& reader) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) {
    return Malformed("reads a value that nothing before it makes",
                     NodeLabel(reader), name);
  }
  return found->second;
}

int64_t PlanBuilder::OpsetOf(const Node& node) const {
  return node.domain == kInternalDomain ? 1 : model_.Opset(node.domain);
}

absl::Status PlanBuilder::AddConstants() {
  for (const Initializer& initializer : model_.graph.initializers) {
    HONE_RETURN_IF_ERROR(AddConstant(initializer.name, initializer.tensor));
  }
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddInputs() {
  for (const ValueInfo& input : model_.graph.inputs) {
    // Before IR version 4 initializers are listed among the inputs.
    if (numbers_.contains(input.name) &&
        plan_->values[numbers_[input.name]].kind ==
            PlanValue::Kind::kConstant) {
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const int number,
                          NewValue(input.name, PlanValue::Kind::kInput));
    plan_->inputs.push_back(input);
    plan_->input_values.push_back(number);
  }
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddConstant(const std::string& name, Tensor tensor) {
  HONE_ASSIGN_OR_RETURN(const int number,
                        NewValue(name, PlanValue::Kind::kConstant));
  PlanValue& value = plan_->values[number];
  value.type = Type::OfTensor(tensor.dtype(), ShapeOf(tensor.dims()));
  value.constant = std::move(tensor);
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddNode(const Node& node) {
  // Without folding, or as an output or a tap, a Constant is still a node.
  if (std::optional<Tensor> constant = ConstantNodeTensor(node)) {
    return AddConstant(node.outputs[0], *std::move(constant));
  }
  Step step;
  step.node = node;
  step.opset = OpsetOf(node);
  for (const std::string& read : ReadsOf(node)) {
    if (read.empty()) {
      step.inputs.push_back(kAbsent);
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const int number, Find(read, node));
    step.inputs.push_back(number);
  }
  for (const std::string& output : node.outputs) {
    if (output.empty()) {
      step.outputs.push_back(kAbsent);
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const int number,
                          NewValue(output, PlanValue::Kind::kComputed));
    step.outputs.push_back(number);
  }
  std::vector<Node> computed = {node};
  const auto fused = node.outputs.empty() ? originals_.end()
                                          : originals_.find(node.outputs[0]);
  if (fused != originals_.end()) computed = fused->second;
  for (Node& original : computed) {
    InferStep infer;
    infer.opset = OpsetOf(original);
    for (const std::string& input : original.inputs) {
      if (input.empty()) {
        infer.inputs.push_back(kAbsent);
        continue;
      }
      HONE_ASSIGN_OR_RETURN(const int number, Find(input, original));
      infer.inputs.push_back(number);
    }
    for (const std::string& output : original.outputs) {
      if (output.empty()) {
        infer.outputs.push_back(kAbsent);
        continue;
      }
      if (!numbers_.contains(output)) {
        HONE_RETURN_IF_ERROR(
            NewValue(output, PlanValue::Kind::kHidden).status());
      }
      infer.outputs.push_back(numbers_[output]);
    }
    infer.node = std::move(original);
    step.infer.push_back(std::move(infer));
  }
  if (RenamesItsInput(node) && !step.inputs.empty() && !step.outputs.empty() &&
      step.inputs[0] != kAbsent && step.outputs[0] != kAbsent &&
      !plan_->reference) {
    plan_->values[step.outputs[0]].root = plan_->values[step.inputs[0]].root;
  }
  plan_->steps.push_back(std::move(step));
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddOutputs() {
  for (const ValueInfo& output : model_.graph.outputs) {
    const auto found = numbers_.find(output.name);
    if (found == numbers_.end()) {
      return Malformed("nothing makes the graph's output", "", output.name);
    }
    plan_->outputs.push_back(output);
    if (output.type.kind == Type::Kind::kUnknown) {
      plan_->outputs.back().type = plan_->values[found->second].type;
    }
    plan_->output_values.push_back(found->second);
    plan_->values[plan_->values[found->second].root].output_root = true;
  }
  return absl::OkStatus();
}

absl::Status PlanBuilder::AddTaps() {
  absl::flat_hash_map<int, int> makers;
  for (size_t s = 0; s < plan_->steps.size(); ++s) {
    for (const int output : plan_->steps[s].outputs) {
      makers[output] = static_cast<int>(s);
    }
  }
  for (size_t t = 0; t < options_.taps.size(); ++t) {
    const auto found = numbers_.find(options_.taps[t]);
    if (found == numbers_.end()) {
      return absl::NotFoundError(
          absl::StrCat("no value of the graph is named ", options_.taps[t]));
    }
    plan_->tap_values.push_back(found->second);
    const auto maker = makers.find(found->second);
    if (maker == makers.end()) {
      plan_->early_taps.push_back(static_cast<int>(t));
    } else {
      plan_->steps[maker->second].taps.push_back(static_cast<int>(t));
    }
  }
  return absl::OkStatus();
}

void PlanBuilder::FindLifetimes() {
  const int end = static_cast<int>(plan_->steps.size());
  std::vector<PlanValue>& values = plan_->values;
  for (int s = 0; s < end; ++s) {
    const Step& step = plan_->steps[s];
    for (const int output : step.outputs) {
      if (output == kAbsent) continue;
      PlanValue& root = values[values[output].root];
      if (values[output].root == output) root.first_step = s;
      root.last_step = std::max(root.last_step, s);
    }
    for (const int input : step.inputs) {
      if (input == kAbsent) continue;
      PlanValue& root = values[values[input].root];
      root.last_step = std::max(root.last_step, s);
    }
  }
  for (size_t i = 0; i < values.size(); ++i) {
    PlanValue& value = values[i];
    const PlanValue& root = values[value.root];
    if (root.output_root) value.last_step = end;
    if (value.kind == PlanValue::Kind::kComputed && root.last_step < end &&
        root.kind == PlanValue::Kind::kComputed) {
      plan_->steps[root.last_step].dies.push_back(static_cast<int>(i));
    }
  }
}

std::vector<OuterValue> PlanBuilder::OuterValuesOf(const Step& step) const {
  std::vector<OuterValue> outer;
  for (size_t i = step.node.inputs.size(); i < step.inputs.size(); ++i) {
    const PlanValue& value = plan_->values[step.inputs[i]];
    outer.push_back({value.name, value.type, value.constant});
  }
  return outer;
}

absl::Status PlanBuilder::Offload(const KernelSpec& spec, Step* step) {
  absl::StatusOr<std::unique_ptr<DeviceKernel>> made =
      plan_->accelerator->MakeKernel(spec);
  if (absl::IsUnimplemented(made.status())) return absl::OkStatus();
  if (!made.ok()) return WithNode(made.status(), NodeLabel(step->node));
  plan_->device_constants.resize(plan_->values.size());
  for (size_t i = 0; i < step->inputs.size(); ++i) {
    const int input = step->inputs[i];
    if (input == kAbsent || (*made)->place(i) != DeviceKernel::Place::kDevice ||
        plan_->values[input].kind != PlanValue::Kind::kConstant ||
        plan_->device_constants[input] != nullptr) {
      continue;
    }
    const Tensor& constant = plan_->values[input].constant;
    absl::StatusOr<std::shared_ptr<const DeviceBuffer>> copy =
        plan_->accelerator->Upload(constant.bytes().data(),
                                   constant.bytes().size());
    if (!copy.ok()) return WithNode(copy.status(), NodeLabel(step->node));
    plan_->device_constants[input] = *std::move(copy);
  }
  step->device = made->get();
  step->kernel = *std::move(made);
  return absl::OkStatus();
}

absl::Status PlanBuilder::MakeKernels() {
  for (Step& step : plan_->steps) {
    if (RenamesItsInput(step.node)) {
      if (step.inputs.empty() || step.inputs[0] == kAbsent ||
          step.outputs.empty() || step.outputs[0] == kAbsent) {
        return Malformed("an input or output is missing", NodeLabel(step.node),
                         step.node.op_type);
      }
      continue;
    }
    KernelSpec spec;
    spec.node = &step.node;
    spec.opset = step.opset;
    spec.packed = plan_->packed.get();
    spec.reference = plan_->reference;
    for (size_t i = 0; i < step.node.inputs.size(); ++i) {
      const int input = step.inputs[i];
      if (input == kAbsent) {
        spec.constants.push_back(nullptr);
        spec.input_types.emplace_back();
        continue;
      }
      PlanValue& value = plan_->values[input];
      spec.input_types.push_back(value.type);
      if (value.kind != PlanValue::Kind::kConstant) {
        spec.constants.push_back(nullptr);
        continue;
      }
      if (value.constant.dtype() != DType::kString) {
        value.constant = value.constant.Aligned();
      }
      spec.constants.push_back(&value.constant);
    }
    for (const int output : step.outputs) {
      spec.output_types.push_back(
          output == kAbsent ? Type() : plan_->values[output].type);
    }
    if (IsControlFlow(step.node)) {
      // A body is the CPU's: its values cross the border at every turn.
      CompileOptions body = options_;
      body.accelerator = nullptr;
      HONE_ASSIGN_OR_RETURN(step.kernel,
                            MakeControlFlow(model_, step.node, spec.input_types,
                                            OuterValuesOf(step), body));
      continue;
    }
    if (plan_->accelerator != nullptr) {
      HONE_RETURN_IF_ERROR(Offload(spec, &step));
      if (step.device != nullptr) continue;
    }
    HONE_ASSIGN_OR_RETURN(step.kernel, MakeKernel(spec));
  }
  return absl::OkStatus();
}

void PlanBuilder::DropPackedConstants() {
  std::vector<bool> read(plan_->values.size(), false);
  for (const Step& step : plan_->steps) {
    const bool all = step.kernel == nullptr || step.kernel->wants_values();
    for (size_t i = 0; i < step.inputs.size(); ++i) {
      if (step.inputs[i] == kAbsent) continue;
      if (all || step.kernel->reads_input(i)) read[step.inputs[i]] = true;
    }
  }
  for (const int output : plan_->output_values) {
    read[plan_->values[output].root] = true;
    read[output] = true;
  }
  for (const int tap : plan_->tap_values) read[tap] = true;
  for (size_t i = 0; i < read.size(); ++i) {
    PlanValue& value = plan_->values[i];
    if (value.kind == PlanValue::Kind::kConstant && !read[i] &&
        value.constant.size() > kMostContents) {
      value.constant = Tensor();
    }
  }
}

}  // namespace hone
