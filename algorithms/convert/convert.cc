#include "algorithms/convert/convert.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "algorithms/convert/convert_tensor.h"
#include "algorithms/convert/low_float_ops.h"
#include "algorithms/quantization/ignored_scope.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"
#include "ir/graph/validate.h"
#include "ir/raise_opset/legacy.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/rewrite/remove_dead.h"
#include "ir/rewrite/unlist_initializers.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/inline_functions.h"

namespace hone {
namespace {

using Shared = std::shared_ptr<const Graph>;

// The names under which a value that was float32 is found; "" while nobody
// needs it that way.
struct Versions {
  std::string full;  // float32
  std::string low;
};

// A graph under construction.
struct Scope {
  Scope* parent = nullptr;
  Graph* graph = nullptr;  // nodes are appended
  absl::flat_hash_map<std::string, Versions> values;
  absl::flat_hash_map<std::string, Tensor> constants;  // float32
  absl::flat_hash_set<std::string> others;  // names that are no float32 tensors
};

class Converter {
 public:
  Converter(const Model& model, const ConvertOptions& options,
            const InferredTypes& types, Report* rows)
      : model_(model),
        options_(options),
        types_(types),
        names_(model.graph),
        suffix_(absl::StrCat("_", DTypeName(options.dtype))),
        float_ops_(options.float_ops.begin(), options.float_ops.end()),
        rows_(*rows) {}

  // `ignored`: one text a node; empty: none is.
  absl::Status Convert(const Graph& from, Scope* parent, bool keep_io,
                       const std::vector<std::string>& ignored, Graph* graph) {
    *graph = from;
    graph->nodes.clear();
    Scope scope;
    scope.parent = parent;
    scope.graph = graph;
    std::set<std::string> replaceable;
    for (const ValueInfo& input : from.inputs) replaceable.insert(input.name);
    for (const Initializer& each : from.initializers) {
      if (each.tensor.dtype() != DType::kF32) {
        scope.others.insert(each.name);
        continue;
      }
      scope.values[each.name] = {each.name, ""};
      if (replaceable.count(each.name) == 0) {
        scope.constants[each.name] = each.tensor;
      }
    }
    for (ValueInfo& input : graph->inputs) {
      const bool real = IsF32(input.type) || IsF32(types_.TypeOf(input.name));
      if (!real) {
        scope.others.insert(input.name);
      } else if (keep_io || scope.values.contains(input.name)) {
        scope.values[input.name] = {input.name, ""};
      } else {
        input.type.dtype = options_.dtype;
        scope.values[input.name] = {"", input.name};
      }
    }
    FindTransposesBeforeMatMul(from);
    for (size_t i = 0; i < from.nodes.size(); ++i) {
      const absl::string_view why =
          i < ignored.size() ? absl::string_view(ignored[i]) : "";
      HONE_RETURN_IF_ERROR(ConvertNode(from.nodes[i], why, &scope));
    }
    FinishOutputs(keep_io, &scope);
    for (ValueInfo& info : graph->value_infos) {
      const auto found = scope.values.find(info.name);
      if (found != scope.values.end() && found->second.low == info.name) {
        info.type.dtype = options_.dtype;
      }
    }
    RemoveDeadNodes(graph);
    return absl::OkStatus();
  }

 private:
  static bool IsF32(const Type& type) {
    return type.is_tensor() && type.dtype == DType::kF32;
  }

  // ONNX Runtime 1.31 crashes while it optimizes such a pair in float16; a
  // Transpose in float32 spares it that.
  void FindTransposesBeforeMatMul(const Graph& graph) {
    absl::flat_hash_set<absl::string_view> transposed;
    for (const Node& node : graph.nodes) {
      if (node.Is("Transpose") &&
          node.IntsAttribute("perm") == std::vector<int64_t>{1, 0, 2}) {
        transposed.insert(node.Output(0));
      } else if (node.Is("MatMul") && transposed.contains(node.Input(0))) {
        before_matmul_.insert(std::string(node.Input(0)));
      }
    }
  }

