#include "ir/autodiff/autodiff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/type/type.h"

namespace hone {
namespace {

bool HasSubgraph(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(),
                     [](const Attribute& attribute) {
                       return attribute.kind == Attribute::Kind::kGraph;
                     });
}

class Differentiation {
 public:
  Differentiation(Model* model, const InferredTypes& types)
      : graph_(model->graph),
        types_(types),
        opset_(model->Opset()),
        names_(model->graph) {}

  absl::StatusOr<std::vector<std::string>> Of(
      absl::string_view y, absl::Span<const std::string> xs,
      absl::Span<const std::string> zs) {
    independent_.insert(xs.begin(), xs.end());
    independent_.insert(zs.begin(), zs.end());
    varying_.insert(xs.begin(), xs.end());
    for (const Node& node : graph_.nodes) Vary(node);
    // The nodes that gradients flow through are those that there are now.
    const size_t nodes = graph_.nodes.size();
    if (varying_.contains(y)) Contribute(y, Ones(y));
    for (size_t i = nodes; i-- > 0;) {
      HONE_RETURN_IF_ERROR(Backward(graph_.nodes[i]));
    }
    std::vector<std::string> gradients;
    for (const std::string& x : xs) {
      std::string gradient = Collected(x);
      gradients.push_back(gradient.empty() ? Filled(x, 0) : gradient);
    }
    for (Node& node : made_) graph_.nodes.push_back(std::move(node));
    return gradients;
  }

 private:
  bool MayVary(const std::string& value) const {
    const Type& type = types_.TypeOf(value);
    return !type.is_tensor() || type.dtype == DType::kUndefined ||
           IsFloating(type.dtype);
  }

  // Marks what depends on the xs.
  void Vary(const Node& node) {
    bool varies = false;
    ForEachRead(node, [&](absl::string_view read) {
      varies = varies || varying_.contains(read);
    });
    if (!varies) return;
    const GradientRule* rule = FindGradientRule(node.domain, node.op_type);
    if (rule != nullptr && rule->give == nullptr) return;
    for (const std::string& output : node.outputs) {
      if (!output.empty() && !independent_.contains(output) &&
          MayVary(output)) {
        varying_.insert(output);
      }
    }
  }

  absl::Status Backward(const Node& node) {
    std::vector<std::string> gradients;
    bool any = false;
    for (const std::string& output : node.outputs) {
      // What makes an independent value is none of our business.
      const bool own = !output.empty() && !independent_.contains(output);
      gradients.push_back(own ? Collected(output) : "");
      any = any || !gradients.back().empty();
    }
    if (!any) return absl::OkStatus();
    std::vector<bool> wanted;
    bool wants = false;
    for (const std::string& input : node.inputs) {
      wanted.push_back(varying_.contains(input));
      wants = wants || wanted.back();
    }
    const GradientRule* rule = FindGradientRule(node.domain, node.op_type);
    GradientMaker make(node, opset_, types_, names_, made_,
                       std::move(gradients), wanted);
    if (rule == nullptr) {
      return make.Unimplemented(HasSubgraph(node)
                                    ? "no gradient flows through a subgraph: "
                                      "differentiate what is around it"
                                    : "no rule for its gradient");
    }
    if (rule->give == nullptr || !wants) return absl::OkStatus();
    HONE_RETURN_IF_ERROR(WithNode(rule->give(make), NodeLabel(node)));
    for (size_t i = 0; i < make.given().size(); ++i) {
      if (!make.given()[i].empty()) Contribute(node.inputs[i], make.given()[i]);
    }
    return absl::OkStatus();
  }

  void Contribute(absl::string_view value, std::string gradient) {
    contributions_[value].push_back(std::move(gradient));
  }

  // The sum of what has been contributed; "" when nothing has.
  std::string Collected(const std::string& value) {
    const auto found = contributions_.find(value);
    if (found == contributions_.end()) return "";
    std::vector<std::string>& parts = found->second;
    if (parts.size() > 1) {
      Node sum;
      sum.op_type = "Sum";
      sum.inputs = std::move(parts);
      sum.outputs = {names_.Fresh(absl::StrCat("gradient/", value))};
      sum.name = sum.outputs[0];
      parts = sum.outputs;
      made_.push_back(std::move(sum));
    }
    return parts[0];
  }

  std::string Ones(absl::string_view y) { return Filled(std::string(y), 1); }

  // `number` at the extents and of the type of `value`.
  std::string Filled(const std::string& value, double number) {
    Node like;
    like.op_type = "Gradient";
    like.name = absl::StrCat("gradient/", value);
    like.inputs = like.outputs = {value};
    GradientMaker make(like, opset_, types_, names_, made_, {""}, {false});
    return make.Filled(number, value);
  }

  Graph& graph_;
  const InferredTypes& types_;
  const int64_t opset_;
  NameAllocator names_;
  absl::flat_hash_set<std::string> independent_;
  absl::flat_hash_set<std::string> varying_;
  absl::flat_hash_map<std::string, std::vector<std::string>> contributions_;
  std::vector<Node> made_;
};

absl::Status CheckValue(const Graph& graph, absl::string_view value) {
  const auto is = [&](const auto& named) { return named.name == value; };
  const auto makes = [&](const Node& node) {
    return std::find(node.outputs.begin(), node.outputs.end(), value) !=
           node.outputs.end();
  };
  if (!value.empty() &&
      (std::any_of(graph.inputs.begin(), graph.inputs.end(), is) ||
       std::any_of(graph.initializers.begin(), graph.initializers.end(), is) ||
       std::any_of(graph.nodes.begin(), graph.nodes.end(), makes))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("gradient: the graph has no value \"", value, "\""));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AppendGradients(
    Model* model, absl::string_view y, absl::Span<const std::string> xs,
    absl::Span<const std::string> zs) {
  if (model->Opset() < kGradientOpset) {
    return absl::InvalidArgumentError(
        absl::StrCat("gradient: expected opset ", kGradientOpset,
                     " or newer, found ", model->Opset()));
  }
  HONE_RETURN_IF_ERROR(CheckValue(model->graph, y));
  for (const std::string& x : xs) {
    HONE_RETURN_IF_ERROR(CheckValue(model->graph, x));
  }
  for (const std::string& z : zs) {
    HONE_RETURN_IF_ERROR(CheckValue(model->graph, z));
  }
  HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(*model, {}));
  return Differentiation(model, types).Of(y, xs, zs);
}

}  // namespace hone
