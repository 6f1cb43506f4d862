#include "algorithms/comparison/pair_values.h"

#include <memory>
#include <variant>

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

// The graphs that an attribute holds.
std::vector<const Graph*> BodiesOf(const Attribute& attribute) {
  using Body = std::shared_ptr<const Graph>;
  std::vector<const Graph*> bodies;
  if (const auto* one = std::get_if<Body>(&attribute.data)) {
    bodies.push_back(one->get());
  } else if (const auto* all =
                 std::get_if<std::vector<Body>>(&attribute.data)) {
    for (const Body& body : *all) bodies.push_back(body.get());
  }
  return bodies;
}

// Every value that a body of `node` makes, and those of bodies in it: how often
// a body runs differs from sample to sample, and one run of it has no name.
void LeaveOutInside(const Node& node, const std::string& place,
                    std::vector<LeftOut>* left_out) {
  for (const Attribute& attribute : node.attributes) {
    for (const Graph* body : BodiesOf(attribute)) {
      const std::string inside = absl::StrCat(place, "/", attribute.name);
      for (const Node& inner : body->nodes) {
        const std::string label = absl::StrCat(inside, "/", NodeLabel(inner));
        for (const std::string& value : inner.outputs) {
          if (value.empty() || inner.Is("Constant")) continue;
          left_out->push_back(
              {value, label, inner.op_type,
               absl::StrCat("inside of ", attribute.name, " of ", node.op_type,
                            " ", place,
                            ": only values of the main graph are compared")});
        }
        LeaveOutInside(inner, label, left_out);
      }
    }
  }
}

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
    LeaveOutInside(node, label, &pairs.left_out);
  }
  return pairs;
}

}  // namespace hone
