// Which nodes are activations that a matrix kernel applies on its way out.
#ifndef HONE_KERNELS_EXEC_FUSION_ACTIVATION_H_
#define HONE_KERNELS_EXEC_FUSION_ACTIVATION_H_

#include <optional>
#include <string>
#include <vector>

#include "ir/graph/graph.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {

struct Activation {
  std::string name;           // "Relu", "Clip", ... as FusedConv spells it
  std::vector<float> params;  // Clip {min, max}, LeakyRelu {alpha}, ...
};

// What the node applies to its first input; nullopt when it is no activation,
// or its bounds are no constants.
std::optional<Activation> ActivationOf(const NodeTable& table,
                                       const Node& node);

// Clip's constant bounds, -inf and +inf where absent; nullopt when one is
// computed or not float32.
struct ClipBounds {
  float min, max;
};
std::optional<ClipBounds> ClipBoundsOf(const NodeTable& table,
                                       const Node& node);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_FUSION_ACTIVATION_H_
