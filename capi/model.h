// hone_model: an ONNX model, immutable and shared.
#ifndef HONE_CAPI_MODEL_H_
#define HONE_CAPI_MODEL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "ir/graph/graph.h"

namespace hone::capi {

// One input or output in the form that hone_value_info points into.
struct ValueDescription {
  std::string name;
  hone_dtype dtype = HONE_DTYPE_UNDEFINED;
  int32_t rank = -1;
  std::vector<int64_t> dims;
  std::vector<std::string> symbols;
  std::vector<const char*> symbol_pointers;  // into symbols
  std::string type;
};

}  // namespace hone::capi

struct hone_model {
  hone::Model model;
  std::vector<hone::capi::ValueDescription> inputs;  // initializers left out
  std::vector<hone::capi::ValueDescription> outputs;
};

namespace hone::capi {

// Sorts the nodes, checks that the graph hangs together, and describes its
// inputs and outputs.
// InvalidArgument: a malformed graph; names the node.
absl::StatusOr<hone_model*> NewModel(Model model);

// The inputs that a run takes: those of the graph that are no initializers.
std::vector<const ValueInfo*> RunInputs(const Graph& graph);

}  // namespace hone::capi

#endif  // HONE_CAPI_MODEL_H_
