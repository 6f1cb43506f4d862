// Makes the nodes and constants of quantized graphs, under names that the graph
// does not have yet.
#ifndef HONE_ALGORITHMS_QUANTIZATION_NODE_MAKER_H_
#define HONE_ALGORITHMS_QUANTIZATION_NODE_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "algorithms/contract/patch.h"
#include "algorithms/quantization/ranges.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

class NodeMaker {
 public:
  // Constants go to `patch`. signed_activations: int8 with zero point 0 instead
  // of uint8.
  NodeMaker(const Graph& graph, bool signed_activations, Patch* patch);

  std::string Fresh(absl::string_view stem);
  // The name of a new constant.
  std::string Constant(absl::string_view stem, Tensor tensor);

  // Scale and zero point constants; equal stems share nothing.
  struct Names {
    std::string scale;
    std::string zero_point;  // "" for none
  };
  Names ActivationConstants(absl::string_view stem,
                            const ActivationParams& params);

  Node Quantize(const std::string& input, const Names& constants,
                const std::string& output);
  // `axis` is written when it is not negative.
  Node Dequantize(const std::string& input, const Names& constants,
                  const std::string& output, int64_t axis = -1);
  // Any node, named after its output.
  static Node Make(absl::string_view op, std::vector<std::string> inputs,
                   const std::string& output);

 private:
  const bool signed_activations_;
  Patch* patch_;
  absl::flat_hash_set<std::string> names_;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_NODE_MAKER_H_
