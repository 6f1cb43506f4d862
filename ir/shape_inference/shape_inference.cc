#include "ir/shape_inference/shape_inference.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/op_info.h"
#include "ir/ops/partial_tensor.h"
#include "ir/shape_inference/merge.h"

namespace hone {
namespace {

// Deeper subgraphs are left kUnknown, so that a hostile file cannot exhaust the
// stack.
constexpr int kMaxDepth = 32;
// Operators' work grows with the rank; no real array comes near.
constexpr size_t kMaxRank = 256;

// What is known of the values of one graph; those of outer scopes are found
// through `parent`. Contents are held by pointer: they are handed to operators
// while others are added.
struct Scope {
  Scope* parent = nullptr;
  int depth = 0;
  DeclaredTypes declared;
  absl::flat_hash_map<std::string, Type> types;
  absl::flat_hash_map<std::string, std::unique_ptr<const Tensor>> tensors;
  // Null: the tensor is too large or of another type to be looked into.
  absl::flat_hash_map<std::string, std::unique_ptr<const PartialTensor>>
      partials;
};

// The scope that has a value of that name; null when none has. Every value of a
// scope has an entry in `types`, so that an inner value hides an outer one.
Scope* OwnerOf(absl::string_view name, Scope* scope) {
  while (scope != nullptr && !scope->types.contains(name))
    scope = scope->parent;
  return scope;
}

class Inferer {
 public:
  Inferer(const Model& model, const InferOptions& options)
      : model_(model), options_(options) {
    for (const Function& function : model.functions)
      functions_.insert({function.domain, function.name});
  }

  absl::StatusOr<InferredTypes> Run() {
    Scope scope;
    scope.declared = DeclaredTypes(model_.graph, options_.input_types);
    for (const ValueInfo& input : model_.graph.inputs) {
      const auto given = options_.input_types.find(input.name);
      scope.types[input.name] =
          given == options_.input_types.end() ? input.type : given->second;
      if (options_.for_rewriting) {
        NameUnknown(input.name, &scope.types[input.name]);
      }
    }
    for (const auto& [name, tensor] : options_.input_contents)
      AddTensor(name, tensor, &scope);
    HONE_RETURN_IF_ERROR(InferGraph(model_.graph, &scope));
    for (auto& [name, type] : scope.types)
      result_.types.insert_or_assign(name, std::move(type));
    return std::move(result_);
  }

 private:
  static void AddTensor(const std::string& name, const Tensor& tensor,
                        Scope* scope) {
    scope->types[name] = Type::OfTensor(tensor.dtype(), ShapeOf(tensor.dims()));
    scope->tensors[name] = std::make_unique<const Tensor>(tensor);
  }

  // A constant is looked into when it is first asked for.
  static const PartialTensor* Partial(const std::string& name,
                                      const Tensor* tensor, Scope* owner) {
    const auto found = owner->partials.find(name);
    if (found != owner->partials.end()) return found->second.get();
    if (tensor == nullptr || tensor->size() > PartialTensor::kMaxElements) {
      return nullptr;
    }
    std::optional<PartialTensor> partial = PartialTensor::Of(*tensor);
    auto& slot = owner->partials[name];
    if (partial.has_value())
      slot = std::make_unique<const PartialTensor>(*std::move(partial));
    return slot.get();
  }

  absl::Status InferGraph(const Graph& graph, Scope* scope) {
    scope->types.reserve(graph.nodes.size() + graph.initializers.size());
    absl::flat_hash_set<absl::string_view> replaceable;
    if (options_.for_rewriting) {
      for (const ValueInfo& input : graph.inputs)
        replaceable.insert(input.name);
    }
    for (const Initializer& init : graph.initializers) {
      if (!replaceable.contains(init.name))
        AddTensor(init.name, init.tensor, scope);
    }
    for (const Node& node : graph.nodes)
      HONE_RETURN_IF_ERROR(InferNode(node, scope));
    return absl::OkStatus();
  }

