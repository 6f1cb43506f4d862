// The known name that a mistyped one was meant to be.
#ifndef HONE_IR_NEAREST_NEAREST_H_
#define HONE_IR_NEAREST_NEAREST_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone {

// The first candidate that begins with `name`, else the first of smallest
// Levenshtein distance; "" when none is nearer than a third of the name's
// length + 2, and for an empty name or one of over 64 characters (distances of
// names of file size would take quadratic time, and are near nothing).
absl::string_view NearestName(absl::string_view name,
                              absl::Span<const absl::string_view> candidates);

}  // namespace hone

#endif  // HONE_IR_NEAREST_NEAREST_H_
