// Which layers an `ignored` choice of a sweep leaves in float.
#ifndef HONE_HARNESS_SWEEP_LAYERS_H_
#define HONE_HARNESS_SWEEP_LAYERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/json/json.h"

namespace hone::harness {

// A node as hone_model_inspect's "nodes" tell of it, in the graph's order.
struct Layer {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  bool depthwise = false;
};

// From inspect's JSON. Internal: it has no nodes.
absl::StatusOr<std::vector<Layer>> LayersOf(const Json& inspected);

// The named choices, with what they mean:
//   none            everything that can be quantized is
//   first           the first Conv, Gemm or MatMul
//   last            the last one
//   first_last      both
//   depthwise       Conv with one channel a group
//   squeeze_excite  from a global pool through the gates' layers to the Mul
//                   that applies them
const std::vector<std::string>& IgnoredChoices();

// Names of the nodes that `choice` means, in the graph's order; empty when the
// model has none such. NotFound names the nearest choice.
absl::StatusOr<std::vector<std::string>> ResolveIgnored(
    const std::string& choice, const std::vector<Layer>& layers);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_LAYERS_H_
