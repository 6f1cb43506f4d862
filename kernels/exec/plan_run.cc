#include "kernels/exec/plan_run.h"

#include <chrono>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/memory_scope.h"
#include "kernels/exec/node_inference.h"
#include "kernels/threads/cancel_scope.h"

namespace hone {
namespace {

// Contents that inference may ask for when a step is resolved late.
constexpr int64_t kMostContents = 1024;

bool IsDense(const Value& value) {
  return value.is_tensor() && value.tensor().dtype() != DType::kString;
}

// Kernels read elements at their type's alignment, those of a sequence's
// tensors too, which what was mapped from a file need not have.
Value AlignedValue(const Value& value) {
  if (IsDense(value)) return value.tensor().Aligned();
  if (value.kind() != Value::Kind::kSequence) return value;
  std::vector<Value> elements;
  for (const Value& element : value.sequence()) {
    elements.push_back(AlignedValue(element));
  }
  return Value::Sequence(std::move(elements));
}

}  // namespace

PlanRun::PlanRun(const PlanState& plan, WorkspaceState& workspace,
                 const RunOptions& options, std::vector<StepTime>* profile,
                 Transfers* transfers)
    : plan_(plan), workspace_(workspace), options_(options), profile_(profile) {
  if (plan.accelerator != nullptr) {
    residency_ =
        std::make_unique<Residency>(plan, options.memory_limit, transfers);
  }
}

absl::StatusOr<std::vector<Value>> PlanRun::Run(
    absl::Span<const Value> inputs) {
  HONE_RETURN_IF_ERROR(Start(inputs));
  for (const int tap : plan_.early_taps) HONE_RETURN_IF_ERROR(Tap(tap));
  for (size_t s = 0; s < plan_.steps.size(); ++s) {
    if (options_.cancel != nullptr && options_.cancel->load()) {
      return absl::CancelledError("the run was cancelled");
    }
    const auto start = std::chrono::steady_clock::now();
    HONE_RETURN_IF_ERROR(WithNode(RunStep(s), NodeLabel(plan_.steps[s].node)));
    if (profile_ != nullptr && !layout_->steps[s].known) {
      const Step& step = plan_.steps[s];
      const std::chrono::duration<double> spent =
          std::chrono::steady_clock::now() - start;
      profile_->push_back(
          {NodeLabel(step.node), step.node.op_type,
           step.kernel == nullptr ? "alias" : std::string(step.kernel->name()),
           spent.count()});
    }
    for (const int tap : plan_.steps[s].taps) HONE_RETURN_IF_ERROR(Tap(tap));
    for (const int value : plan_.steps[s].dies) {
      held_[value] = Value();
      if (residency_ != nullptr) residency_->Drop(value);
    }
  }
  // A kernel that was stopped in the middle may have returned OK.
  if (options_.cancel != nullptr && options_.cancel->load()) {
    return absl::CancelledError("the run was cancelled");
  }
  std::vector<Value> outputs;
  for (const int output : plan_.output_values) {
    HONE_RETURN_IF_ERROR(ToHost(output));
    HONE_ASSIGN_OR_RETURN(Value value, ValueOf(output));
    outputs.push_back(std::move(value));
  }
  return outputs;
}

absl::Status PlanRun::Start(absl::Span<const Value> inputs) {
  std::vector<Type> types;
  for (size_t i = 0; i < inputs.size(); ++i) {
    types.push_back(inputs[i].is_tensor()
                        ? Type::OfTensor(inputs[i].tensor().dtype(),
                                         ShapeOf(inputs[i].tensor().dims()))
                        : plan_.inputs[i].type);
  }
  HONE_ASSIGN_OR_RETURN(
      layout_, workspace_.LayoutFor(plan_, types, options_.pool->threads()));
  if (options_.memory_limit > 0 &&
      layout_->arena_bytes > options_.memory_limit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the values need ", layout_->arena_bytes,
                     " bytes, the limit is ", options_.memory_limit));
  }
  HONE_RETURN_IF_ERROR(workspace_.Reserve(layout_->arena_bytes));
  const size_t n = plan_.values.size();
  data_.assign(n, nullptr);
  held_.assign(n, Value());
  for (size_t i = 0; i < n; ++i) {
    const PlanValue& value = plan_.values[i];
    if (value.kind == PlanValue::Kind::kConstant) {
      if (value.constant.dtype() != DType::kString) {
        data_[i] = value.constant.bytes().data();
      }
    } else if (layout_->contents[i].defined()) {
      data_[i] = layout_->contents[i].bytes().data();
    } else if (layout_->offsets[i] >= 0) {
      data_[i] = workspace_.arena.get() + layout_->offsets[i];
    }
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    Hold(plan_.input_values[i], AlignedValue(inputs[i]));
  }
  return absl::OkStatus();
}

const Type& PlanRun::TypeOf(int value) const {
  const auto found = dynamic_types_.find(value);
  return found == dynamic_types_.end() ? layout_->types[value] : found->second;
}

