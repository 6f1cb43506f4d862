// Invented samples by a model's signature, for speed and for trying things out.
#ifndef HONE_DATASETS_SOURCES_RANDOM_H_
#define HONE_DATASETS_SOURCES_RANDOM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "datasets/dataset/dataset.h"

namespace hone::datasets {

// What a model says of one of its inputs.
struct InputSignature {
  std::string name;
  std::string dtype;
  std::vector<int64_t> shape;  // batch axis included; -1: not fixed
};

// `count` samples that seed and index alone decide. Extents that are not fixed
// are 1. Floats are uniform in [0, 1), int8 and uint8 uniform over their range,
// other integers and booleans 0 or 1 (a valid index nearly everywhere).
// Unimplemented: an input of another dtype.
absl::StatusOr<std::shared_ptr<const Dataset>> OpenRandom(
    int64_t count, std::vector<InputSignature> signature, uint64_t seed);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SOURCES_RANDOM_H_
