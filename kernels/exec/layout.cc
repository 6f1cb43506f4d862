#include "kernels/exec/layout.h"

#include <algorithm>
#include <utility>

#include "ir/error/error.h"
#include "kernels/exec/arena.h"
#include "kernels/exec/control_flow.h"
#include "kernels/exec/node_inference.h"

namespace hone {
namespace {

// Inference reads contents of shapes, axes and scales; nothing larger.
constexpr int64_t kMostContents = 1024;

TensorView ViewOf(const Type& type, const Dims& dims) {
  TensorView view;
  view.dtype = type.dtype;
  view.dims = dims;
  view.size = *ElementCount(dims);
  return view;
}

class LayoutBuilder {
 public:
  LayoutBuilder(const PlanState& plan, int threads)
      : plan_(plan), threads_(threads) {
    const size_t n = plan.values.size();
    layout_.types.resize(n);
    layout_.contents.resize(n);
    layout_.offsets.assign(n, -1);
    layout_.steps.resize(plan.steps.size());
    for (size_t i = 0; i < n; ++i) {
      const PlanValue& value = plan.values[i];
      roots_.push_back(value.root);
      last_.push_back(value.last_step);
      if (value.kind != PlanValue::Kind::kConstant) continue;
      layout_.types[i] = value.type;
      if (value.constant.size() <= kMostContents) {
        layout_.contents[i] = value.constant;
      }
    }
  }

  absl::StatusOr<Layout> Build(absl::Span<const Type> input_types) {
    for (size_t i = 0; i < input_types.size(); ++i) {
      layout_.types[plan_.input_values[i]] = input_types[i];
    }
    for (size_t s = 0; s < plan_.steps.size(); ++s) {
      HONE_RETURN_IF_ERROR(Resolve(static_cast<int>(s)));
    }
    for (size_t s = 0; s < plan_.steps.size(); ++s) {
      ShareInPlace(static_cast<int>(s));
    }
    HONE_RETURN_IF_ERROR(Place());
    return std::move(layout_);
  }

 private:
  absl::Status Resolve(int s) {
    const Step& step = plan_.steps[s];
    StepLayout& at = layout_.steps[s];
    HONE_RETURN_IF_ERROR(InferStepTypes(step, layout_.types, layout_.contents));
    at.known = !plan_.reference;
    at.resolved = true;
    for (const int output : step.outputs) {
      if (output == kAbsent) {
        at.outputs.emplace_back();
        continue;
      }
      const Type& type = layout_.types[output];
      at.known &= layout_.contents[output].defined();
      const std::optional<Dims> dims = ExtentsOf(type);
      MutableTensorView view;
      if (dims.has_value() && ElementCount(*dims).has_value()) {
        view.dtype = type.dtype;
        view.dims = *dims;
        view.size = *ElementCount(*dims);
      } else if (step.kernel == nullptr || step.device != nullptr ||
                 !step.kernel->allocates_outputs()) {
        at.resolved &= !type.is_tensor() && step.kernel == nullptr;
      } else if (type.is_tensor() && !IsControlFlow(step.node)) {
        at.resolved = false;  // its kernel may ask for extents all the same
      }
      at.outputs.push_back(std::move(view));
    }
    for (const int input : step.inputs) {
      if (input == kAbsent) {
        at.inputs.emplace_back();
        continue;
      }
      const Type& type = layout_.types[input];
      const std::optional<Dims> dims = ExtentsOf(type);
      if (dims.has_value() && ElementCount(*dims).has_value()) {
        at.inputs.push_back(ViewOf(type, *dims));
        continue;
      }
      at.inputs.emplace_back();
      const bool no_tensor =
          type.kind == Type::Kind::kSequence || type.kind == Type::Kind::kMap;
      at.resolved &= no_tensor;
    }
    return absl::OkStatus();
  }

  // Values whose buffer the arena holds.
  bool InArena(int value) const {
    const PlanValue& v = plan_.values[roots_[value]];
    return v.kind == PlanValue::Kind::kComputed && !v.output_root &&
           in_arena_[roots_[value]];
  }

  void MarkArenaValues() {
    in_arena_.assign(plan_.values.size(), false);
    for (size_t s = 0; s < plan_.steps.size(); ++s) {
      const Step& step = plan_.steps[s];
      const StepLayout& at = layout_.steps[s];
      const bool copies = plan_.reference && step.kernel == nullptr;
      const bool computes = copies || (step.kernel != nullptr &&
                                       !step.kernel->allocates_outputs());
      if (!at.resolved || at.known || !computes) continue;
      for (size_t i = 0; i < step.outputs.size(); ++i) {
        if (step.outputs[i] == kAbsent) continue;
        in_arena_[step.outputs[i]] =
            BitsPerElement(at.outputs[i].dtype) > 0;  // no strings
      }
    }
  }

