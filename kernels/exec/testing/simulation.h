// Whether a quantized model's integer kernels compute what it means.
#ifndef HONE_KERNELS_EXEC_TESTING_SIMULATION_H_
#define HONE_KERNELS_EXEC_TESTING_SIMULATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

struct SimulationCheck {
  int operators = 0;  // steps of the plan that run on integers
  int values = 0;     // 8-bit values of the graph, and its outputs
  // Names of those that differ in any bit, in the graph's order.
  std::vector<std::string> different;
};

// Runs Compile's and CompileSimulation's plan on `inputs` and compares every
// output of a QuantizeLinear, and then the outputs of the plans without taps
// for 1, 2, 3 and 8 threads.
absl::StatusOr<SimulationCheck> CompareWithSimulation(
    const Model& model, absl::Span<const Value> inputs);

// Inputs of the model by a seed: floats uniform in [-1, 2), integers 0;
// symbolic and unknown extents are `extent`.
std::vector<Value> SimulationInputs(const Model& model, int64_t extent);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_TESTING_SIMULATION_H_
