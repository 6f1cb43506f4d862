// Rules for the convolutions that read a model's inputs.
#ifndef HONE_ALGORITHMS_QUANTIZATION_FIRST_LAYERS_H_
#define HONE_ALGORITHMS_QUANTIZATION_FIRST_LAYERS_H_

#include <vector>

#include "algorithms/quantization/post_training_options.h"
#include "ir/graph/graph.h"

namespace hone {

// A Conv of at most 3 input channels that reads a graph input and has no
// MaxPool after it (activations between): integers make it slower.
bool IsCheapFirstConv(const Model& model, const GraphIndex& index, int node);

// The nodes whose weights take half of int8's range by `fix`: none, all
// weighted ones, or the convolutions that are reached first from the graph's
// inputs. `weighted`: by node, whether it is quantized and has a weight.
std::vector<int> HalfRangeNodes(const Graph& graph, const GraphIndex& index,
                                OverflowFix fix,
                                const std::vector<bool>& weighted);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_FIRST_LAYERS_H_
