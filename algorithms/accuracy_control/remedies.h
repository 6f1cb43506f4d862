// What is tried before a layer is left in float, since it costs neither speed
// nor size: other ranges of the activations, and moved biases.
#ifndef HONE_ALGORITHMS_ACCURACY_CONTROL_REMEDIES_H_
#define HONE_ALGORITHMS_ACCURACY_CONTROL_REMEDIES_H_

#include "absl/types/span.h"
#include "algorithms/quantization/post_training_options.h"

namespace hone {

struct Remedy {
  const char* name;  // as on the command line, "preset=mixed"
  // Changes options that the earlier remedies have brought furthest. False:
  // they are like that already, or it is of no use for their runtime.
  bool (*apply)(PostTrainingOptions* options);
};

// In the order in which they are to be tried.
absl::Span<const Remedy> Remedies();

}  // namespace hone

#endif  // HONE_ALGORITHMS_ACCURACY_CONTROL_REMEDIES_H_
