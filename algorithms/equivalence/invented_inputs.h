// Inputs for a model that nobody gave data for.
#ifndef HONE_ALGORITHMS_EQUIVALENCE_INVENTED_INPUTS_H_
#define HONE_ALGORITHMS_EQUIVALENCE_INVENTED_INPUTS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/tensor/value.h"

namespace hone {

// How many choices of extents there are for what a model leaves open.
inline constexpr int kInventedExtents = 6;

// One value per graph input that is no initializer. Floats are uniform in
// [-1, 1) for odd seeds, in [0, 1) for even ones, integers 0 or 1, booleans
// either, strings "a" or "b". Symbols and unknown extents by `choice` (0 to
// kInventedExtents - 1) and place: batches are few, images some dozens of
// pixels wide; equal symbols are equal. Unimplemented: an input that is no
// tensor or of unknown rank, or has more than 2^28 elements.
absl::StatusOr<std::vector<Value>> InventInputs(const Model& model,
                                                uint64_t seed, int choice);

}  // namespace hone

#endif  // HONE_ALGORITHMS_EQUIVALENCE_INVENTED_INPUTS_H_
