// What a model consists of, and what each verb could do to it.
#ifndef HONE_ALGORITHMS_INSPECT_INSPECT_H_
#define HONE_ALGORITHMS_INSPECT_INSPECT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

struct ModelSummary {
  std::map<std::string, int64_t> opsets;     // by domain, "" the default
  std::vector<ValueInfo> inputs;             // without initializers
  std::vector<ValueInfo> outputs;            // types as inferred
  std::map<std::string, int64_t> operators;  // type (with its domain): count
  int64_t nodes = 0;                         // subgraphs' nodes included
  int64_t parameters = 0;    // elements of floating-point constants
  int64_t weight_bytes = 0;  // of all constants
  std::map<std::string, int64_t> dtypes;  // of constants: bytes
  // Multiply-accumulates of one run with every symbolic extent 1; nullopt when
  // a node's extents stay unknown. `macs_unknown` counts such nodes.
  std::optional<int64_t> macs;
  int64_t macs_unknown = 0;
  // The same by node of the main graph.
  std::vector<std::optional<int64_t>> node_macs;
  // Rows with done = verb: "quantize" (nodes that can become integer),
  // "fold" (BatchNormalization and others that fold away), "compress" (weights
  // that can be compressed). numbers: "nodes", "bytes".
  Report verbs;
};

// InvalidArgument: a node contradicts its operator's definition.
absl::StatusOr<ModelSummary> Inspect(const Model& model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_INSPECT_INSPECT_H_
