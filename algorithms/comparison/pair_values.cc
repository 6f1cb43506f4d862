#include "algorithms/comparison/pair_values.h"

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

constexpr char kQuantizedSuffix[] = "_quantized";

class Values {
 public:
  explicit Values(const Graph& graph) : graph_(graph), index_(graph) {}

  // The name of what readers of `value` see; "" when it is not computed here.
  std::string SeenAs(const std::string& value) const {
    if (index_.Producer(value) == nullptr && !index_.IsGraphInput(value)) {
      return DequantizedFrom(absl::StrCat(value, kQuantizedSuffix));
    }
    for (const int reader : index_.Consumers(value)) {
      const Node& node = graph_.nodes[static_cast<size_t>(reader)];
      if (!node.Is("QuantizeLinear") || node.Input(0) != value) continue;
      std::string seen = DequantizedFrom(node.outputs[0]);
      if (!seen.empty()) return seen;
    }
    return value;
  }

  // Makes integers, what is read of them, or a constant.
  bool IsBetween(const Node& node) const {
    return node.Is("QuantizeLinear") || node.Is("DequantizeLinear") ||
           node.Is("DynamicQuantizeLinear") || node.Is("Constant");
  }
  bool IsOutput(const std::string& value) const {
    return index_.IsGraphOutput(value);
  }

 private:
  std::string DequantizedFrom(const std::string& integers) const {
    if (index_.Producer(integers) == nullptr) return "";
    for (const int reader : index_.Consumers(integers)) {
      const Node& node = graph_.nodes[static_cast<size_t>(reader)];
      if (node.Is("DequantizeLinear") && node.Input(0) == integers) {
        return node.outputs[0];
      }
    }
    return "";
  }

  const Graph& graph_;
  const GraphIndex index_;
};

}  // namespace

Pairs PairValues(const Graph& first, const Graph& second) {
  const Values ours(first), theirs(second);
  Pairs pairs;
  for (const Node& node : first.nodes) {
    if (ours.IsBetween(node)) continue;
    const std::string label = NodeLabel(node);
    for (const std::string& value : node.outputs) {
      if (value.empty() || ours.IsOutput(value)) continue;
      const std::string second_name = theirs.SeenAs(value);
      if (second_name.empty()) {
        pairs.left_out.push_back(
            {value, label, node.op_type,
             "the second model has no value of this name: folded, renamed or "
             "removed"});
        continue;
      }
      pairs.values.push_back(
          {value, ours.SeenAs(value), second_name, label, node.op_type});
    }
    for (const Attribute& attribute : node.attributes) {
      if (attribute.kind != Attribute::Kind::kGraph &&
          attribute.kind != Attribute::Kind::kGraphs) {
        continue;
      }
      pairs.left_out.push_back(
          {"", label, node.op_type,
           absl::StrCat("the values inside of ", attribute.name,
                        " are not compared")});
    }
  }
  return pairs;
}

}  // namespace hone
