#include "algorithms/convert/large_values.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/equivalence/invented_inputs.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/statistics.h"
#include "ir/error/error.h"
#include "ir/raise_opset/legacy.h"
#include "ir/shape_inference/shape_inference.h"
#include "kernels/exec/inline_functions.h"

namespace hone {

absl::StatusOr<absl::flat_hash_set<std::string>> FindLargeValues(
    const Model& model, double limit, SampleSource* source, uint64_t samples,
    uint64_t seed, const RunnerOptions& options) {
  Model work = model;
  HONE_RETURN_IF_ERROR(RaiseToOpset7(&work));
  HONE_RETURN_IF_ERROR(InlineFunctions(work));
  HONE_ASSIGN_OR_RETURN(const InferredTypes types, InferShapes(work, {}));
  StatsRequest request;
  for (const Node& node : work.graph.nodes) {
    if (node.Is("Constant")) continue;
    for (const std::string& output : node.outputs) {
      const Type& type = types.TypeOf(output);
      if (!output.empty() && type.is_tensor() && type.dtype == DType::kF32) {
        request.Add(output, kRangeStats);
      }
    }
  }
  Runner runner(options);
  absl::StatusOr<Statistics> seen;
  for (int choice = 0; choice < kInventedExtents; ++choice) {
    InventedSource invented(&work, samples, seed, choice);
    SampleSource& from = source != nullptr ? *source : invented;
    std::vector<uint64_t> which(std::min(samples, from.size()));
    std::iota(which.begin(), which.end(), 0);
    seen = runner.Collect(work, request, from, which);
    if (seen.ok() || source != nullptr || absl::IsCancelled(seen.status()) ||
        absl::IsResourceExhausted(seen.status())) {
      break;
    }
  }
  absl::flat_hash_set<std::string> large;
  if (!seen.ok()) {
    const bool refused = source != nullptr ||
                         absl::IsCancelled(seen.status()) ||
                         absl::IsResourceExhausted(seen.status());
    if (refused) return seen.status();
    return large;
  }
  for (const auto& [name, entry] : seen->values()) {
    const RangeStatistics& range = entry.statistics.range;
    if (!range.empty() && static_cast<double>(range.abs_max()) > limit) {
      large.insert(name);
    }
  }
  return large;
}

}  // namespace hone