  // The versions of a value that was float32, in this scope or around; null
  // for other values.
  Versions* Find(const std::string& name, Scope** scope) const {
    for (; *scope != nullptr; *scope = (*scope)->parent) {
      const auto found = (*scope)->values.find(name);
      if (found != (*scope)->values.end()) return &found->second;
      if ((*scope)->others.contains(name)) return nullptr;
    }
    return nullptr;
  }

  void AddCast(const std::string& from, const std::string& to, DType dtype,
               Scope* scope) const {
    Node cast;
    cast.op_type = "Cast";
    cast.name = to;
    cast.inputs = {from};
    cast.outputs = {to};
    cast.SetAttribute(Attribute::Int("to", static_cast<int64_t>(dtype)));
    scope->graph->nodes.push_back(std::move(cast));
  }

  absl::StatusOr<std::string> Low(const std::string& name, Scope* scope) {
    Versions* value = Find(name, &scope);
    if (value == nullptr) return name;
    if (!value->low.empty()) return value->low;
    value->low = names_.Fresh(absl::StrCat(name, suffix_));
    const auto constant = scope->constants.find(name);
    if (constant == scope->constants.end()) {
      AddCast(value->full, value->low, options_.dtype, scope);
      return value->low;
    }
    HONE_ASSIGN_OR_RETURN(const ConvertedTensor converted,
                          ConvertTensor(constant->second, options_.dtype));
    if (converted.too_large + converted.too_small > 0) {
      rows_.push_back(
          {name,
           "Constant",
           "clamped",
           absl::StrCat(converted.too_large, " numbers beyond the range of ",
                        DTypeName(options_.dtype), ", ", converted.too_small,
                        " smaller than its smallest"),
           {}});
    }
    Initializer initializer;
    initializer.name = value->low;
    initializer.tensor = converted.tensor;
    scope->graph->initializers.push_back(std::move(initializer));
    return value->low;
  }

  std::string Full(const std::string& name, Scope* scope) {
    Versions* value = Find(name, &scope);
    if (value == nullptr) return name;
    if (value->full.empty()) {
      value->full = names_.Fresh(absl::StrCat(name, "_float32"));
      AddCast(value->low, value->full, DType::kF32, scope);
    }
    return value->full;
  }

  // Why the node stays as it is; "" when it can be converted.
  std::string Reason(const Node& node, absl::string_view ignored,
                     const Scope& scope) const {
    if (!ignored.empty()) return std::string(ignored);
    if (!node.domain.empty()) return "not an operator of ONNX's own";
    if (float_ops_.count(node.op_type) > 0) {
      return absl::StrCat(node.op_type, " is among the float ops");
    }
    const LowFloatOp* op = FindLowFloatOp(node.op_type);
    const bool half = options_.dtype == DType::kF16;
    const int since = op == nullptr ? 0 : half ? op->float16 : op->bfloat16;
    if (since == 0) {
      return absl::StrCat(node.op_type, " does not take ",
                          DTypeName(options_.dtype));
    }
    if (model_.Opset() < since) {
      return absl::StrCat(node.op_type, " takes ", DTypeName(options_.dtype),
                          " from opset ", since, " on, the model has ",
                          model_.Opset());
    }
    for (const std::string& output : node.outputs) {
      if (!output.empty() &&
          types_.TypeOf(output).kind != Type::Kind::kTensor) {
        return absl::StrCat("the type of ", output, " is not known");
      }
    }
    // The statistics among its outputs are float32 always.
    if (node.Is("LayerNormalization") && node.outputs.size() > 1) {
      return "it gives its statistics too";
    }
    if (half && before_matmul_.contains(node.Output(0))) {
      return "ONNX Runtime 1.31 cannot load it in float16 before a MatMul";
    }
    for (const auto* names : {&node.inputs, &node.outputs}) {
      for (const std::string& name : *names) {
        if (!options_.large_values.contains(name)) continue;
        return absl::StrCat("values beyond the range of ",
                            DTypeName(options_.dtype), " were seen of ", name);
      }
    }
    if (!options_.float_on_overflow) return "";
    for (const std::string& input : node.inputs) {
      const auto constant = scope.constants.find(input);
      if (constant != scope.constants.end() &&
          Overflows(constant->second, options_.dtype)) {
        return absl::StrCat(input, " has numbers beyond the range of ",
                            DTypeName(options_.dtype));
      }
    }
    return "";
  }

