#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ir/tensor/tensor.h"
#include "kernels/cpu/quantize/quantize_ref.h"
#include "kernels/exec/fusion/activation.h"
#include "kernels/exec/fusion/integer/integer_rewrite.h"
#include "kernels/exec/fusion/integer/quantized_value.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// A product and what follows it, as far as it is read by one node each.
struct Chain {
  std::vector<int> nodes;  // of the product itself and what follows
  ClipBounds bounds = {-kInfinity, kInfinity};
  std::optional<QuantizedValue> y;
};

// The only reader of the value that node `at` makes, or -1. It has an output.
int OnlyReader(const NodeTable& table, int at) {
  const std::string& value = table.node(at).outputs[0];
  const std::vector<int>& readers = table.Readers(value);
  if (readers.empty()) return -1;
  return table.ReadOnlyBy(value, readers[0]) &&
                 !table.node(readers[0]).outputs.empty()
             ? readers[0]
             : -1;
}

std::optional<ClipBounds> BoundsOf(const NodeTable& table, const Node& node) {
  if (node.Is("Relu")) return ClipBounds{0, kInfinity};
  if (!node.Is("Clip")) return std::nullopt;
  std::optional<ClipBounds> bounds = ClipBoundsOf(table, node);
  if (bounds.has_value() && !(bounds->min <= bounds->max)) return std::nullopt;
  return bounds;
}

void Follow(NodeTable& table, Chain* chain) {
  int next = OnlyReader(table, chain->nodes.back());
  if (next < 0) return;
  if (const auto bounds = BoundsOf(table, table.node(next))) {
    if (table.node(next).Input(0) !=
        table.node(chain->nodes.back()).outputs[0]) {
      return;
    }
    chain->bounds = *bounds;
    chain->nodes.push_back(next);
    next = OnlyReader(table, next);
    if (next < 0) return;
  }
  if (table.node(next).Input(0) != table.node(chain->nodes.back()).outputs[0]) {
    return;
  }
  chain->y = QuantizedBy(table, next);
  if (chain->y.has_value()) chain->nodes.push_back(next);
}

bool TransposedB(const Node& node) {
  return node.Is("Gemm") && node.IntAttribute("transB", 0) != 0;
}

// The operator alone: its extents, its attributes.
bool CanBeInteger(const NodeTable& table, const Node& node) {
  if (node.Is("Conv")) {
    const int64_t rank = RankOf(table, node.Input(0));
    return rank >= 3 && rank <= 5;
  }
  if (node.Is("MatMul")) return RankOf(table, node.Input(0)) >= 2;
  return node.Is("Gemm") && node.IntAttribute("transA", 0) == 0 &&
         node.FloatAttribute("alpha", 1) == 1 &&
         (node.Input(2).empty() || node.FloatAttribute("beta", 1) == 1) &&
         RankOf(table, node.Input(0)) == 2;
}

}  // namespace

bool FuseProductAt(FusionGraph& graph, NodeTable& table, int at) {
  const Node product = table.node(at);
  if (product.outputs.empty() || !CanBeInteger(table, product)) return false;
  const bool conv = product.Is("Conv");
  const std::optional<QuantizedValue> x =
      DequantizedFrom(table, product.Input(0));
  const int64_t axis = conv || TransposedB(product) ? 0 : 1;
  const std::optional<QuantizedWeights> w =
      WeightsFrom(table, product.Input(1), axis);
  if (!x.has_value() || !w.has_value()) return false;
  const Tensor& weights = *table.Constant(w->value);
  const int64_t columns = weights.dims()[axis];
  if (weights.size() == 0 || (!conv && weights.rank() != 2) ||
      (conv && weights.rank() != RankOf(table, product.Input(0)))) {
    return false;
  }

  Chain chain;
  chain.nodes = {at};
  std::vector<int> computed = {x->node, w->node};
  std::string bias_value(product.Input(2));
  if (product.Is("MatMul")) {
    const int add = OnlyReader(table, at);
    if (add >= 0 && table.node(add).Is("Add") &&
        table.node(add).inputs.size() == 2) {
      const Node& sum = table.node(add);
      const int side = sum.inputs[0] == product.outputs[0] ? 1 : 0;
      const int source = table.Producer(sum.inputs[side]);
      if (source >= 0 && RankOf(table, sum.inputs[side]) == 1 &&
          !BiasFrom(table, sum.inputs[side], x->scale_value, w->scales, columns)
               .empty()) {
        bias_value = sum.inputs[side];
        chain.nodes.push_back(add);
      }
    }
  }
  std::string bias;
  if (!bias_value.empty()) {
    bias = BiasFrom(table, bias_value, x->scale_value, w->scales, columns);
    if (bias.empty()) return false;
    computed.push_back(table.Producer(bias_value));
  }
  Follow(table, &chain);

  Node fused = IntegerNode("Quantized" + product.op_type, product);
  fused.attributes = product.attributes;
  if (conv) {
    fused.SetAttribute(Attribute::Int("rank", weights.rank()));
  }
  fused.inputs = {x->value, x->scale, x->zero, w->value, w->scale,
                  w->zero,  "",       "",      bias};
  if (chain.y.has_value()) {
    const QuantizedValue& y = *chain.y;
    fused.inputs[6] = y.scale;
    fused.inputs[7] = y.zero;
    const auto code = [&](float bound) {
      return Attribute::Int(
          "", QuantizeDefinition(bound, y.scale_value, y.zero_value, y.low(),
                                 y.high()));
    };
    Attribute low = code(chain.bounds.min);
    Attribute high = code(chain.bounds.max);
    low.name = "low";
    high.name = "high";
    fused.SetAttribute(std::move(low));
    fused.SetAttribute(std::move(high));
  } else {
    fused.SetAttribute(Attribute::Float("float_low", chain.bounds.min));
    fused.SetAttribute(Attribute::Float("float_high", chain.bounds.max));
  }
  while (fused.inputs.back().empty()) fused.inputs.pop_back();
  computed.insert(computed.end(), chain.nodes.begin(), chain.nodes.end());
  const int last = chain.nodes.back();
  chain.nodes.pop_back();
  ReplaceByInteger(graph, table, last, std::move(fused), computed, chain.nodes);
  return true;
}

}  // namespace hone
