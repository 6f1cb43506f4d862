// The two contracts that every algorithm follows, and what passes between an
// algorithm and the runner.
//
//   StatsRequest wanted = algorithm.Wanted(model);
//   HONE_ASSIGN_OR_RETURN(Stats stats, runner.Collect(model, wanted, source));
//   HONE_ASSIGN_OR_RETURN(Patch patch, algorithm.Apply(model, stats, device));
//   HONE_RETURN_IF_ERROR(ApplyPatch(patch, &model));
//
// Algorithms see a Model, not the bare Graph, because what a node means depends
// on the imported opsets.
#ifndef HONE_ALGORITHMS_CONTRACT_CONTRACT_H_
#define HONE_ALGORITHMS_CONTRACT_CONTRACT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "algorithms/contract/patch.h"
#include "algorithms/statistics/request.h"
#include "algorithms/statistics/statistics.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

class Device;  // kernels/exec/device.h

// Statistics of values of one graph, by the values' names.
using Stats = Statistics;

// Decides from the statistics of one graph revision; shares the pass over the
// data with others that want the same revision.
class OnePass {
 public:
  virtual ~OnePass() = default;
  virtual StatsRequest Wanted(const Model& model) const = 0;
  // NotFound: stats lack a wanted value.
  virtual absl::StatusOr<Patch> Apply(const Model& model, const Stats& stats,
                                      Device& device) const = 0;
};

// A part of a graph between two topological cuts: nodes [begin, end), the
// values they read from before the cut, and those that later nodes read.
struct Segment {
  int begin = 0;
  int end = 0;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

// Runs a segment, or a changed copy of it, on the boundary values of one
// calibration sample. Values are in the order of Segment::inputs and outputs.
class Replay {
 public:
  virtual ~Replay() = default;
  virtual uint64_t samples() const = 0;
  virtual absl::StatusOr<std::vector<Value>> Inputs(uint64_t sample) = 0;
  virtual absl::StatusOr<std::vector<Value>> Run(const Patch& change,
                                                 uint64_t sample) = 0;
};

// Decides segment by segment and sees inputs that earlier decisions changed
// (GPTQ, AdaRound, full bias correction).
class Layerwise {
 public:
  virtual ~Layerwise() = default;
  virtual std::vector<Segment> Segments(const Model& model) const = 0;
  virtual StatsRequest Wanted(const Segment& segment) const = 0;
  virtual absl::StatusOr<Patch> Apply(const Segment& segment,
                                      const Stats& float_in,
                                      const Stats& changed_in, Replay& replay,
                                      Device& device) const = 0;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONTRACT_CONTRACT_H_
