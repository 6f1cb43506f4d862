#include "ir/ops/control_infer.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/infer.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

const Graph* Subgraph(const InferInput& in, absl::string_view name) {
  const Attribute* attribute = in.node->FindAttribute(name);
  if (attribute == nullptr) return nullptr;
  const auto* graph =
      std::get_if<std::shared_ptr<const Graph>>(&attribute->data);
  return graph == nullptr ? nullptr : graph->get();
}

// What holds for a value that is either an `a` or a `b`.
Type Either(const Type& a, const Type& b) {
  if (a == b) return a;
  if (!a.is_tensor() || !b.is_tensor()) return Type();
  const DType dtype = a.dtype == b.dtype ? a.dtype : DType::kUndefined;
  if (!a.shape.has_value() || !b.shape.has_value() ||
      a.shape->size() != b.shape->size()) {
    return dtype == DType::kUndefined ? Type() : Type::OfTensor(dtype);
  }
  Shape shape = *a.shape;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != (*b.shape)[i]) shape[i] = Dim::Unknown();
  }
  return Type::OfTensor(dtype, std::move(shape));
}

Type WithoutExtents(Type type) {
  if (type.is_tensor()) type.shape.reset();
  return type;
}

// `step` with one more axis at `axis` (from the front of the result).
Type Stacked(const Type& step, int64_t axis, const Dim& extent) {
  if (!step.is_tensor() || !step.shape.has_value()) return WithoutExtents(step);
  Type type = step;
  const auto rank = static_cast<int64_t>(type.shape->size()) + 1;
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank) return WithoutExtents(step);
  type.shape->insert(type.shape->begin() + axis, extent);
  return type;
}

}  // namespace

absl::Status InferIf(const InferInput& in, InferOutput* out) {
  const Graph* then_graph = Subgraph(in, "then_branch");
  const Graph* else_graph = Subgraph(in, "else_branch");
  if (then_graph == nullptr || else_graph == nullptr ||
      in.infer_subgraph == nullptr) {
    return absl::OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<Type> then_types,
                        (*in.infer_subgraph)(*then_graph, {}));
  HONE_ASSIGN_OR_RETURN(const std::vector<Type> else_types,
                        (*in.infer_subgraph)(*else_graph, {}));
  const size_t outputs = out->types.size();
  if (then_types.size() != outputs || else_types.size() != outputs) {
    return NodeError(
        *in.node, "outputs of the branches", absl::StrCat(outputs),
        absl::StrCat(then_types.size(), " and ", else_types.size()));
  }
  const PartialTensor* condition = InputPartial(in, 0);
  const bool decided = condition != nullptr &&
                       condition->elements.size() == 1 &&
                       condition->elements[0].known;
  for (size_t i = 0; i < outputs; ++i) {
    if (decided) {
      out->types[i] =
          condition->elements[0].value != 0 ? then_types[i] : else_types[i];
    } else {
      out->types[i] = Either(then_types[i], else_types[i]);
    }
  }
  return absl::OkStatus();
}

absl::Status InferLoop(const InferInput& in, InferOutput* out) {
  const Graph* body = Subgraph(in, "body");
  if (body == nullptr || in.infer_subgraph == nullptr) return absl::OkStatus();
  const size_t carried =
      in.inputs.size() - std::min<size_t>(in.inputs.size(), 2);
  if (body->inputs.size() != carried + 2 ||
      body->outputs.size() != out->types.size() + 1 ||
      out->types.size() < carried) {
    return NodeError(
        *in.node, "inputs and outputs of the body",
        absl::StrCat(carried + 2, " and ", out->types.size() + 1),
        absl::StrCat(body->inputs.size(), " and ", body->outputs.size()));
  }
  // Extents may change from one iteration to the next.
  std::vector<Type> inputs = {Type::OfTensor(DType::kS64, Shape()),
                              Type::OfTensor(DType::kBool, Shape())};
  for (size_t i = 0; i < carried; ++i)
    inputs.push_back(WithoutExtents(in.inputs[i + 2]));
  HONE_ASSIGN_OR_RETURN(const std::vector<Type> types,
                        (*in.infer_subgraph)(*body, inputs));
  for (size_t i = 0; i < out->types.size(); ++i) {
    // Without an iteration the initial value is the result.
    out->types[i] = i < carried ? Either(in.inputs[i + 2], types[i + 1])
                                : Stacked(types[i + 1], 0, Dim::Unknown());
  }
  return absl::OkStatus();
}

