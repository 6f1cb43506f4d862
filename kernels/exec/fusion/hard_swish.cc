#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/activation.h"
#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"
#include "kernels/exec/fusion/scale.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

// A value that is factor * clip(x + 3, 0, 6), and the nodes that compute it.
struct Ramp {
  std::string x;
  float factor = 1;
  std::vector<int> nodes;
};

bool Near(float a, float b) { return std::abs(a - b) <= 1e-6f * std::abs(b); }

std::optional<Ramp> RampAt(const NodeTable& table, int at) {
  const Node& node = table.node(at);
  Ramp ramp;
  float factor = 1;
  std::string other;
  if (node.Is("HardSigmoid")) {
    if (!Near(node.FloatAttribute("alpha", 0.2f), 1.0f / 6) ||
        node.FloatAttribute("beta", 0.5f) != 0.5f) {
      return std::nullopt;
    }
    return Ramp{node.inputs[0], 1.0f / 6, {at}};
  }
  if (ScaleOf(table, node, &factor, &other)) {
    const int inner = OwnProducer(table, other, at);
    if (inner < 0) return std::nullopt;
    std::optional<Ramp> below = RampAt(table, inner);
    if (!below.has_value()) return std::nullopt;
    below->factor *= factor;
    below->nodes.push_back(at);
    return below;
  }
  if (!node.Is("Clip")) return std::nullopt;
  const std::optional<ClipBounds> bounds = ClipBoundsOf(table, node);
  if (!bounds.has_value() || bounds->min != 0 || bounds->max != 6) {
    return std::nullopt;
  }
  const int add = OwnProducer(table, node.inputs[0], at);
  if (add < 0 || !table.node(add).Is("Add")) return std::nullopt;
  const Node& sum = table.node(add);
  for (int i = 0; i < 2; ++i) {
    float three = 0;
    if (table.ScalarConstant(sum.inputs[i], &three) && three == 3) {
      return Ramp{sum.inputs[1 - i], 1, {add, at}};
    }
  }
  return std::nullopt;
}

// x * ramp(x), in either order.
std::optional<Ramp> ProductAt(const NodeTable& table, int at) {
  const Node& node = table.node(at);
  if (!node.Is("Mul") || node.inputs.size() != 2) return std::nullopt;
  for (int i = 0; i < 2; ++i) {
    const int inner = OwnProducer(table, node.inputs[i], at);
    if (inner < 0) continue;
    std::optional<Ramp> ramp = RampAt(table, inner);
    if (!ramp.has_value() || ramp->x != node.inputs[1 - i]) continue;
    ramp->nodes.push_back(at);
    return ramp;
  }
  return std::nullopt;
}

void Replace(NodeTable& table, int at, Ramp ramp, const char* op_type) {
  Node fused;
  fused.op_type = op_type;
  fused.name = table.node(at).name;
  fused.inputs = {ramp.x};
  fused.outputs = {table.node(at).outputs[0]};
  if (fused.op_type == "HardSigmoid") {
    fused.SetAttribute(Attribute::Float("alpha", 1.0f / 6));
    fused.SetAttribute(Attribute::Float("beta", 0.5f));
  }
  ramp.nodes.pop_back();  // `at` itself
  table.Replace(at, std::move(fused), ramp.nodes);
}

bool IsFloat(const NodeTable& table, const std::string& value) {
  return table.TypeOf(value).dtype == DType::kF32;
}

bool FuseAt(NodeTable& table, int at) {
  std::optional<Ramp> found = ProductAt(table, at);
  float factor = 1;
  std::string other;
  if (!found.has_value() && ScaleOf(table, table.node(at), &factor, &other)) {
    const int inner = OwnProducer(table, other, at);
    if (inner >= 0) found = ProductAt(table, inner);
    if (found.has_value()) {
      found->factor *= factor;
      found->nodes.push_back(at);
    }
  }
  if (found.has_value() && Near(found->factor, 1.0f / 6) &&
      IsFloat(table, found->x)) {
    Replace(table, at, *std::move(found), "HardSwish");
    return true;
  }
  return false;
}

// What is left of clip(x + 3, 0, 6) / 6 where nothing multiplies it by x.
bool FuseHardSigmoidAt(NodeTable& table, int at) {
  if (table.node(at).Is("HardSigmoid")) return false;
  std::optional<Ramp> ramp = RampAt(table, at);
  if (!ramp.has_value() || !Near(ramp->factor, 1.0f / 6) ||
      !IsFloat(table, ramp->x)) {
    return false;
  }
  Replace(table, at, *std::move(ramp), "HardSigmoid");
  return true;
}

}  // namespace

int FuseHardSwish(FusionGraph& graph) {
  NodeTable table(graph);
  int made = 0;
  if (FindKernel("", "HardSwish") != nullptr) {
    for (int i = 0; i < table.size(); ++i) made += FuseAt(table, i) ? 1 : 0;
  }
  if (FindKernel("", "HardSigmoid") != nullptr) {
    for (int i = 0; i < table.size(); ++i) {
      made += FuseHardSigmoidAt(table, i) ? 1 : 0;
    }
  }
  table.Finish();
  return made;
}

int FuseSilu(FusionGraph& graph) {
  if (FindKernel(kInternalDomain, "Silu") == nullptr) return 0;
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) {
    const Node& node = table.node(i);
    if (!node.Is("Mul") || node.inputs.size() != 2) continue;
    for (int side = 0; side < 2; ++side) {
      const int sigmoid = OwnProducer(table, node.inputs[side], i);
      if (sigmoid < 0 || !table.node(sigmoid).Is("Sigmoid") ||
          table.node(sigmoid).inputs[0] != node.inputs[1 - side] ||
          !IsFloat(table, node.inputs[1 - side])) {
        continue;
      }
      Node fused;
      fused.op_type = "Silu";
      fused.domain = std::string(kInternalDomain);
      fused.name = node.name;
      fused.inputs = {node.inputs[1 - side]};
      fused.outputs = {node.outputs[0]};
      table.Replace(i, std::move(fused), {sigmoid});
      ++made;
      break;
    }
  }
  table.Finish();
  return made;
}

}  // namespace hone
