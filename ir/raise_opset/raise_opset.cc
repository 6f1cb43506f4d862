#include "ir/raise_opset/raise_opset.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

// One graph scope being rewritten: what a step may add around its node.
class Scope {
 public:
  explicit Scope(Graph* graph) : graph_(graph) {
    for (const ValueInfo& input : graph->inputs) names_.insert(input.name);
    for (const Initializer& init : graph->initializers) {
      names_.insert(init.name);
    }
    for (const Node& node : graph->nodes) {
      ForEachRead(node, [this](absl::string_view v) { names_.emplace(v); });
      names_.insert(node.outputs.begin(), node.outputs.end());
    }
    for (const auto* infos :
         {&graph->inputs, &graph->outputs, &graph->value_infos}) {
      for (const ValueInfo& info : *infos) {
        if (info.type.is_tensor()) types_[info.name] = info.type;
      }
    }
    for (const Initializer& init : graph->initializers) {
      types_[init.name] =
          Type::OfTensor(init.tensor.dtype(), ShapeOf(init.tensor.dims()));
    }
  }

  std::string Fresh(absl::string_view stem) {
    std::string name(stem);
    for (int i = 1; !names_.insert(name).second; ++i) {
      name = absl::StrCat(stem, "_", i);
    }
    return name;
  }

  // The name of a new initializer for a parameter of `node`.
  std::string Constant(const Node& node, absl::string_view parameter,
                       Tensor tensor) {
    Initializer init;
    init.name = Fresh(absl::StrCat(node.Output(0), "_", parameter));
    init.tensor = std::move(tensor);
    graph_->initializers.push_back(std::move(init));
    return graph_->initializers.back().name;
  }

  std::string Ints(const Node& node, absl::string_view parameter,
                   const std::vector<int64_t>& values) {
    return Constant(node, parameter,
                    Tensor::FromVector<int64_t>(
                        {static_cast<int64_t>(values.size())}, values));
  }

  // Null when nothing is declared.
  const Type* TypeOf(absl::string_view value) const {
    const auto found = types_.find(value);
    return found == types_.end() ? nullptr : &found->second;
  }

  std::vector<Node> before;  // nodes that a step puts before its own
  std::vector<Node> after;

 private:
  Graph* graph_;
  absl::flat_hash_set<std::string> names_;
  absl::flat_hash_map<std::string, Type> types_;
};

absl::Status Refuse(const Node& node, absl::string_view what) {
  return MakeError(absl::StatusCode::kUnimplemented,
                   absl::StrCat(node.op_type, " cannot be raised: ", what),
                   {.node = NodeLabel(node)});
}

void SetInput(Node& node, size_t index, std::string value) {
  if (node.inputs.size() <= index) node.inputs.resize(index + 1);
  node.inputs[index] = std::move(value);
}

// Moves an integer-list attribute to input `index`; absent stays absent.
absl::Status IntsToInput(Scope& scope, Node& node, absl::string_view name,
                         size_t index) {
  if (node.FindAttribute(name) == nullptr) return absl::OkStatus();
  SetInput(node, index, scope.Ints(node, name, node.IntsAttribute(name)));
  node.RemoveAttribute(name);
  return absl::OkStatus();
}

// A float parameter must become a tensor of the data's own type.
absl::Status FloatToInput(Scope& scope, Node& node, absl::string_view name,
                          float value, size_t index) {
  const Type* type = scope.TypeOf(node.Input(0));
  const DType dtype = type == nullptr ? DType::kF32 : type->dtype;
  if (dtype == DType::kF64) {
    SetInput(
        node, index,
        scope.Constant(node, name, Tensor::Scalar(static_cast<double>(value))));
  } else if (dtype == DType::kF32) {
    SetInput(node, index, scope.Constant(node, name, Tensor::Scalar(value)));
  } else {
    return Refuse(node, absl::StrCat("its ", name, " on ", DTypeName(dtype)));
  }
  node.RemoveAttribute(name);
  return absl::OkStatus();
}

absl::Status Axes(Scope& scope, Node& node) {
  return IntsToInput(scope, node, "axes", 1);
}

absl::Status BatchNormalization9(Scope& /*scope*/, Node& node) {
  if (node.IntAttribute("spatial", 1) != 1) {
    return Refuse(node, "spatial = 0 is gone from opset 9");
  }
  node.RemoveAttribute("spatial");
  return absl::OkStatus();
}

absl::Status BatchNormalization14(Scope& /*scope*/, Node& node) {
  if (node.outputs.size() > 1) {
    return Refuse(node, "its training outputs mean another thing from 14");
  }
  return absl::OkStatus();
}