  bool TouchesFloats(const Node& node, Scope* scope) const {
    for (const std::string& input : node.inputs) {
      Scope* at = scope;
      if (!input.empty() && Find(input, &at) != nullptr) return true;
    }
    for (const std::string& output : node.outputs) {
      if (!output.empty() && IsF32(types_.TypeOf(output))) return true;
    }
    return false;
  }

  // A Constant node becomes an initializer.
  bool TakeConstant(const Node& node, Scope* scope) const {
    const std::optional<Tensor> tensor = ConstantNodeTensor(node);
    if (!tensor.has_value() || tensor->dtype() != DType::kF32 ||
        node.outputs.size() != 1) {
      return false;
    }
    const std::string& name = node.outputs[0];
    scope->values[name] = {name, ""};
    scope->constants[name] = *tensor;
    Initializer initializer;
    initializer.name = name;
    initializer.tensor = *tensor;
    scope->graph->initializers.push_back(std::move(initializer));
    return true;
  }

  absl::Status ConvertNode(const Node& node, absl::string_view ignored,
                           Scope* scope) {
    if (TakeConstant(node, scope)) return absl::OkStatus();
    const bool floats = TouchesFloats(node, scope);
    bool control = false;
    Node made = node;
    for (Attribute& attribute : made.attributes) {
      auto* graph = std::get_if<Shared>(&attribute.data);
      if (graph == nullptr || *graph == nullptr) continue;
      control = true;
      Graph inner;
      HONE_RETURN_IF_ERROR(
          Convert(**graph, scope, /*keep_io=*/true, {}, &inner));
      *graph = std::make_shared<const Graph>(std::move(inner));
    }
    const std::string why =
        control ? "its border stays float32" : Reason(node, ignored, *scope);
    const bool low = floats && why.empty();
    if (floats) {
      rows_.push_back({NodeLabel(node),
                       node.op_type,
                       low ? std::string(DTypeName(options_.dtype)) : "float",
                       low ? "" : why,
                       {}});
    }
    const LowFloatOp* op = FindLowFloatOp(node.op_type);
    for (size_t i = 0; i < made.inputs.size(); ++i) {
      if (made.inputs[i].empty()) continue;
      if (low && (op->float_inputs >> std::min<size_t>(i, 31) & 1) == 0) {
        HONE_ASSIGN_OR_RETURN(made.inputs[i], Low(made.inputs[i], scope));
      } else {
        made.inputs[i] = Full(made.inputs[i], scope);
      }
    }
    if (low) HONE_RETURN_IF_ERROR(SetTypeAttributes(&made));
    for (const std::string& output : node.outputs) {
      if (output.empty()) continue;
      if (!IsF32(types_.TypeOf(output))) {
        scope->others.insert(output);
      } else if (low) {
        scope->values[output] = {"", output};
      } else {
        scope->values[output] = {output, ""};
      }
    }
    scope->graph->nodes.push_back(std::move(made));
    return absl::OkStatus();
  }

  // Attributes that say the output's type.
  absl::Status SetTypeAttributes(Node* node) const {
    constexpr int64_t kFloat = static_cast<int64_t>(DType::kF32);
    for (Attribute& attribute : node->attributes) {
      if (auto* number = std::get_if<int64_t>(&attribute.data)) {
        const bool type = (attribute.name == "to" && node->Is("Cast")) ||
                          attribute.name == "dtype" ||
                          attribute.name == "output_datatype";
        if (type && *number == kFloat) {
          *number = static_cast<int64_t>(options_.dtype);
        }
      } else if (auto* tensor = std::get_if<Tensor>(&attribute.data)) {
        if (tensor->dtype() != DType::kF32) continue;
        HONE_ASSIGN_OR_RETURN(const ConvertedTensor converted,
                              ConvertTensor(*tensor, options_.dtype));
        *tensor = converted.tensor;
      }
    }
    // Without a value it fills with float32 zeros.
    if (node->Is("ConstantOfShape") &&
        node->FindAttribute("value") == nullptr) {
      absl::Span<std::byte> bytes;
      HONE_ASSIGN_OR_RETURN(Tensor zero,
                            Tensor::Allocate(options_.dtype, {1}, &bytes));
      node->SetAttribute(Attribute::OfTensor("value", std::move(zero)));
    }
    return absl::OkStatus();
  }

