// Gives a model's inputs fixed extents.
#ifndef HONE_ALGORITHMS_SIMPLIFY_FIX_SHAPES_H_
#define HONE_ALGORITHMS_SIMPLIFY_FIX_SHAPES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

// Extents by name, of an input or of a symbol (then one number).
using FixedShapes = absl::flat_hash_map<std::string, Dims>;

// "x=1x3x224x224", "batch=1". InvalidArgument: another form.
absl::StatusOr<FixedShapes> ParseFixedShapes(
    const std::vector<std::string>& items);

// Input types with these extents; symbols that they settle become numbers in
// every input. What was declared of other values' extents is dropped, since it
// may not hold any more. InvalidArgument: a name that no input or symbol has
// (the nearest is named), or extents that contradict the model.
absl::Status FixShapes(const FixedShapes& shapes, Model* model);

}  // namespace hone

#endif  // HONE_ALGORITHMS_SIMPLIFY_FIX_SHAPES_H_
