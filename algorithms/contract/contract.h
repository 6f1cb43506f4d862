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

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
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

// The calibration samples as one segment sees them: its inputs as earlier
// segments' changes left them. Values are in the order of Segment::inputs and
// outputs.
class Replay {
 public:
  virtual ~Replay() = default;
  // What decisions are made on, and what they are judged by: no sample is in
  // both.
  virtual absl::Span<const uint64_t> samples() const = 0;
  virtual absl::Span<const uint64_t> held_samples() const = 0;
  // What Layerwise::Wanted asked for, over held_samples().
  virtual const Stats& held_float() const = 0;
  virtual const Stats& held_changed() const = 0;
  virtual absl::StatusOr<std::vector<Value>> Inputs(uint64_t sample) = 0;
  // Runs the segment with `change` (of the whole model's nodes) on some
  // samples and hands each one's outputs to `consume`, in the given order.
  virtual absl::Status Run(
      const Patch& change, absl::Span<const uint64_t> samples,
      absl::FunctionRef<absl::Status(uint64_t, absl::Span<const Value>)>
          consume) = 0;
};

// Decides segment by segment and sees inputs that earlier decisions changed
// (GPTQ, AdaRound, full bias correction). RunLayerwise in runner/layerwise.h
// runs it.
class Layerwise {
 public:
  virtual ~Layerwise() = default;
  // Topological cuts: ascending, from node 0 on, without gaps. Nodes after the
  // last segment are not touched.
  virtual std::vector<Segment> Segments(const Model& model) const = 0;
  // Values that the segment reads or makes, and that the float model has too.
  virtual StatsRequest Wanted(const Segment& segment) const = 0;
  // `model` is the one that Segments saw, without the changes of earlier
  // segments; the patch's indices are those of its nodes.
  virtual absl::StatusOr<Patch> Apply(const Model& model,
                                      const Segment& segment,
                                      const Stats& float_in,
                                      const Stats& changed_in, Replay& replay,
                                      Device& device) const = 0;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_CONTRACT_CONTRACT_H_
