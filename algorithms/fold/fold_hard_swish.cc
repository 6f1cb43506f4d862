#include "algorithms/fold/fold_hard_swish.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "algorithms/contract/patch.h"
#include "algorithms/fold/linear_affine.h"
#include "ir/views/attributes.h"
#include "ir/views/clip_view.h"

namespace hone {
namespace {

constexpr int64_t kHardSwishOpset = 14;

bool Near(double value, double expected) {
  return std::fabs(value - expected) <= 1e-4 * std::fabs(expected);
}

class Matcher {
 public:
  Matcher(const Model& model, const GraphIndex& index)
      : model_(model), index_(index) {}

  // Matches with `last` as the last node. Fills the indices of all nodes of the
  // pattern.
  bool Match(int last) {
    nodes_ = {last};
    const Node& node = Get(last);
    if (node.outputs.size() != 1) return false;
    // Either the last node divides the product by 6, or it is the product and
    // one factor is already divided.
    if (const auto product = DividedBySix(node)) {
      const int inner = Inner(*product);
      return inner >= 0 && MatchProduct(Get(inner), /*divided=*/true);
    }
    return MatchProduct(node, /*divided=*/false);
  }

  const std::string& x() const { return x_; }
  const std::vector<int>& nodes() const { return nodes_; }

 private:
  const Node& Get(int i) const { return model_.graph.nodes[i]; }

  std::optional<double> Scalar(absl::string_view name) const {
    const Tensor* tensor = FixedConstant(index_, name);
    if (tensor == nullptr || tensor->dtype() != DType::kF32 ||
        tensor->size() != 1) {
      return std::nullopt;
    }
    return tensor->Aligned().Values<float>()[0];
  }

  // The node that makes `value` for one reader alone; -1 when there is none.
  int Inner(const std::string& value) {
    const int producer = index_.ProducerIndex(value);
    if (producer < 0 || index_.IsGraphOutput(value) ||
        index_.Consumers(value).size() != 1 ||
        Get(producer).outputs.size() != 1) {
      return -1;
    }
    nodes_.push_back(producer);
    return producer;
  }

  // The value that `node` divides by 6.
  std::optional<std::string> DividedBySix(const Node& node) const {
    if (node.inputs.size() != 2) return std::nullopt;
    const auto second = Scalar(node.inputs[1]);
    if (node.Is("Div") && second && Near(*second, 6)) return node.inputs[0];
    if (!node.Is("Mul")) return std::nullopt;
    if (second && Near(*second, 1.0 / 6)) return node.inputs[0];
    const auto first = Scalar(node.inputs[0]);
    if (first && Near(*first, 1.0 / 6)) return node.inputs[1];
    return std::nullopt;
  }

  bool MatchProduct(const Node& node, bool divided) {
    if (!node.Is("Mul") || node.inputs.size() != 2) return false;
    for (int side = 0; side < 2; ++side) {
      const std::vector<int> before = nodes_;
      x_ = node.inputs[side];
      if (MatchGate(node.inputs[1 - side], divided)) return true;
      nodes_ = before;
    }
    return false;
  }

  // Clip(x + 3, 0, 6) when divided elsewhere, else that over 6 or HardSigmoid.
  bool MatchGate(const std::string& value, bool divided) {
    int i = Inner(value);
    if (i < 0) return false;
    if (!divided) {
      const Node& node = Get(i);
      if (node.Is("HardSigmoid")) {
        return node.inputs[0] == x_ &&
               Near(node.FloatAttribute("alpha", 0.2f), 1.0 / 6) &&
               Near(node.FloatAttribute("beta", 0.5f), 0.5);
      }
      const auto clipped = DividedBySix(node);
      if (!clipped) return false;
      i = Inner(*clipped);
      if (i < 0) return false;
    }
    const Node& clip = Get(i);
    if (!clip.Is("Clip")) return false;
    const auto view =
        ClipView::Of(clip, model_.Opset(), ConstantInputsOf(clip, index_));
    if (!view.ok() || !view->min || !view->max || *view->min != 0 ||
        *view->max != 6) {
      return false;
    }
    const int sum = Inner(clip.inputs[0]);
    if (sum < 0 || !Get(sum).Is("Add") || Get(sum).inputs.size() != 2) {
      return false;
    }
    const Node& add = Get(sum);
    const int side = add.inputs[0] == x_ ? 0 : 1;
    const auto three = Scalar(add.inputs[1 - side]);
    return add.inputs[side] == x_ && three && *three == 3;
  }

  const Model& model_;
  const GraphIndex& index_;
  std::string x_;
  std::vector<int> nodes_;
};

}  // namespace

Report FoldHardSwish(Model* model) {
  if (model->Opset() < kHardSwishOpset) return {};
  Patch patch;
  {
    const GraphIndex index(model->graph);
    Matcher matcher(*model, index);
    for (size_t i = 0; i < model->graph.nodes.size(); ++i) {
      const int last = static_cast<int>(i);
      if (!matcher.Match(last)) continue;
      // Consumers inside the pattern: x is read by the sum and the product, the
      // inner values once each, so two matches never share a node.
      Node hard_swish;
      hard_swish.op_type = "HardSwish";
      hard_swish.name = model->graph.nodes[last].name;
      hard_swish.inputs = {matcher.x()};
      hard_swish.outputs = model->graph.nodes[last].outputs;
      for (const int part : matcher.nodes()) {
        const Node& node = model->graph.nodes[part];
        patch.rows.push_back(
            {NodeLabel(node),
             node.op_type,
             "folded",
             absl::StrCat("into HardSwish -> ", hard_swish.outputs[0]),
             {}});
        patch.Replace(part, {});
      }
      patch.Replace(last, {hard_swish});
    }
  }
  ApplyPatch(patch, model).IgnoreError();  // the indices are the graph's own
  return patch.rows;
}

}  // namespace hone
