#include "kernels/exec/fusion/activation.h"

#include <limits>

namespace hone {

std::optional<ClipBounds> ClipBoundsOf(const NodeTable& table,
                                       const Node& node) {
  const float infinity = std::numeric_limits<float>::infinity();
  ClipBounds bounds{-infinity, infinity};
  if (table.Opset() < 11) {
    bounds.min = node.FloatAttribute("min", -infinity);
    bounds.max = node.FloatAttribute("max", infinity);
    return bounds;
  }
  if (!node.Input(1).empty() &&
      !table.ScalarConstant(node.Input(1), &bounds.min)) {
    return std::nullopt;
  }
  if (!node.Input(2).empty() &&
      !table.ScalarConstant(node.Input(2), &bounds.max)) {
    return std::nullopt;
  }
  return bounds;
}

std::optional<Activation> ActivationOf(const NodeTable& table,
                                       const Node& node) {
  if (node.Is("Relu")) return Activation{"Relu", {}};
  if (node.Is("Sigmoid")) return Activation{"Sigmoid", {}};
  if (node.Is("HardSwish")) return Activation{"HardSwish", {}};
  if (node.domain == kInternalDomain && node.op_type == "Silu") {
    return Activation{"Silu", {}};
  }
  if (node.Is("Gelu") &&
      node.StringAttribute("approximate", "none") == "none") {
    return Activation{"Gelu", {}};
  }
  if (node.Is("LeakyRelu")) {
    return Activation{"LeakyRelu", {node.FloatAttribute("alpha", 0.01f)}};
  }
  if (node.Is("HardSigmoid")) {
    return Activation{"HardSigmoid",
                      {node.FloatAttribute("alpha", 0.2f),
                       node.FloatAttribute("beta", 0.5f)}};
  }
  if (node.Is("Clip")) {
    const std::optional<ClipBounds> bounds = ClipBoundsOf(table, node);
    if (bounds.has_value()) {
      return Activation{"Clip", {bounds->min, bounds->max}};
    }
  }
  return std::nullopt;
}

}  // namespace hone
