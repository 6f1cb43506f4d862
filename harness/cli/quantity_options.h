// Options whose values are numbers with units.
#ifndef HONE_HARNESS_CLI_QUANTITY_OPTIONS_H_
#define HONE_HARNESS_CLI_QUANTITY_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/cli/arguments.h"
#include "harness/cli/quantities.h"

namespace hone::harness {

// ParseDuration and ParseBounds of an option's value. Not given: `otherwise`,
// and no bound. Usage: the value is none; the message names the option.
absl::StatusOr<double> SecondsOf(const Arguments& arguments,
                                 const std::string& key, double otherwise);
absl::StatusOr<std::vector<Bound>> BoundsOf(const Arguments& arguments,
                                            const std::string& key);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_QUANTITY_OPTIONS_H_