absl::Status InferScan(const InferInput& in, InferOutput* out) {
  const Graph* body = Subgraph(in, "body");
  if (in.opset < 9 || body == nullptr || in.infer_subgraph == nullptr) {
    return absl::OkStatus();
  }
  AttributeReader read(*in.node);
  const auto all = static_cast<int64_t>(in.inputs.size());
  const int64_t scanned = read.IntIn("num_scan_inputs", 0, 1, all);
  std::vector<int64_t> in_axes = read.Ints("scan_input_axes");
  std::vector<int64_t> out_axes = read.Ints("scan_output_axes");
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  const auto states = static_cast<size_t>(all - scanned);
  if (body->inputs.size() != in.inputs.size() ||
      body->outputs.size() != out->types.size() || out->types.size() < states) {
    return NodeError(
        *in.node, "inputs and outputs of the body",
        absl::StrCat(all, " and ", out->types.size()),
        absl::StrCat(body->inputs.size(), " and ", body->outputs.size()));
  }
  in_axes.resize(static_cast<size_t>(scanned), 0);
  out_axes.resize(out->types.size() - states, 0);
  Dim length;
  std::vector<Type> inputs;
  for (size_t i = 0; i < in.inputs.size(); ++i) {
    inputs.push_back(in.inputs[i]);
    Type& type = inputs.back();
    if (i < states || !type.is_tensor() || !type.shape.has_value()) continue;
    HONE_ASSIGN_OR_RETURN(const int64_t axis,
                          FrontAxis(*in.node, in_axes[i - states],
                                    static_cast<int64_t>(type.shape->size())));
    length = MergeDims(length, (*type.shape)[static_cast<size_t>(axis)]);
    type.shape->erase(type.shape->begin() + axis);
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<Type> types,
                        (*in.infer_subgraph)(*body, inputs));
  for (size_t i = 0; i < out->types.size(); ++i) {
    out->types[i] = i < states
                        ? Either(in.inputs[i], types[i])
                        : Stacked(types[i], out_axes[i - states], length);
  }
  return absl::OkStatus();
}

absl::Status InferSequenceConstruct(const InferInput& in, InferOutput* out) {
  Type element = in.inputs[0];
  for (const Type& type : in.inputs) element = Either(element, type);
  out->types[0] = Type::SequenceOf(std::move(element));
  return absl::OkStatus();
}

absl::Status InferSequenceEmpty(const InferInput& in, InferOutput* out) {
  out->types[0] = Type::SequenceOf(
      Type::OfTensor(DTypeAttribute(in, "dtype", DType::kF32)));
  return absl::OkStatus();
}

absl::Status InferSequenceInsert(const InferInput& in, InferOutput* out) {
  // An empty sequence's element type is only a dtype.
  if (in.inputs[0].kind == Type::Kind::kSequence &&
      in.inputs[0].element != nullptr) {
    out->types[0] =
        Type::SequenceOf(Either(*in.inputs[0].element, in.inputs[1]));
  }
  return absl::OkStatus();
}

absl::Status InferElement(const InferInput& in, InferOutput* out) {
  const bool holder = in.inputs[0].kind == Type::Kind::kSequence ||
                      in.inputs[0].kind == Type::Kind::kOptional;
  if (holder && in.inputs[0].element != nullptr) {
    out->types[0] = *in.inputs[0].element;
  } else if (in.node->op_type == "OptionalGetElement") {
    out->types[0] = in.inputs[0];  // also takes a plain value, opset 18
  }
  return absl::OkStatus();
}

absl::Status InferSequenceLength(const InferInput& /*in*/, InferOutput* out) {
  SetOutput(out, 0, DType::kS64, Shape());
  return absl::OkStatus();
}

absl::Status InferSplitToSequence(const InferInput& in, InferOutput* out) {
  std::optional<Shape> shape = CopyOf(InputShape(in, 0));
  if (shape.has_value()) {
    HONE_ASSIGN_OR_RETURN(const int64_t axis,
                          FrontAxis(*in.node, in.node->IntAttribute("axis", 0),
                                    static_cast<int64_t>(shape->size())));
    const auto at = static_cast<size_t>(axis);
    const bool drops =
        !HasInput(in, 1) && in.node->IntAttribute("keepdims", 1) == 0;
    if (drops) {
      shape->erase(shape->begin() + axis);
    } else {
      (*shape)[at] = HasInput(in, 1) ? Dim::Unknown() : Dim::Of(1);
    }
  }
  out->types[0] =
      Type::SequenceOf(Type::OfTensor(InputDType(in, 0), std::move(shape)));
  return absl::OkStatus();
}

absl::Status InferConcatFromSequence(const InferInput& in, InferOutput* out) {
  const Type& sequence = in.inputs[0];
  if (sequence.kind != Type::Kind::kSequence || sequence.element == nullptr ||
      !sequence.element->is_tensor()) {
    return absl::OkStatus();
  }
  std::optional<Shape> shape = sequence.element->shape;
  const bool adds = in.node->IntAttribute("new_axis", 0) != 0;
  if (shape.has_value()) {
    if (adds) shape->push_back(Dim::Unknown());
    HONE_ASSIGN_OR_RETURN(const int64_t axis,
                          FrontAxis(*in.node, in.node->IntAttribute("axis", 0),
                                    static_cast<int64_t>(shape->size())));
    if (adds) {
      shape->pop_back();
      shape->insert(shape->begin() + axis, Dim::Unknown());
    } else {
      (*shape)[static_cast<size_t>(axis)] = Dim::Unknown();
    }
  }
  SetOutput(out, 0, sequence.element->dtype, std::move(shape));
  return absl::OkStatus();
}

absl::Status InferOptional(const InferInput& in, InferOutput* out) {
  if (!in.inputs.empty()) out->types[0] = Type::OptionalOf(in.inputs[0]);
  return absl::OkStatus();
}

absl::Status InferOptionalHasElement(const InferInput& /*in*/,
                                     InferOutput* out) {
  SetOutput(out, 0, DType::kBool, Shape());
  return absl::OkStatus();
}

}  // namespace hone
