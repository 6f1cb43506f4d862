#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/quantize/quantize_ref.h"
#include "kernels/exec/fusion/activation.h"
#include "kernels/exec/fusion/integer/integer_rewrite.h"
#include "kernels/exec/fusion/integer/quantized_value.h"

namespace hone {
namespace {

// The node that makes what QuantizeLinear `at` reads, if it alone reads it.
int OwnProducer(const NodeTable& table, int at, absl::string_view value) {
  const int producer = table.Producer(value);
  return producer >= 0 && table.ReadOnlyBy(value, at) ? producer : -1;
}

bool HasOneOutput(const Node& node) {
  return node.outputs.size() == 1 ||
         (node.outputs.size() == 2 && node.outputs[1].empty());
}

// y of x's codes, where their scales differ.
std::string Requantizing(NodeTable& table, const QuantizedValue& x,
                         const QuantizedValue& y) {
  std::array<uint8_t, 256> codes;
  for (int i = 0; i < 256; ++i) {
    const float value =
        DequantizeDefinition(i + x.low(), x.scale_value, x.zero_value);
    codes[i] = static_cast<uint8_t>(QuantizeDefinition(
        value, y.scale_value, y.zero_value, y.low(), y.high()));
  }
  return table.AddConstant(
      y.value, Tensor::FromVector<uint8_t>({256}, absl::MakeConstSpan(codes)));
}

}  // namespace

bool FuseBinaryAt(FusionGraph& graph, NodeTable& table, int at) {
  const std::optional<QuantizedValue> y = QuantizedBy(table, at);
  if (!y.has_value()) return false;
  int sum = OwnProducer(table, at, table.node(at).Input(0));
  if (sum < 0) return false;
  std::vector<int> chain;
  int32_t low = y->low();
  int32_t high = y->high();
  const auto code = [&](float bound) {
    return QuantizeDefinition(bound, y->scale_value, y->zero_value, y->low(),
                              y->high());
  };
  if (table.node(sum).Is("Relu") || table.node(sum).Is("Clip")) {
    if (table.node(sum).Is("Relu")) {
      low = code(0);
    } else {
      const auto bounds = ClipBoundsOf(table, table.node(sum));
      if (!bounds.has_value() || !(bounds->min <= bounds->max)) return false;
      low = code(bounds->min);
      high = code(bounds->max);
    }
    chain.push_back(sum);
    sum = OwnProducer(table, sum, table.node(sum).Input(0));
    if (sum < 0) return false;
  }
  const Node node = table.node(sum);
  if ((!node.Is("Add") && !node.Is("Mul")) || node.inputs.size() != 2) {
    return false;
  }
  const std::optional<QuantizedValue> a =
      DequantizedFrom(table, node.inputs[0]);
  const std::optional<QuantizedValue> b =
      DequantizedFrom(table, node.inputs[1]);
  if (!a.has_value() || !b.has_value() || a->dtype != y->dtype ||
      b->dtype != y->dtype) {
    return false;
  }
  Node fused = IntegerNode("Quantized" + node.op_type, node);
  fused.inputs = {a->value, a->scale, a->zero,  b->value,
                  b->scale, b->zero,  y->scale, y->zero};
  fused.SetAttribute(Attribute::Int("low", low));
  fused.SetAttribute(Attribute::Int("high", high));
  const int64_t rank = RankOf(table, a->value);
  fused.SetAttribute(
      Attribute::Int("rank", rank == RankOf(table, b->value) ? rank : 0));
  std::vector<int> computed = {a->node};
  if (b->node != a->node) computed.push_back(b->node);
  chain.push_back(sum);
  computed.insert(computed.end(), chain.rbegin(), chain.rend());
  computed.push_back(at);
  ReplaceByInteger(graph, table, at, std::move(fused), computed, chain);
  return true;
}

bool FusePoolAt(FusionGraph& graph, NodeTable& table, int at) {
  const std::optional<QuantizedValue> y = QuantizedBy(table, at);
  if (!y.has_value()) return false;
  const int pool = OwnProducer(table, at, table.node(at).Input(0));
  if (pool < 0) return false;
  const Node node = table.node(pool);
  const bool max = node.Is("MaxPool");
  const bool global = node.Is("GlobalAveragePool");
  if ((!max && !global && !node.Is("AveragePool")) || !HasOneOutput(node)) {
    return false;
  }
  const std::optional<QuantizedValue> x = DequantizedFrom(table, node.Input(0));
  const int64_t rank = RankOf(table, node.Input(0));
  if (!x.has_value() || x->dtype != y->dtype || rank < 3 || rank > 5 ||
      (max && !x->SameNumbers(*y))) {
    return false;
  }
  Node fused =
      IntegerNode(max ? "QuantizedMaxPool" : "QuantizedAveragePool", node);
  fused.attributes = node.attributes;
  fused.inputs = {x->value};
  if (!max) {
    fused.inputs.insert(fused.inputs.end(),
                        {x->scale, x->zero, y->scale, y->zero});
  }
  if (global) fused.SetAttribute(Attribute::Int("global", 1));
  fused.SetAttribute(Attribute::Int("rank", rank));
  ReplaceByInteger(graph, table, at, std::move(fused), {x->node, pool, at},
                   {pool});
  return true;
}

bool FuseConcatAt(FusionGraph& graph, NodeTable& table, int at) {
  const std::optional<QuantizedValue> y = QuantizedBy(table, at);
  if (!y.has_value()) return false;
  const int concat = OwnProducer(table, at, table.node(at).Input(0));
  if (concat < 0 || !table.node(concat).Is("Concat")) return false;
  const Node node = table.node(concat);
  const int64_t rank = RankOf(table, node.Output(0));
  if (rank == 0 || node.inputs.empty()) return false;
  const int64_t axis = node.IntAttribute("axis", 1);
  std::vector<QuantizedValue> parts;
  std::vector<int> computed;
  for (const std::string& input : node.inputs) {
    const std::optional<QuantizedValue> x = DequantizedFrom(table, input);
    if (!x.has_value() || x->dtype != y->dtype ||
        RankOf(table, input) != rank) {
      return false;
    }
    parts.push_back(*x);
    bool seen = false;
    for (const int index : computed) seen |= index == x->node;
    if (!seen) computed.push_back(x->node);
  }
  Node fused = IntegerNode("QuantizedConcat", node);
  for (const QuantizedValue& x : parts) {
    fused.inputs.push_back(x.value);
    fused.inputs.push_back(x.SameNumbers(*y) ? "" : Requantizing(table, x, *y));
  }
  fused.SetAttribute(Attribute::Int("axis", axis < 0 ? axis + rank : axis));
  fused.SetAttribute(Attribute::Int("rank", rank));
  fused.SetAttribute(Attribute::Int("is_signed", y->dtype == DType::kS8));
  computed.push_back(concat);
  computed.push_back(at);
  ReplaceByInteger(graph, table, at, std::move(fused), computed, {concat});
  return true;
}

bool FuseMoveAt(FusionGraph& graph, NodeTable& table, int at) {
  const std::optional<QuantizedValue> y = QuantizedBy(table, at);
  if (!y.has_value()) return false;
  const int move = OwnProducer(table, at, table.node(at).Input(0));
  if (move < 0) return false;
  Node node = table.node(move);
  const bool moves =
      node.Is("Reshape") || node.Is("Flatten") || node.Is("Squeeze") ||
      node.Is("Unsqueeze") || node.Is("Transpose") || node.Is("Slice") ||
      node.Is("DepthToSpace") || node.Is("SpaceToDepth") ||
      (node.Is("Resize") &&
       node.StringAttribute("mode", "nearest") == "nearest" &&
       node.StringAttribute("coordinate_transformation_mode", "half_pixel") !=
           "tf_crop_and_resize");
  if (!moves || !HasOneOutput(node)) return false;
  const std::optional<QuantizedValue> x = DequantizedFrom(table, node.Input(0));
  if (!x.has_value() || !x->SameNumbers(*y)) return false;
  // The operator itself, on integers.
  node.inputs[0] = x->value;
  node.outputs = table.node(at).outputs;
  table.Replace(at, std::move(node), {move});
  graph.originals.erase(table.node(at).outputs[0]);
  return true;
}

}  // namespace hone
