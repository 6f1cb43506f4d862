// The valid name that a mistyped one probably meant.
//
//   Nearest("presset", {"preset", "metric"})  // "preset"
#ifndef HONE_HARNESS_CLI_NEAREST_H_
#define HONE_HARNESS_CLI_NEAREST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace hone::harness {

// Insertions, deletions, substitutions and swaps of neighbours that turn one
// text into the other; '-' and '_' count as equal.
int EditDistance(absl::string_view a, absl::string_view b);

// The candidate that begins with `name`, else that of smallest distance; the
// first of equals; "" when there is none.
std::string Nearest(absl::string_view name,
                    const std::vector<std::string>& candidates);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_NEAREST_H_
