// Makes a graph smaller without changing what it computes: only standard
// operators, so that any runtime runs the result.
//
//   HONE_ASSIGN_OR_RETURN(SimplifyResult result, Simplify(model, {}));
//
// Round after round, until nothing changes any more: types are inferred with
// symbols, constants are computed, the rewrites of ir/simplify are applied to
// every graph and subgraph, what follows a Conv or Gemm channel by channel is
// folded into its weights, and the parts of HardSwish become one. Names of
// inputs and outputs stay. Simplifying the result again changes nothing.
#ifndef HONE_ALGORITHMS_SIMPLIFY_SIMPLIFY_H_
#define HONE_ALGORITHMS_SIMPLIFY_SIMPLIFY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "algorithms/runner/sample_loop.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"
#include "ir/tensor/tensor.h"

namespace hone {

struct SimplifyOptions {
  // Passes that are left out, by name (SimplifyPassNames).
  std::vector<std::string> skip;
  // Extents of inputs ("x" -> [1, 3, 224, 224]) and of symbols ("batch" ->
  // [1]), which become fixed.
  absl::flat_hash_map<std::string, Dims> shapes;
  // A computed constant of more bytes than this, and than the constants that
  // it is made of, stays a node.
  uint64_t fold_limit = uint64_t{1} << 20;
  std::function<void(const Progress&)> progress;
  const std::atomic<bool>* cancel = nullptr;
};

struct SimplifyResult {
  Model model;
  Report rows;  // one a rewrite; `why` begins with the pass's name and ": "
  int64_t nodes_before = 0;  // subgraphs' and functions' nodes included,
  int64_t nodes_after = 0;   // Constant nodes left out
  int64_t rounds = 0;
};

// "functions", "constants", those of AllSimplifications, "linear",
// "hard_swish", "value_info".
std::vector<std::string> SimplifyPassNames();
// InvalidArgument: a name that no pass has; names the nearest.
absl::Status CheckPassNames(const std::vector<std::string>& skip);

// InvalidArgument: a malformed model, an unknown pass, a shape that contradicts
// the model. Cancelled.
absl::StatusOr<SimplifyResult> Simplify(const Model& model,
                                        const SimplifyOptions& options);

}  // namespace hone

#endif  // HONE_ALGORITHMS_SIMPLIFY_SIMPLIFY_H_
