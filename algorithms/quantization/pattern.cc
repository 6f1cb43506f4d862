#include "algorithms/quantization/pattern.h"

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {

absl::StatusOr<Pattern> Pattern::Of(const std::string& text) {
  auto* compiled = new regex_t;
  // Anchored here, so that "conv1" does not match "conv10".
  const int error = regcomp(compiled, absl::StrCat("^(", text, ")$").c_str(),
                            REG_EXTENDED | REG_NOSUB);
  if (error != 0) {
    char message[256];
    regerror(error, compiled, message, sizeof(message));
    delete compiled;
    return MakeError(
        absl::StatusCode::kInvalidArgument, message,
        {.expected = "a POSIX extended regular expression", .found = text});
  }
  Pattern pattern;
  pattern.compiled_ =
      std::shared_ptr<const regex_t>(compiled, [](const regex_t* regex) {
        regfree(const_cast<regex_t*>(regex));
        delete regex;
      });
  return pattern;
}

bool Pattern::Matches(const std::string& name) const {
  return regexec(compiled_.get(), name.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace hone
