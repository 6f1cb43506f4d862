#include "ir/graph/validate.h"

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/sort.h"

namespace hone {
namespace {

absl::Status Invalid(absl::string_view what, const std::string& name,
                     const std::string& expected, const std::string& found) {
  return MakeError(absl::StatusCode::kInvalidArgument, what,
                   {.node = name, .expected = expected, .found = found});
}

using FunctionId = std::tuple<std::string, std::string, std::string>;

FunctionId IdOf(const Function& f) { return {f.domain, f.name, f.overload}; }
FunctionId IdOf(const Node& n) { return {n.domain, n.op_type, n.overload}; }

// What is the same for a whole graph with its subgraphs, or a whole function.
struct Unit {
  const std::map<FunctionId, const Function*>* functions;
  const std::map<std::string, int64_t>* opsets;
  const Function* function;  // null in the model's graph
};

// The names of one graph, as its nodes are gone through.
struct Scope {
  const Scope* outer = nullptr;
  const std::vector<Node>* nodes = nullptr;
  absl::flat_hash_set<absl::string_view> made;
  absl::flat_hash_set<absl::string_view> made_later;  // by any of the nodes
  bool has_sparse = false;
};

absl::Status Resolve(absl::string_view value, const std::string& reader,
                     const Scope& scope) {
  for (const Scope* s = &scope; s != nullptr; s = s->outer) {
    if (s->made.contains(value)) return absl::OkStatus();
  }
  for (const Scope* s = &scope; s != nullptr; s = s->outer) {
    if (s->has_sparse) return absl::OkStatus();
    if (!s->made_later.contains(value)) continue;
    HONE_RETURN_IF_ERROR(TopologicalOrder(*s->nodes).status());
    return Invalid("nodes out of order", reader,
                   absl::StrCat("\"", value, "\" to be made before it is read"),
                   "a node after this one that makes it");
  }
  return Invalid("a missing input", reader,
                 absl::StrCat("a value \"", value, "\""),
                 "nothing that makes it");
}

absl::Status Make(absl::string_view value, const std::string& maker,
                  Scope* scope) {
  if (scope->made.insert(value).second) return absl::OkStatus();
  return Invalid("a duplicate name", maker, "every value to be made once",
                 absl::StrCat("\"", value, "\" made again"));
}

absl::Status ValidateNodes(const std::vector<Node>& nodes, const Unit& unit,
                           Scope* scope);

absl::Status ValidateGraph(const Graph& graph, const Unit& unit,
                           const Scope* outer) {
  Scope scope;
  scope.outer = outer;
  scope.has_sparse = !graph.sparse_initializers.empty();
  const auto unnamed = [&graph](absl::string_view what) {
    return Invalid(absl::StrCat(what, " without a name"), graph.name, "a name",
                   "none");
  };
  for (const ValueInfo& input : graph.inputs) {
    if (input.name.empty()) return unnamed("a graph input");
    HONE_RETURN_IF_ERROR(Make(input.name, input.name, &scope));
  }
  absl::flat_hash_set<absl::string_view> initializers;
  for (const Initializer& initializer : graph.initializers) {
    if (initializer.name.empty()) return unnamed("an initializer");
    if (!initializers.insert(initializer.name).second) {
      return Invalid("a duplicate name", initializer.name,
                     "one initializer of each name", "a second");
    }
    scope.made.insert(initializer.name);
  }
  HONE_RETURN_IF_ERROR(ValidateNodes(graph.nodes, unit, &scope));
  absl::flat_hash_set<absl::string_view> outputs;
  for (const ValueInfo& output : graph.outputs) {
    if (output.name.empty()) return unnamed("a graph output");
    if (!outputs.insert(output.name).second) {
      return Invalid("a duplicate name", output.name,
                     "one graph output of each name", "a second");
    }
    HONE_RETURN_IF_ERROR(Resolve(
        output.name, absl::StrCat("graph output ", output.name), scope));
  }
  return absl::OkStatus();
}

absl::Status ValidateAttribute(const Attribute& attribute,
                               const std::string& label, const Unit& unit,
                               const Scope& scope) {
  if (!attribute.ref_attr_name.empty()) {
    bool declared = false;
    if (unit.function != nullptr) {
      for (const std::string& name : unit.function->attributes) {
        declared = declared || name == attribute.ref_attr_name;
      }
      for (const Attribute& each : unit.function->attributes_with_default) {
        declared = declared || each.name == attribute.ref_attr_name;
      }
    }
    if (!declared) {
      return Invalid(absl::StrCat("attribute ", attribute.name,
                                  " refers to a function's attribute"),
                     label,
                     absl::StrCat("\"", attribute.ref_attr_name, "\" declared"),
                     unit.function == nullptr ? "no function around the node"
                                              : "no such attribute");
    }
  }
  const auto validate = [&](const std::shared_ptr<const Graph>& graph) {
    return ValidateGraph(*graph, unit, &scope);
  };
  if (const auto* graph =
          std::get_if<std::shared_ptr<const Graph>>(&attribute.data)) {
    return validate(*graph);
  }
  if (const auto* graphs =
          std::get_if<std::vector<std::shared_ptr<const Graph>>>(
              &attribute.data)) {
    for (const auto& each : *graphs) HONE_RETURN_IF_ERROR(validate(each));
  }
  return absl::OkStatus();
}

absl::Status ValidateCall(const Node& node, const std::string& label,
                          const Unit& unit) {
  const auto called = unit.functions->find(IdOf(node));
  if (called == unit.functions->end()) {
    if (!node.domain.empty() || unit.opsets->count("") > 0) {
      return absl::OkStatus();
    }
    return Invalid("no operator set", label,
                   "an import of ONNX's default domain", "none");
  }
  const Function& function = *called->second;
  const auto check = [&](absl::string_view what, size_t given, size_t had) {
    if (given <= had) return absl::OkStatus();
    return Invalid(absl::StrCat("a call of function ", function.name), label,
                   absl::StrCat("at most ", had, " ", what),
                   absl::StrCat(given));
  };
  HONE_RETURN_IF_ERROR(
      check("inputs", node.inputs.size(), function.inputs.size()));
  return check("outputs", node.outputs.size(), function.outputs.size());
}

absl::Status ValidateNodes(const std::vector<Node>& nodes, const Unit& unit,
                           Scope* scope) {
  scope->nodes = &nodes;
  for (const Node& node : nodes) {
    scope->made_later.insert(node.outputs.begin(), node.outputs.end());
  }
  for (const Node& node : nodes) {
    const std::string label = NodeLabel(node);
    HONE_RETURN_IF_ERROR(ValidateCall(node, label, unit));
    for (const std::string& input : node.inputs) {
      if (!input.empty()) HONE_RETURN_IF_ERROR(Resolve(input, label, *scope));
    }
    absl::flat_hash_set<absl::string_view> attributes;
    for (const Attribute& attribute : node.attributes) {
      if (!attributes.insert(attribute.name).second) {
        return Invalid("a duplicate name", label, "attributes of unique names",
                       absl::StrCat("\"", attribute.name, "\" twice"));
      }
      HONE_RETURN_IF_ERROR(ValidateAttribute(attribute, label, unit, *scope));
    }
    for (const std::string& output : node.outputs) {
      if (!output.empty()) HONE_RETURN_IF_ERROR(Make(output, label, scope));
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateFunction(
    const Function& function,
    const std::map<FunctionId, const Function*>& functions) {
  const Unit unit{&functions, &function.opsets, &function};
  Scope scope;
  for (const std::string& input : function.inputs) {
    HONE_RETURN_IF_ERROR(Make(input, input, &scope));
  }
  HONE_RETURN_IF_ERROR(ValidateNodes(function.nodes, unit, &scope));
  for (const std::string& output : function.outputs) {
    HONE_RETURN_IF_ERROR(
        Resolve(output, absl::StrCat("function output ", output), scope));
  }
  return absl::OkStatus();
}

void ForEachNode(const std::vector<Node>& nodes,
                 absl::FunctionRef<void(const Node&)> visit) {
  for (const Node& node : nodes) {
    visit(node);
    for (const Attribute& attribute : node.attributes) {
      if (const auto* graph =
              std::get_if<std::shared_ptr<const Graph>>(&attribute.data)) {
        ForEachNode((*graph)->nodes, visit);
      } else if (const auto* graphs =
                     std::get_if<std::vector<std::shared_ptr<const Graph>>>(
                         &attribute.data)) {
        for (const auto& each : *graphs) ForEachNode(each->nodes, visit);
      }
    }
  }
}

// Functions sorted by who calls whom: a function is a node that makes itself
// and reads what it calls, so a cycle of calls is a cycle of nodes.
absl::Status CheckCalls(
    const Model& model,
    const std::map<FunctionId, const Function*>& functions) {
  const auto name_of = [](const FunctionId& id) {
    return absl::StrCat(std::get<0>(id), ".", std::get<1>(id), ":",
                        std::get<2>(id));
  };
  std::vector<Node> calls;
  for (const Function& function : model.functions) {
    Node& call = calls.emplace_back();
    call.name = function.name;
    call.outputs = {name_of(IdOf(function))};
    ForEachNode(function.nodes, [&](const Node& node) {
      if (functions.count(IdOf(node)) > 0) {
        call.inputs.push_back(name_of(IdOf(node)));
      }
    });
  }
  if (TopologicalOrder(calls).ok()) return absl::OkStatus();
  const ErrorDetail detail = DetailOf(TopologicalOrder(calls).status());
  return Invalid("a function that calls itself", detail.node,
                 "functions that end", "a cycle of calls");
}

}  // namespace

absl::Status Validate(const Model& model) {
  std::map<FunctionId, const Function*> functions;
  for (const Function& function : model.functions) {
    if (!functions.emplace(IdOf(function), &function).second) {
      return Invalid("a duplicate name", function.name,
                     "one function of each domain, name and overload",
                     "a second");
    }
  }
  HONE_RETURN_IF_ERROR(CheckCalls(model, functions));
  for (const Function& function : model.functions) {
    HONE_RETURN_IF_ERROR(ValidateFunction(function, functions));
  }
  const Unit unit{&functions, &model.opsets, nullptr};
  return ValidateGraph(model.graph, unit, nullptr);
}

}  // namespace hone