  void FinishOutputs(bool keep_io, Scope* scope) {
    for (ValueInfo& output : scope->graph->outputs) {
      Scope* at = scope;
      Versions* value = Find(output.name, &at);
      if (value == nullptr) continue;
      if (!keep_io) {
        // A float32 result stays one.
        if (value->low == output.name) output.type.dtype = options_.dtype;
        continue;
      }
      if (value->full == output.name) continue;
      if (at != scope) {  // an outer value, handed through
        output.name = Full(output.name, scope);
        continue;
      }
      // The low version gets another name, and the output's name is float32.
      const std::string low = names_.Fresh(absl::StrCat(output.name, suffix_));
      Rename(output.name, low, scope->graph);
      if (value->full.empty()) {
        AddCast(low, output.name, DType::kF32, scope);
      } else {
        const std::string cast = value->full;
        Rename(cast, output.name, scope->graph);
      }
      *value = {output.name, low};
    }
  }

  static void Rename(const std::string& from, const std::string& to,
                     Graph* graph) {
    for (Node& node : graph->nodes) Rename(from, to, &node);
  }

  static void Rename(const std::string& from, const std::string& to,
                     Node* node) {
    std::replace(node->inputs.begin(), node->inputs.end(), from, to);
    std::replace(node->outputs.begin(), node->outputs.end(), from, to);
    for (Attribute& attribute : node->attributes) {
      auto* graph = std::get_if<Shared>(&attribute.data);
      if (graph == nullptr || *graph == nullptr) continue;
      Graph inner = **graph;
      Rename(from, to, &inner);
      for (ValueInfo& output : inner.outputs) {
        if (output.name == from) output.name = to;
      }
      *graph = std::make_shared<const Graph>(std::move(inner));
    }
  }

  const Model& model_;
  const ConvertOptions& options_;
  const InferredTypes& types_;
  NameAllocator names_;
  const std::string suffix_;
  const std::set<std::string> float_ops_;
  absl::flat_hash_set<std::string> before_matmul_;
  Report& rows_;
};

}  // namespace

std::vector<std::string> DefaultFloatOps() {
  return {"CumSum", "DFT",    "MelWeightMatrix", "NonMaxSuppression",
          "Range",  "Resize", "RoiAlign",        "STFT",
          "TopK"};
}

absl::StatusOr<ConvertResult> ConvertFloats(const Model& model,
                                            const ConvertOptions& options) {
  if (options.dtype != DType::kF16 && options.dtype != DType::kBF16) {
    return MakeError(absl::StatusCode::kInvalidArgument, "target type",
                     {.expected = "float16 or bfloat16",
                      .found = std::string(DTypeName(options.dtype))});
  }
  Model work = model;
  HONE_RETURN_IF_ERROR(RaiseToOpset7(&work));
  HONE_RETURN_IF_ERROR(SortTopologically(&work));
  HONE_RETURN_IF_ERROR(Validate(work));
  UnlistInitializers(&work);
  HONE_RETURN_IF_ERROR(InlineFunctions(work));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> ignored,
                        MatchIgnoredScope(work.graph, options.ignored_scope));
  HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(work, {}));
  ConvertResult result;
  Converter converter(work, options, types, &result.rows);
  Graph graph;
  HONE_RETURN_IF_ERROR(converter.Convert(
      work.graph, nullptr, options.keep_io_types, ignored, &graph));
  result.model = std::move(work);
  result.model.graph = std::move(graph);
  return result;
}

}  // namespace hone
