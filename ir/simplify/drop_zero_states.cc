#include <string>
#include <utility>

#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"
#include "ir/simplify/shape_facts.h"

namespace hone {
namespace {

constexpr int kMostSteps = 16;

// Whether every element is +0, whatever the extents are.
bool IsZero(const GraphEdit& edit, std::string value) {
  for (int step = 0; step < kMostSteps; ++step) {
    if (const Tensor* constant = edit.Constant(value)) {
      return AllElementsAre(*constant, 0);
    }
    const int i = edit.Producer(value);
    if (i < 0 || !edit.node(i).domain.empty()) return false;
    const Node& node = edit.node(i);
    if (node.Is("ConstantOfShape")) {
      const Attribute* fill = node.FindAttribute("value");
      const auto* tensor =
          fill == nullptr ? nullptr : std::get_if<Tensor>(&fill->data);
      return fill == nullptr ||
             (tensor != nullptr && AllElementsAre(*tensor, 0));
    }
    if (!node.Is("Slice") && !node.Is("Reshape") && !node.Is("Expand") &&
        !node.Is("Transpose") && !node.Is("Squeeze") && !node.Is("Unsqueeze") &&
        !node.Is("Tile") && !node.Is("Gather")) {
      return false;
    }
    value = node.inputs[0];
  }
  return false;
}

}  // namespace

void DropZeroStates(GraphEdit& edit) {
  for (int i = 0; i < edit.size(); ++i) {
    if (!edit.Alive(i)) continue;
    const Node& node = edit.node(i);
    if (!node.Is("LSTM") && !node.Is("GRU") && !node.Is("RNN")) continue;
    Node changed = node;
    bool any = false;
    for (size_t k = 5; k < 7 && k < changed.inputs.size(); ++k) {
      if (changed.inputs[k].empty() || !IsZero(edit, changed.inputs[k])) {
        continue;
      }
      changed.inputs[k].clear();
      any = true;
    }
    if (!any) continue;
    while (changed.inputs.back().empty()) changed.inputs.pop_back();
    edit.SetNode(i, std::move(changed));
    edit.Say(edit.node(i), "settled", "its initial state is zero by default");
  }
}

}  // namespace hone