TensorView PlanRun::ViewOf(int value) const {
  TensorView view;
  const Type& type = TypeOf(value);
  const std::optional<Dims> dims = ExtentsOf(type);
  if (!dims.has_value()) return view;
  view.dtype = type.dtype;
  view.dims = *dims;
  view.size = ElementCount(*dims).value_or(0);
  view.data = data_[value];
  return view;
}

void PlanRun::Hold(int id, Value value) {
  if (value.is_tensor()) {
    const Tensor& tensor = value.tensor();
    const Type type = Type::OfTensor(tensor.dtype(), ShapeOf(tensor.dims()));
    if (layout_->types[id] != type) dynamic_types_[id] = type;
    data_[id] = IsDense(value) ? tensor.bytes().data() : nullptr;
  } else {
    data_[id] = nullptr;
  }
  held_[id] = std::move(value);
}

absl::StatusOr<Tensor> PlanRun::Heap(DType dtype, const Dims& dims) {
  std::byte* bytes = nullptr;
  HONE_ASSIGN_OR_RETURN(Tensor tensor, NewTensor(dtype, dims, &bytes));
  heap_bytes_ += tensor.bytes().size();
  if (options_.memory_limit > 0 &&
      heap_bytes_ + layout_->arena_bytes > options_.memory_limit) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the values need ", heap_bytes_ + layout_->arena_bytes,
                     " bytes, the limit is ", options_.memory_limit));
  }
  return tensor;
}

absl::StatusOr<Value> PlanRun::ValueOf(int id) const {
  const PlanValue& value = plan_.values[id];
  if (value.kind == PlanValue::Kind::kConstant) return Value(value.constant);
  if (layout_->contents[id].defined()) return Value(layout_->contents[id]);
  const bool of_caller =
      value.kind == PlanValue::Kind::kInput ||
      plan_.values[value.root].kind == PlanValue::Kind::kInput;
  const Value& own = held_[id];
  if (own.kind() != Value::Kind::kNone && (!IsDense(own) || !of_caller)) {
    return own;
  }
  if (data_[id] == nullptr) return own;
  const TensorView view = ViewOf(id);
  // A renamed heap value shares the buffer that its root keeps.
  const Value& root = held_[value.root];
  if (!of_caller && IsDense(root) &&
      root.tensor().bytes().data() == view.data) {
    return Value(root.tensor().Reshaped(view.dims));
  }
  std::byte* bytes = nullptr;
  HONE_ASSIGN_OR_RETURN(Tensor copy, NewTensor(view.dtype, view.dims, &bytes));
  if (!copy.bytes().empty()) {
    std::memcpy(bytes, view.data, copy.bytes().size());
  }
  return Value(std::move(copy));
}

absl::Status PlanRun::Tap(int tap) {
  if (options_.tap == nullptr) return absl::OkStatus();
  HONE_RETURN_IF_ERROR(ToHost(plan_.tap_values[tap]));
  return options_.tap(tap, ViewOf(plan_.tap_values[tap]));
}

absl::Status PlanRun::ResolveNow(const Step& step) {
  std::vector<Type> types(plan_.values.size());
  std::vector<Tensor> contents(plan_.values.size());
  for (const InferStep& infer : step.infer) {
    for (const int input : infer.inputs) {
      if (input == kAbsent) continue;
      types[input] = TypeOf(input);
      const PlanValue& value = plan_.values[input];
      if (value.kind == PlanValue::Kind::kHidden) continue;
      const TensorView view = ViewOf(input);
      if (view.data == nullptr || view.size > kMostContents) continue;
      const std::optional<size_t> bytes = PackedBytes(view.dtype, view.size);
      if (!bytes.has_value()) continue;
      HONE_ASSIGN_OR_RETURN(
          contents[input],
          Tensor::View(view.dtype, view.dims,
                       absl::MakeConstSpan(
                           static_cast<const std::byte*>(view.data), *bytes),
                       nullptr));
    }
  }
  HONE_RETURN_IF_ERROR(InferStepTypes(step, types, contents));
  const bool allocates =
      step.kernel != nullptr && step.kernel->allocates_outputs();
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    if (step.inputs[i] != kAbsent) inputs_[i] = ViewOf(step.inputs[i]);
  }
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    const int output = step.outputs[i];
    if (output == kAbsent) continue;
    const std::optional<Dims> dims = ExtentsOf(types[output]);
    if (types[output].kind != Type::Kind::kUnknown) {
      dynamic_types_[output] = types[output];
    }
    if (dims.has_value() && ElementCount(*dims).has_value()) {
      outputs_[i].dtype = types[output].dtype;
      outputs_[i].dims = *dims;
      outputs_[i].size = *ElementCount(*dims);
    } else if (!allocates && step.kernel != nullptr) {
      return MakeError(
          absl::StatusCode::kUnimplemented,
          "the output's extents cannot be found even from the inputs' contents",
          {.node = NodeLabel(step.node),
           .expected = "an operator whose extents can be inferred",
           .found = types[output].ToString()});
    }
  }
  return absl::OkStatus();
}

