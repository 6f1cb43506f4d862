// What models are timed on: samples of the user's data, or invented ones.
#ifndef HONE_HARNESS_BENCH_INPUTS_H_
#define HONE_HARNESS_BENCH_INPUTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/bench/session_contender.h"
#include "harness/data/bound_data.h"
#include "harness/data/signature.h"

namespace hone::harness {

// Extents by name, of an input ("x" -> [1, 128]) or of a symbolic dimension
// ("batch" -> [4]).
using Shapes = std::map<std::string, std::vector<int64_t>>;

// "name=1x128" items. Usage: another form, or a name that no model's input or
// symbolic dimension has (the nearest is named).
absl::StatusOr<Shapes> ParseShapes(const std::vector<std::string>& items,
                                   const std::vector<Signature>& models);

// The extents of every input. What `shapes` leaves free is 1, except for a
// symbol that the extents of another input settle. Usage: a shape that
// contradicts the model, or an input of unknown rank without a shape.
absl::StatusOr<std::vector<std::vector<int64_t>>> ExtentsOf(
    const Signature& signature, const Shapes& shapes);

// One sample: floats uniform in [0, 1) by `seed`, the same for inputs of the
// same extents; integers, booleans 0, strings empty.
absl::StatusOr<BenchSample> InventSample(const Signature& signature,
                                         const Shapes& shapes, uint64_t seed);

// The first `most` items of the data.
absl::StatusOr<std::vector<BenchSample>> TakeSamples(const BoundData& data,
                                                     int64_t most);

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_INPUTS_H_