absl::Status Clip11(Scope& scope, Node& node) {
  for (const auto& [name, index] : {std::pair<const char*, size_t>{"min", 1},
                                    std::pair<const char*, size_t>{"max", 2}}) {
    if (node.FindAttribute(name) == nullptr) continue;
    HONE_RETURN_IF_ERROR(
        FloatToInput(scope, node, name, node.FloatAttribute(name, 0), index));
  }
  return absl::OkStatus();
}

absl::Status Dft20(Scope& scope, Node& node) {
  SetInput(node, 2,
           scope.Constant(node, "axis",
                          Tensor::Scalar(node.IntAttribute("axis", 1))));
  node.RemoveAttribute("axis");
  return absl::OkStatus();
}

absl::Status Dropout12(Scope& scope, Node& node) {
  if (node.FindAttribute("ratio") == nullptr) return absl::OkStatus();
  return FloatToInput(scope, node, "ratio", node.FloatAttribute("ratio", 0.5f),
                      1);
}

absl::Status GroupNormalization21(Scope& /*scope*/, Node& node) {
  return Refuse(node, "scale and bias are per channel from opset 21");
}

absl::Status Pad11(Scope& scope, Node& node) {
  const float value = node.FloatAttribute("value", 0);
  HONE_RETURN_IF_ERROR(IntsToInput(scope, node, "pads", 1));
  if (node.FindAttribute("value") == nullptr) return absl::OkStatus();
  return FloatToInput(scope, node, "value", value, 2);
}

// Resize of opset 10, and Upsample: the source index is floor(i / scale).
absl::Status Resize11(Scope& /*scope*/, Node& node) {
  node.inputs = {std::string(node.Input(0)), "", std::string(node.Input(1))};
  node.SetAttribute(
      Attribute::String("coordinate_transformation_mode", "asymmetric"));
  node.SetAttribute(Attribute::String("nearest_mode", "floor"));
  return absl::OkStatus();
}

absl::Status Scan9(Scope& /*scope*/, Node& node) {
  return Refuse(node, "its batch axis is gone from opset 9");
}

absl::Status Scatter11(Scope& /*scope*/, Node& node) {
  node.op_type = "ScatterElements";
  return absl::OkStatus();
}

absl::Status Slice10(Scope& scope, Node& node) {
  HONE_RETURN_IF_ERROR(IntsToInput(scope, node, "starts", 1));
  HONE_RETURN_IF_ERROR(IntsToInput(scope, node, "ends", 2));
  return IntsToInput(scope, node, "axes", 3);
}

// Before 13 the operator worked on the matrix [axes before axis, axes from
// axis].
absl::Status Softmax13(Scope& scope, Node& node) {
  const int64_t axis = node.IntAttribute("axis", 1);
  const Type* type = scope.TypeOf(node.Input(0));
  const bool last =
      axis == -1 || (type != nullptr && type->shape.has_value() &&
                     axis + 1 == static_cast<int64_t>(type->shape->size()));
  node.SetAttribute(Attribute::Int("axis", -1));
  if (last) return absl::OkStatus();
  const std::string x(node.Input(0)), y(node.Output(0));
  Node shape;
  shape.op_type = "Shape";
  shape.inputs = {x};
  shape.outputs = {scope.Fresh(absl::StrCat(y, "_shape"))};
  Node flatten;
  flatten.op_type = "Flatten";
  flatten.inputs = {x};
  flatten.outputs = {scope.Fresh(absl::StrCat(y, "_rows"))};
  flatten.attributes = {Attribute::Int("axis", axis)};
  Node reshape;
  reshape.op_type = "Reshape";
  node.outputs[0] = scope.Fresh(absl::StrCat(y, "_flat"));
  reshape.inputs = {node.outputs[0], shape.outputs[0]};
  reshape.outputs = {y};
  node.inputs[0] = flatten.outputs[0];
  scope.before = {std::move(shape), std::move(flatten)};
  scope.after = {std::move(reshape)};
  return absl::OkStatus();
}

absl::Status Split13(Scope& scope, Node& node) {
  return IntsToInput(scope, node, "split", 1);
}

absl::Status Split18(Scope& /*scope*/, Node& node) {
  if (node.Input(1).empty()) {
    node.SetAttribute(Attribute::Int(
        "num_outputs", static_cast<int64_t>(node.outputs.size())));
  }
  return absl::OkStatus();
}

absl::Status TopK10(Scope& scope, Node& node) {
  SetInput(node, 1, scope.Ints(node, "k", {node.IntAttribute("k", 1)}));
  node.RemoveAttribute("k");
  return absl::OkStatus();
}

absl::Status Upsample9(Scope& scope, Node& node) {
  const std::vector<float> scales = node.FloatsAttribute("scales");
  SetInput(node, 1,
           scope.Constant(node, "scales",
                          Tensor::FromVector<float>(
                              {static_cast<int64_t>(scales.size())}, scales)));
  node.RemoveAttribute("scales");
  return absl::OkStatus();
}

