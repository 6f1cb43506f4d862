// The data options of a verb, and what the user set of them.
#ifndef HONE_HARNESS_DATA_FLAGS_H_
#define HONE_HARNESS_DATA_FLAGS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/cli/arguments.h"
#include "harness/cli/option.h"
#include "harness/data/bound_data.h"

namespace hone::harness {

// --batch-size and every preprocessing key.
std::vector<Option> DataOptions();

absl::StatusOr<BoundData::Settings> DataSettings(const Arguments& arguments);

// Opens the SPEC that option `key` gives. Usage: it is not given.
absl::StatusOr<std::shared_ptr<const BoundData>> OpenData(
    const Arguments& arguments, const std::string& key,
    const Signature& signature);

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_FLAGS_H_
