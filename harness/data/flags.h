// The data options of a verb, and what the user set of them.
#ifndef HONE_HARNESS_DATA_FLAGS_H_
#define HONE_HARNESS_DATA_FLAGS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "harness/cli/arguments.h"
#include "harness/cli/option.h"
#include "harness/data/bound_data.h"

namespace hone::harness {

// --batch-size and every preprocessing key but `taken`: the verb means
// something else by that name, so that its data keep the default.
std::vector<Option> DataOptions(absl::string_view taken = "");

absl::StatusOr<BoundData::Settings> DataSettings(const Arguments& arguments,
                                                 absl::string_view taken = "");

// Opens the SPEC that option `key` gives. Usage: it is not given.
absl::StatusOr<std::shared_ptr<const BoundData>> OpenData(
    const Arguments& arguments, const std::string& key,
    const Signature& signature, absl::string_view taken = "");

}  // namespace hone::harness

#endif  // HONE_HARNESS_DATA_FLAGS_H_