absl::Status PlanRun::RunStep(size_t s) {
  const Step& step = plan_.steps[s];
  const StepLayout& at = layout_->steps[s];
  if (at.known) return absl::OkStatus();
  inputs_ = at.inputs;
  outputs_ = at.outputs;
  if (residency_ != nullptr && step.device == nullptr &&
      step.kernel != nullptr) {
    for (const int input : step.inputs) {
      if (input != kAbsent) HONE_RETURN_IF_ERROR(ToHost(input));
    }
  }
  if (!at.resolved) HONE_RETURN_IF_ERROR(ResolveNow(step));
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    if (step.inputs[i] != kAbsent) inputs_[i].data = data_[step.inputs[i]];
  }
  if (step.device != nullptr) return RunOnDevice(step);
  return step.kernel == nullptr ? RunAlias(step) : RunKernel(step, at);
}

absl::Status PlanRun::RunAlias(const Step& step) {
  const int in = step.inputs[0];
  const int out = step.outputs[0];
  const bool on_device = residency_ != nullptr && residency_->Has(in);
  if (data_[in] == nullptr && !on_device) {  // strings, sequences, optionals
    HONE_ASSIGN_OR_RETURN(Value value, ValueOf(in));
    if (value.is_tensor()) value = value.tensor().Reshaped(outputs_[0].dims);
    Hold(out, std::move(value));
    return absl::OkStatus();
  }
  if (outputs_[0].dtype == DType::kUndefined) {
    return absl::InvalidArgumentError("the output's extents are unknown");
  }
  if (outputs_[0].size != inputs_[0].size) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "the new extents have another number of elements",
                     {.node = NodeLabel(step.node),
                      .expected = absl::StrCat(inputs_[0].size),
                      .found = DimsToString(outputs_[0].dims)});
  }
  if (!plan_.reference) {
    if (on_device) residency_->Share(in, out);
    data_[out] = data_[in];
    return absl::OkStatus();
  }
  if (data_[out] == nullptr) {
    HONE_ASSIGN_OR_RETURN(Tensor tensor,
                          Heap(outputs_[0].dtype, outputs_[0].dims));
    Hold(out, std::move(tensor));
  }
  std::memcpy(const_cast<void*>(data_[out]), data_[in],
              PackedBytes(outputs_[0].dtype, outputs_[0].size).value_or(0));
  return absl::OkStatus();
}

absl::Status PlanRun::RunKernel(const Step& step, const StepLayout& at) {
  const bool allocates = step.kernel->allocates_outputs();
  for (size_t i = 0; i < step.outputs.size(); ++i) {
    const int output = step.outputs[i];
    MutableTensorView& view = outputs_[i];
    if (output == kAbsent || allocates) continue;
    if (data_[output] == nullptr && BitsPerElement(view.dtype) > 0) {
      HONE_ASSIGN_OR_RETURN(Tensor tensor, Heap(view.dtype, view.dims));
      Hold(output, std::move(tensor));
    }
    view.data = const_cast<void*>(data_[output]);
  }
  std::vector<Value> values;
  if (step.kernel->wants_values()) {
    for (const int input : step.inputs) {
      if (input == kAbsent) {
        values.emplace_back();
        continue;
      }
      HONE_ASSIGN_OR_RETURN(Value value, ValueOf(input));
      values.push_back(std::move(value));
    }
  }
  std::vector<Value> results(step.outputs.size());
  std::shared_ptr<std::byte> scratch;
  KernelContext context;
  context.inputs = inputs_;
  context.outputs = outputs_;
  context.values = values;
  context.results = absl::MakeSpan(results);
  context.pool = options_.pool;
  context.cancel = options_.cancel;
  if (at.resolved) {
    context.scratch = workspace_.arena.get() + at.scratch_offset;
  } else {
    const size_t bytes =
        step.kernel->ScratchBytes(inputs_, outputs_, options_.pool->threads());
    if (bytes > 0) {
      HONE_ASSIGN_OR_RETURN(scratch, NewBuffer(bytes));
      context.scratch = scratch.get();
    }
  }
  {
    const uint64_t used = heap_bytes_ + layout_->arena_bytes;
    const uint64_t limit = options_.memory_limit;
    const MemoryScope memory(limit == 0 ? 0 : limit > used ? limit - used : 1);
    const CancelScope scope(options_.cancel);
    HONE_RETURN_IF_ERROR(step.kernel->Run(context));
  }
  // What a cancelled kernel wrote is unfinished.
  if (options_.cancel != nullptr && options_.cancel->load()) {
    return absl::CancelledError("the run was cancelled");
  }
  return KeepResults(step, absl::MakeSpan(results));
}

absl::Status PlanRun::KeepResults(const Step& step, absl::Span<Value> results) {
  for (size_t i = 0; i < results.size(); ++i) {
    const int output = step.outputs[i];
    if (output == kAbsent) continue;
    if (results[i].kind() == Value::Kind::kNone) continue;
    if (IsDense(results[i])) {
      heap_bytes_ += results[i].tensor().bytes().size();
    }
    Hold(output, std::move(results[i]));
  }
  return absl::OkStatus();
}

}  // namespace hone