  absl::Status InferNode(const Node& node, Scope* scope) {
    InferOutput out;
    out.types.resize(node.outputs.size());
    if (const std::optional<Tensor> constant = ConstantNodeTensor(node)) {
      if (!node.outputs.empty()) AddTensor(node.outputs[0], *constant, scope);
      return absl::OkStatus();
    }
    const int64_t opset = model_.Opset(node.domain);
    const OpInfo* op = functions_.contains({node.domain, node.op_type})
                           ? nullptr
                           : FindOp(node.domain, node.op_type, opset);
    if (op == nullptr || op->infer == nullptr) {
      StoreTypes(node, std::move(out), scope);
      return absl::OkStatus();
    }
    HONE_RETURN_IF_ERROR(CheckArity(*op, node));
    InferInput in;
    in.node = &node;
    in.opset = opset;
    in.inputs.resize(node.inputs.size());
    in.contents.resize(node.inputs.size());
    in.partial.resize(node.inputs.size());
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const std::string& name = node.inputs[i];
      if (name.empty()) continue;
      Scope* const owner = OwnerOf(name, scope);
      if (owner == nullptr) continue;
      in.inputs[i] = owner->types.find(name)->second;
      if (in.inputs[i].shape.has_value() &&
          in.inputs[i].shape->size() > kMaxRank) {
        return MakeError(
            absl::StatusCode::kInvalidArgument,
            absl::StrCat("rank of input ", name),
            {"", NodeLabel(node), absl::StrCat("at most ", kMaxRank),
             absl::StrCat(in.inputs[i].shape->size())});
      }
      const auto tensor = owner->tensors.find(name);
      if (tensor != owner->tensors.end()) in.contents[i] = tensor->second.get();
      in.partial[i] = Partial(name, in.contents[i], owner);
    }
    const std::function<absl::StatusOr<std::vector<Type>>(
        const Graph&, absl::Span<const Type>)>
        infer_subgraph =
            [this, scope](const Graph& graph, absl::Span<const Type> inputs) {
              return InferSubgraph(graph, inputs, scope);
            };
    in.infer_subgraph = &infer_subgraph;
    const absl::Status status = op->infer(in, &out);
    if (status.ok()) {
      if (op->fold != nullptr) Fold(*op, in, out, scope);
    } else if (scope->parent == nullptr) {
      return WithNode(status, NodeLabel(node));
    } else {
      // A branch or body that never runs for these inputs may contradict them.
      out.types.assign(node.outputs.size(), Type());
    }
    StoreTypes(node, std::move(out), scope);
    return absl::OkStatus();
  }

  void Fold(const OpInfo& op, const InferInput& in, const InferOutput& out,
            Scope* scope) {
    for (size_t i = 0; i < out.types.size(); ++i) {
      const std::string& name = in.node->outputs[i];
      std::optional<PartialTensor> partial = op.fold(in, i, out.types[i]);
      if (name.empty() || !partial.has_value() || !partial->AnyKnown()) {
        continue;
      }
      if (std::optional<Tensor> tensor = partial->ToTensor()) {
        if (scope->parent == nullptr) result_.contents[name] = *tensor;
        scope->tensors[name] =
            std::make_unique<const Tensor>(*std::move(tensor));
      }
      if (options_.for_rewriting && scope->parent == nullptr) {
        result_.partials.insert_or_assign(name, *partial);
      }
      scope->partials[name] =
          std::make_unique<const PartialTensor>(*std::move(partial));
    }
  }

  static void NameUnknown(const std::string& value, Type* type) {
    if (!type->is_tensor() || !type->shape.has_value()) return;
    for (size_t axis = 0; axis < type->shape->size(); ++axis) {
      Dim& dim = (*type->shape)[axis];
      if (dim.known() || dim.symbolic()) continue;
      dim.symbol = absl::StrCat(kInventedSymbol, value, "#", axis);
    }
  }

  void StoreTypes(const Node& node, InferOutput out, Scope* scope) const {
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      scope->declared.FillIn(node.outputs[i], &out.types[i]);
      if (options_.for_rewriting && scope->parent == nullptr) {
        NameUnknown(node.outputs[i], &out.types[i]);
      }
      scope->types[node.outputs[i]] = std::move(out.types[i]);
    }
  }

  absl::StatusOr<std::vector<Type>> InferSubgraph(const Graph& graph,
                                                  absl::Span<const Type> inputs,
                                                  Scope* parent) {
    std::vector<Type> outputs(graph.outputs.size());
    if (parent->depth >= kMaxDepth) return outputs;
    Scope scope;
    scope.parent = parent;
    scope.depth = parent->depth + 1;
    scope.declared = parent->declared.Inside(graph);
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      Type type = i < inputs.size() ? inputs[i] : Type();
      scope.declared.FillIn(graph.inputs[i].name, &type);
      scope.types[graph.inputs[i].name] = std::move(type);
    }
    HONE_RETURN_IF_ERROR(InferGraph(graph, &scope));
    for (size_t i = 0; i < outputs.size(); ++i) {
      const std::string& name = graph.outputs[i].name;
      if (const Scope* owner = OwnerOf(name, &scope))
        outputs[i] = owner->types.find(name)->second;
    }
    // Sibling branches may use one name for different things; what differs is
    // then unknown. The outermost graph's values are added last and win.
    for (auto& [name, type] : scope.types) {
      const auto [found, fresh] = result_.types.emplace(name, type);
      if (!fresh && found->second != type) found->second = Type();
    }
    return outputs;
  }

  const Model& model_;
  const InferOptions& options_;
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>>
      functions_;
  InferredTypes result_;
};

}  // namespace

const Type& InferredTypes::TypeOf(absl::string_view value) const {
  static const Type* const kUnknown = new Type();
  const auto found = types.find(value);
  return found == types.end() ? *kUnknown : found->second;
}

absl::StatusOr<InferredTypes> InferShapes(const Model& model,
                                          const InferOptions& options) {
  return Inferer(model, options).Run();
}

}  // namespace hone
