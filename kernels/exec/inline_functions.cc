#include "kernels/exec/inline_functions.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/rewrite/name_allocator.h"

namespace hone {
namespace {

constexpr int kMostDepth = 32;
// Functions that double at each level would otherwise fill memory.
constexpr size_t kMostNodes = 1000000;

using Names = absl::flat_hash_map<std::string, std::string>;

class Inliner {
 public:
  explicit Inliner(Model& model) : model_(model), fresh_(model.graph) {
    for (const Function& function : model.functions) {
      functions_[Key(function.domain, function.name, function.overload)] =
          &function;
    }
  }

  absl::Status Run(Graph& graph, int depth) {
    std::vector<Node> nodes;
    for (Node& node : graph.nodes) {
      HONE_RETURN_IF_ERROR(RunNode(std::move(node), depth, nodes));
    }
    graph.nodes = std::move(nodes);
    return absl::OkStatus();
  }

 private:
  static std::string Key(const std::string& domain, const std::string& name,
                         const std::string& overload) {
    return absl::StrCat(domain == "ai.onnx" ? "" : domain, "\n", name, "\n",
                        overload);
  }

  absl::Status RunNode(Node node, int depth, std::vector<Node>& out) {
    const auto found =
        functions_.find(Key(node.domain, node.op_type, node.overload));
    if (found != functions_.end()) {
      return Call(node, *found->second, depth, out);
    }
    for (Attribute& attribute : node.attributes) {
      auto* body = std::get_if<std::shared_ptr<const Graph>>(&attribute.data);
      if (body == nullptr || *body == nullptr) continue;
      Graph copy = **body;
      HONE_RETURN_IF_ERROR(Run(copy, depth));
      *body = std::make_shared<const Graph>(std::move(copy));
    }
    out.push_back(std::move(node));
    if (++made_ > kMostNodes) {
      return absl::InvalidArgumentError(
          "the functions' nodes are more than a million");
    }
    return absl::OkStatus();
  }

  absl::Status Call(const Node& call, const Function& function, int depth,
                    std::vector<Node>& out) {
    if (depth >= kMostDepth) {
      ErrorDetail detail;
      detail.node = NodeLabel(call);
      return MakeError(absl::StatusCode::kInvalidArgument,
                       absl::StrCat("the function ", function.name,
                                    " calls itself, or calls are nested more "
                                    "than 32 deep"),
                       detail);
    }
    HONE_RETURN_IF_ERROR(CheckOpsets(call, function));
    Names names;
    for (size_t i = 0; i < function.inputs.size(); ++i) {
      names[function.inputs[i]] = std::string(call.Input(i));
    }
    for (size_t i = 0; i < function.outputs.size(); ++i) {
      // An input that is handed through keeps the caller's name for the input.
      if (names.contains(function.outputs[i]) || call.Output(i).empty()) {
        continue;
      }
      names[function.outputs[i]] = std::string(call.Output(i));
    }
    for (const Node& node : function.nodes) {
      for (const std::string& output : node.outputs) {
        if (!output.empty() && !names.contains(output)) {
          names[output] = fresh_.Fresh(output);
        }
      }
    }
    for (const Node& node : function.nodes) {
      Node copy = node;
      if (!copy.name.empty() && !call.name.empty()) {
        copy.name = absl::StrCat(call.name, "/", copy.name);
      }
      Rename(copy, names, call, function);
      HONE_RETURN_IF_ERROR(RunNode(std::move(copy), depth + 1, out));
    }
    for (size_t i = 0; i < function.outputs.size(); ++i) {
      const std::string& output = function.outputs[i];
      if (call.Output(i).empty() || names[output] == call.Output(i)) continue;
      Node same;
      same.op_type = "Identity";
      same.inputs = {names[output]};
      same.outputs = {std::string(call.Output(i))};
      out.push_back(std::move(same));
    }
    return absl::OkStatus();
  }

  absl::Status CheckOpsets(const Node& call, const Function& function) {
    for (const auto& [domain, version] : function.opsets) {
      const auto [own, added] = model_.opsets.emplace(domain, version);
      if (added || own->second == version) continue;
      ErrorDetail detail;
      detail.node = NodeLabel(call);
      detail.expected = absl::StrCat(own->second);
      detail.found = absl::StrCat(version);
      return MakeError(
          absl::StatusCode::kUnimplemented,
          absl::StrCat("the function ", function.name,
                       " is written for another opset of domain '", domain,
                       "' than the model; export both with one opset"),
          detail);
    }
    return absl::OkStatus();
  }

  static void RenameAll(std::vector<std::string>& values, const Names& names) {
    for (std::string& value : values) {
      const auto found = names.find(value);
      if (found != names.end()) value = found->second;
    }
  }

  // Renames what the node reads and writes, and puts the call's attributes in
  // the places that refer to them.
  void Rename(Node& node, const Names& names, const Node& call,
              const Function& function) {
    RenameAll(node.inputs, names);
    RenameAll(node.outputs, names);
    std::vector<Attribute> attributes;
    for (Attribute& attribute : node.attributes) {
      if (!attribute.ref_attr_name.empty()) {
        const Attribute* value = call.FindAttribute(attribute.ref_attr_name);
        for (const Attribute& other : function.attributes_with_default) {
          if (value == nullptr && other.name == attribute.ref_attr_name) {
            value = &other;
          }
        }
        if (value == nullptr) continue;  // left out by the caller
        Attribute copy = *value;
        copy.name = attribute.name;
        attributes.push_back(std::move(copy));
        continue;
      }
      auto* body = std::get_if<std::shared_ptr<const Graph>>(&attribute.data);
      if (body != nullptr && *body != nullptr) {
        Graph copy = **body;
        for (Node& inner : copy.nodes) Rename(inner, names, call, function);
        for (ValueInfo& output : copy.outputs) {
          const auto found = names.find(output.name);
          if (found != names.end()) output.name = found->second;
        }
        *body = std::make_shared<const Graph>(std::move(copy));
      }
      attributes.push_back(std::move(attribute));
    }
    node.attributes = std::move(attributes);
  }

  Model& model_;
  absl::flat_hash_map<std::string, const Function*> functions_;
  NameAllocator fresh_;
  size_t made_ = 0;
};

}  // namespace

absl::Status InlineFunctions(Model& model) {
  if (model.functions.empty()) return absl::OkStatus();
  HONE_RETURN_IF_ERROR(Inliner(model).Run(model.graph, 0));
  model.functions.clear();
  return absl::OkStatus();
}

}  // namespace hone