  void ShareInPlace(int s) {
    if (s == 0) MarkArenaValues();
    const Step& step = plan_.steps[s];
    const StepLayout& at = layout_.steps[s];
    if (plan_.reference || step.kernel == nullptr || at.known || !at.resolved ||
        !step.kernel->in_place() || step.inputs.empty() ||
        step.outputs.empty() || step.inputs[0] == kAbsent ||
        step.outputs[0] == kAbsent) {
      return;
    }
    const int in = step.inputs[0];
    const int out = step.outputs[0];
    if (!InArena(in) || !InArena(out) || last_[roots_[in]] != s) return;
    if (at.inputs[0].dims != at.outputs[0].dims ||
        PackedBytes(at.inputs[0].dtype, at.inputs[0].size) !=
            PackedBytes(at.outputs[0].dtype, at.outputs[0].size)) {
      return;
    }
    for (size_t i = 1; i < step.inputs.size(); ++i) {
      if (step.inputs[i] != kAbsent && roots_[step.inputs[i]] == roots_[in]) {
        return;
      }
    }
    const int from = roots_[out];
    const int to = roots_[in];
    for (int& root : roots_) {
      if (root == from) root = to;
    }
    last_[to] = std::max(last_[to], last_[from]);
  }

  absl::Status Place() {
    if (plan_.steps.empty()) return absl::OkStatus();
    std::vector<Interval> intervals;
    std::vector<int> owners;
    size_t total = 0;
    const auto add = [&](size_t bytes, int first, int last, int owner) {
      if (bytes > (size_t{1} << 46) || total > (size_t{1} << 50)) {
        return absl::ResourceExhaustedError("the values exceed any memory");
      }
      total += bytes;
      intervals.push_back({bytes, first, last});
      owners.push_back(owner);
      return absl::OkStatus();
    };
    for (size_t s = 0; s < plan_.steps.size(); ++s) {
      const Step& step = plan_.steps[s];
      StepLayout& at = layout_.steps[s];
      const int now = static_cast<int>(s);
      for (size_t i = 0; i < step.outputs.size(); ++i) {
        const int out = step.outputs[i];
        if (out == kAbsent || !in_arena_[out] || roots_[out] != out ||
            !InArena(out)) {
          continue;
        }
        const size_t bytes =
            PackedBytes(at.outputs[i].dtype, at.outputs[i].size)
                .value_or(SIZE_MAX);
        HONE_RETURN_IF_ERROR(
            WithNode(add(bytes, now, std::max(last_[out], now), out),
                     NodeLabel(step.node)));
      }
      if (step.kernel == nullptr || !at.resolved || at.known) continue;
      at.scratch_bytes =
          step.kernel->ScratchBytes(at.inputs, at.outputs, threads_);
      if (at.scratch_bytes == 0) continue;
      HONE_RETURN_IF_ERROR(WithNode(add(at.scratch_bytes, now, now, -now - 1),
                                    NodeLabel(step.node)));
    }
    const ArenaPlan arena = PackIntervals(intervals);
    layout_.arena_bytes = arena.bytes;
    for (size_t i = 0; i < owners.size(); ++i) {
      if (owners[i] < 0) {
        layout_.steps[-owners[i] - 1].scratch_offset = arena.offsets[i];
      } else {
        layout_.offsets[owners[i]] = static_cast<int64_t>(arena.offsets[i]);
      }
    }
    for (size_t i = 0; i < roots_.size(); ++i) {
      layout_.offsets[i] = layout_.offsets[roots_[i]];
    }
    return absl::OkStatus();
  }

  const PlanState& plan_;
  const int threads_;
  Layout layout_;
  std::vector<int> roots_;  // with in-place sharing
  std::vector<int> last_;   // by root
  std::vector<bool> in_arena_;
};

}  // namespace

absl::Status InferStepTypes(const Step& step, std::vector<Type>& types,
                            std::vector<Tensor>& contents) {
  for (const InferStep& infer : step.infer) {
    std::vector<Type> in;
    std::vector<const Tensor*> in_contents;
    for (const int input : infer.inputs) {
      in.push_back(input == kAbsent ? Type() : types[input]);
      in_contents.push_back(input == kAbsent || !contents[input].defined()
                                ? nullptr
                                : &contents[input]);
    }
    HONE_ASSIGN_OR_RETURN(NodeTypes out,
                          InferNode(infer.node, infer.opset, std::move(in),
                                    std::move(in_contents)));
    for (size_t i = 0; i < infer.outputs.size(); ++i) {
      const int output = infer.outputs[i];
      if (output == kAbsent) continue;
      types[output] = std::move(out.types[i]);
      if (out.contents[i].defined()) {
        contents[output] = std::move(out.contents[i]);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Layout> MakeLayout(const PlanState& plan,
                                  absl::Span<const Type> input_types,
                                  int threads) {
  return LayoutBuilder(plan, threads).Build(input_types);
}

}  // namespace hone
