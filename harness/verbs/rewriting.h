// What simplify and convert have in common: the file written, the figures of
// the check.
#ifndef HONE_HARNESS_VERBS_REWRITING_H_
#define HONE_HARNESS_VERBS_REWRITING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "capi/hone.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

using RewriteFn = hone_error* (*)(const hone_context*, const hone_model*,
                                  const hone_dataset*, const hone_options*,
                                  hone_model**, hone_result**);

// Runs `rewrite` with the options of C ABI verb `verb`, on --data where it is
// given, and writes --output unless --dry-run. `taken` is the preprocessing key
// that is another option of the verb (data/flags.h). Usage: -o is missing.
// Outcome: the library's result with "model", "output"; the text's first lines.
// `met` is false when the check was asked for and could not be made.
absl::StatusOr<Outcome> RunRewrite(Environment& environment, const char* verb,
                                   RewriteFn rewrite,
                                   absl::string_view taken = "");

// Rows of the report by "done": "12 folded, 3 removed".
std::string CountsText(const Json& nodes);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_REWRITING_H_
