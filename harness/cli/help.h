// Help texts, laid out for 80 columns.
#ifndef HONE_HARNESS_CLI_HELP_H_
#define HONE_HARNESS_CLI_HELP_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "harness/cli/option.h"

namespace hone::harness {

// Usage, what the verb does, its options by group, two examples.
std::string HelpOf(const VerbSpec& verb);

// All verbs with their summaries.
std::string Overview(const std::vector<VerbSpec>& verbs);

// `text` broken into lines of at most `width` columns, every line but the
// first indented by `indent` blanks.
std::string Wrap(absl::string_view text, size_t indent, size_t width = 80);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_HELP_H_