absl::Status Upsample10(Scope& /*scope*/, Node& node) {
  node.op_type = "Resize";
  return absl::OkStatus();
}

// What changes for an operator when a model reaches opset `version`; ascending
// per operator.
struct Step {
  absl::string_view op_type;
  int64_t version;
  absl::Status (*apply)(Scope& scope, Node& node);
};

constexpr Step kSteps[] = {
    {"BatchNormalization", 9, BatchNormalization9},
    {"BatchNormalization", 14, BatchNormalization14},
    {"Clip", 11, Clip11},
    {"DFT", 20, Dft20},
    {"Dropout", 12, Dropout12},
    {"GroupNormalization", 21, GroupNormalization21},
    {"Hardmax", 13, Softmax13},
    {"LogSoftmax", 13, Softmax13},
    {"Pad", 11, Pad11},
    {"ReduceL1", 18, Axes},
    {"ReduceL2", 18, Axes},
    {"ReduceLogSum", 18, Axes},
    {"ReduceLogSumExp", 18, Axes},
    {"ReduceMax", 18, Axes},
    {"ReduceMean", 18, Axes},
    {"ReduceMin", 18, Axes},
    {"ReduceProd", 18, Axes},
    {"ReduceSum", 13, Axes},
    {"ReduceSumSquare", 18, Axes},
    {"Scan", 9, Scan9},
    {"Scatter", 11, Scatter11},
    {"Slice", 10, Slice10},
    {"Softmax", 13, Softmax13},
    {"Split", 13, Split13},
    {"Split", 18, Split18},
    {"Squeeze", 13, Axes},
    {"TopK", 10, TopK10},
    {"Unsqueeze", 13, Axes},
    {"Upsample", 9, Upsample9},
    {"Upsample", 10, Upsample10},
    // After Upsample's, which hands over a Resize of opset 10.
    {"Resize", 11, Resize11},
};

absl::Status RaiseGraph(int64_t from, int64_t target, Graph* graph);

absl::Status RaiseSubgraphs(int64_t from, int64_t target, Node* node) {
  const auto raise = [&](std::shared_ptr<const Graph>* graph) {
    Graph copy = **graph;
    HONE_RETURN_IF_ERROR(RaiseGraph(from, target, &copy));
    *graph = std::make_shared<const Graph>(std::move(copy));
    return absl::OkStatus();
  };
  for (Attribute& attribute : node->attributes) {
    if (auto* one =
            std::get_if<std::shared_ptr<const Graph>>(&attribute.data)) {
      HONE_RETURN_IF_ERROR(raise(one));
    } else if (auto* several =
                   std::get_if<std::vector<std::shared_ptr<const Graph>>>(
                       &attribute.data)) {
      for (auto& each : *several) HONE_RETURN_IF_ERROR(raise(&each));
    }
  }
  return absl::OkStatus();
}

absl::Status RaiseGraph(int64_t from, int64_t target, Graph* graph) {
  Scope scope(graph);
  std::vector<Node> raised;
  raised.reserve(graph->nodes.size());
  for (Node& node : graph->nodes) {
    HONE_RETURN_IF_ERROR(RaiseSubgraphs(from, target, &node));
    scope.before.clear();
    scope.after.clear();
    for (const Step& step : kSteps) {
      if (node.Is(step.op_type) && step.version > from &&
          step.version <= target) {
        HONE_RETURN_IF_ERROR(step.apply(scope, node));
      }
    }
    for (Node& each : scope.before) raised.push_back(std::move(each));
    raised.push_back(std::move(node));
    for (Node& each : scope.after) raised.push_back(std::move(each));
  }
  graph->nodes = std::move(raised);
  return absl::OkStatus();
}

// The IR version that an opset was released with (ONNX's Versioning.md).
int64_t IrVersionOf(int64_t opset) {
  if (opset >= 21) return 10;
  if (opset >= 19) return 9;
  if (opset >= 15) return 8;
  return 7;
}

}  // namespace

absl::StatusOr<Model> RaiseOpset(const Model& model, int64_t target) {
  if (target > kNewestRaisedOpset) {
    return MakeError(absl::StatusCode::kInvalidArgument, "opset to raise to",
                     {.expected = absl::StrCat("at most ", kNewestRaisedOpset),
                      .found = absl::StrCat(target)});
  }
  const int64_t from = model.Opset();
  if (from >= target) return model;
  if (from < 7) {
    return MakeError(absl::StatusCode::kUnimplemented,
                     "a model of this opset cannot be raised",
                     {.expected = "opset 7 or newer",
                      .found = absl::StrCat("opset ", from)});
  }
  Model raised = model;
  HONE_RETURN_IF_ERROR(RaiseGraph(from, target, &raised.graph));
  raised.opsets[""] = target;
  raised.ir_version = std::max(raised.ir_version, IrVersionOf(target));
  return raised;
}

}  // namespace hone
