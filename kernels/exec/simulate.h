// What a quantized graph means, computed by its definition.
#ifndef HONE_KERNELS_EXEC_SIMULATE_H_
#define HONE_KERNELS_EXEC_SIMULATE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/exec/plan.h"

namespace hone {

// Compile's plan, in which every integer operator (kernels/exec/ops/integer)
// runs its definition instead of its kernel:
//   acc = int32 sum with the int32 bias
//   y = clamp(round_half_even(float(acc) * float(sx * sw[c] / sy)) + zy)
// All values must equal those of Compile's plan bit for bit. Slow: for tests
// and for finding out which operator differs. Floats between integers are the
// same kernels' as in Compile's plan; CompileOptions::reference, the graph as
// written in floats, is another thing.
absl::StatusOr<std::shared_ptr<const Plan>> CompileSimulation(
    const Model& model, const CompileOptions& options);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_SIMULATE_H_
