#include <algorithm>

#include "ir/simplify/graph_edit.h"
#include "ir/simplify/passes.h"

namespace hone {

void RemoveDead(GraphEdit& edit) {
  // Readers may have lower numbers than makers: new nodes are at the end.
  for (bool changed = true; changed;) {
    changed = false;
    for (int i = edit.size(); i-- > 0;) {
      if (!edit.Alive(i)) continue;
      const Node& node = edit.node(i);
      if (std::any_of(node.outputs.begin(), node.outputs.end(),
                      [&](const std::string& output) {
                        return !output.empty() &&
                               (!edit.Readers(output).empty() ||
                                edit.IsOutput(output));
                      })) {
        continue;
      }
      edit.Say(node, "removed", "no output depends on it");
      edit.Remove(i);
      changed = true;
    }
  }
}

}  // namespace hone
