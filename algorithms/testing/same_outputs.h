// The property that every rewrite which preserves meaning passes: the same
// outputs before and after, on random inputs.
#ifndef HONE_ALGORITHMS_TESTING_SAME_OUTPUTS_H_
#define HONE_ALGORITHMS_TESTING_SAME_OUTPUTS_H_

#include <cstdint>
#include <vector>

#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

// Float inputs uniform in [-2, 2] by `seed`, symbolic extents 1.
std::vector<Value> RandomInputs(const Model& model, uint64_t seed);

// The model's outputs by the plain definition of every operator. Adds a test
// failure and returns nothing when it does not run.
std::vector<Value> RunPlainly(const Model& model,
                              const std::vector<Value>& inputs);

// Adds a test failure unless both models' float outputs agree on some random
// inputs within `tolerance` of the greatest magnitude.
void ExpectSameOutputs(const Model& before, const Model& after,
                       double tolerance);

}  // namespace hone

#endif  // HONE_ALGORITHMS_TESTING_SAME_OUTPUTS_H_
