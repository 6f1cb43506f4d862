#include "ir/raise_opset/legacy.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {
namespace {

absl::Status CannotRaise(const Node& node, absl::string_view what) {
  ErrorDetail detail;
  detail.node = NodeLabel(node);
  return MakeError(absl::StatusCode::kUnimplemented, what, detail);
}

bool Broadcasts(const Node& node) {
  for (const absl::string_view type :
       {"Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal",
        "Greater", "Less"}) {
    if (node.Is(type)) return true;
  }
  return false;
}

class Raiser {
 public:
  explicit Raiser(Model* model) : graph_(model->graph), opset_(model->Opset()) {
    for (const auto* infos :
         {&graph_.inputs, &graph_.outputs, &graph_.value_infos}) {
      for (const ValueInfo& info : *infos) {
        if (info.type.is_tensor() && info.type.shape.has_value()) {
          ranks_[info.name] = static_cast<int64_t>(info.type.shape->size());
        }
      }
    }
    for (const Initializer& init : graph_.initializers) {
      ranks_[init.name] = init.tensor.rank();
    }
    for (const Node& node : graph_.nodes) {
      const auto constant = ConstantNodeTensor(node);
      if (constant.has_value() && !node.outputs.empty()) {
        ranks_[node.outputs[0]] = constant->rank();
      }
    }
  }

  absl::Status Run() {
    for (Node& node : graph_.nodes) {
      if (node.domain.empty() && !node.outputs.empty()) {
        HONE_RETURN_IF_ERROR(Raise(node));
      }
      // A value of the same rank as what it is made of.
      if (Broadcasts(node) || node.Is("PRelu")) Learn(node);
      raised_.push_back(std::move(node));
    }
    graph_.nodes = std::move(raised_);
    return absl::OkStatus();
  }

 private:
  std::optional<int64_t> RankOf(absl::string_view value) const {
    const auto found = ranks_.find(value);
    if (found == ranks_.end()) return std::nullopt;
    return found->second;
  }

  void Learn(const Node& node) {
    const std::optional<int64_t> rank = RankOf(node.Input(0));
    if (rank.has_value() && !node.outputs.empty()) {
      ranks_.emplace(node.outputs[0], *rank);
    }
  }

  // Input `index` with `axes` axes of extent 1 behind its own.
  void AppendAxes(Node& node, size_t index, int64_t rank, int64_t axes) {
    if (axes <= 0) return;
    Node unsqueeze;
    unsqueeze.op_type = "Unsqueeze";
    unsqueeze.inputs = {node.inputs[index]};
    std::string name = graph_.FreshName(node.outputs[0] + "_operand" +
                                        std::to_string(raised_.size()));
    unsqueeze.outputs = {name};
    std::vector<int64_t> positions;
    for (int64_t a = 0; a < axes; ++a) positions.push_back(rank + a);
    unsqueeze.SetAttribute(Attribute::Ints("axes", std::move(positions)));
    raised_.push_back(std::move(unsqueeze));
    node.inputs[index] = std::move(name);
  }

  // b's axes lie at `axis` of a's; without one they are a's last.
  absl::Status RaiseBroadcast(Node& node) {
    const bool has_axis = node.FindAttribute("axis") != nullptr;
    const int64_t axis = node.IntAttribute("axis", 0);
    const bool broadcast = node.IntAttribute("broadcast", 0) != 0;
    node.RemoveAttribute("axis");
    node.RemoveAttribute("broadcast");
    if (!broadcast || !has_axis) return absl::OkStatus();
    const std::optional<int64_t> a = RankOf(node.Input(0));
    const std::optional<int64_t> b = RankOf(node.Input(1));
    if (!a.has_value() || !b.has_value()) {
      return CannotRaise(node, "broadcasting by axis needs declared ranks");
    }
    AppendAxes(node, 1, *b, *a - (axis < 0 ? axis + *a : axis) - *b);
    return absl::OkStatus();
  }

  // A slope of one axis counts channels, axis 1.
  absl::Status RaisePRelu(Node& node) {
    const std::optional<int64_t> x = RankOf(node.Input(0));
    const std::optional<int64_t> slope = RankOf(node.Input(1));
    if (slope == 1 && !x.has_value()) {
      return CannotRaise(node, "a slope by channel needs declared ranks");
    }
    if (slope == 1) AppendAxes(node, 1, 1, *x - 2);
    return absl::OkStatus();
  }

  absl::Status Raise(Node& node) {
    for (const Attribute& attribute : node.attributes) {
      if (std::holds_alternative<std::shared_ptr<const Graph>>(
              attribute.data)) {
        return CannotRaise(node, "a subgraph of an opset before 7");
      }
    }
    node.RemoveAttribute("consumed_inputs");
    if (Broadcasts(node)) return RaiseBroadcast(node);
    if (node.Is("PRelu")) return RaisePRelu(node);
    if (node.Is("Gemm")) node.RemoveAttribute("broadcast");
    if (node.Is("Dropout")) node.RemoveAttribute("is_test");
    if (node.Is("BatchNormalization")) {
      if (node.IntAttribute("spatial", 1) == 0) {
        return CannotRaise(node, "spatial 0");
      }
      for (const char* name : {"is_test", "spatial"}) {
        node.RemoveAttribute(name);
      }
    }
    if (node.Is("Concat") && node.FindAttribute("axis") == nullptr) {
      node.SetAttribute(Attribute::Int("axis", 1));
    }
    if (node.Is("Reshape") && opset_ < 5) {
      const std::vector<int64_t> shape = node.IntsAttribute("shape");
      const std::string name = graph_.FreshName(node.outputs[0] + "_shape");
      graph_.SetInitializer(name,
                            Tensor::FromVector<int64_t>(
                                {static_cast<int64_t>(shape.size())}, shape));
      node.inputs.resize(1);
      node.inputs.push_back(name);
      node.RemoveAttribute("shape");
    }
    return absl::OkStatus();
  }

  Graph& graph_;
  const int64_t opset_;
  absl::flat_hash_map<std::string, int64_t> ranks_;
  std::vector<Node> raised_;
};

}  // namespace

absl::Status RaiseToOpset7(Model* model) {
  const int64_t opset = model->Opset();
  if (opset < 1 || opset >= 7) return absl::OkStatus();
  HONE_RETURN_IF_ERROR(Raiser(model).Run());
  model->opsets[""] = 7;
  return absl::OkStatus();
}

}  // namespace hone
