// Failures of the command, and what they become: a line on stderr, an object
// on stdout for `--json`, and an exit code.
//
//   return InputError("recipe.yaml", "no such key", "one of preset, metric",
//                     "presett");
//   // "recipe.yaml: no such key: expected one of preset, metric, found
//   presett"
//
// Parts travel as payloads of the absl::Status. A status that was made
// elsewhere is bad input (3) unless its code says otherwise.
#ifndef HONE_HARNESS_ERROR_ERROR_H_
#define HONE_HARNESS_ERROR_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace hone::harness {

// What a failure is, by name: the "code" of `--json`, and its exit code.
//   usage, invalid_argument              2
//   invalid_input, not_found,            3
//   unsupported, io, callback, internal
//   limit                                4 (memory, disk full, deadline)
//   cancelled                            130
struct Failure {
  std::string code;
  std::string message;
  std::string file;
  std::string node;
  std::string expected;
  std::string found;
};

// Exit code of a verb that did its work and met its bounds, and of one that
// did its work and did not.
inline constexpr int kExitDone = 0;
inline constexpr int kExitBoundNotMet = 1;
// Of one that printed what it found but concludes nothing from it.
inline constexpr int kExitRefused = 4;

// The command was typed wrongly.
absl::Status UsageError(absl::string_view what);
// A model, data or recipe that cannot be used; empty parts are left out.
absl::Status InputError(absl::string_view file, absl::string_view what,
                        absl::string_view expected = "",
                        absl::string_view found = "");
// Refused for a stated limit.
absl::Status LimitError(absl::string_view what);
// Reading or writing failed with `error_number` (errno): a full disk is a
// limit.
absl::Status IoError(absl::string_view file, absl::string_view what,
                     int error_number);
absl::Status CancelledError();

// A status with all its parts. The message is taken as it is.
absl::Status MakeFailure(const Failure& failure);
// Requires !status.ok().
Failure FailureOf(const absl::Status& status);

// Requires !status.ok().
int ExitCode(const absl::Status& status);
// {"error": {"code", "message", "file", "node", "expected", "found"}}
std::string FailureJson(const absl::Status& status);

}  // namespace hone::harness

// Returns the status of `expression` from the enclosing function unless it is
// OK.
#define HARNESS_RETURN_IF_ERROR(expression)                                   \
  do {                                                                        \
    if (::absl::Status harness_status = (expression); !harness_status.ok()) { \
      return harness_status;                                                  \
    }                                                                         \
  } while (false)

// HARNESS_ASSIGN_OR_RETURN(const int n, Number());
#define HARNESS_ASSIGN_OR_RETURN(declaration, expression)                \
  HARNESS_ASSIGN_OR_RETURN_IMPL_(HARNESS_CONCAT_(harness_or_, __LINE__), \
                                 declaration, expression)
#define HARNESS_CONCAT_INNER_(a, b) a##b
#define HARNESS_CONCAT_(a, b) HARNESS_CONCAT_INNER_(a, b)
#define HARNESS_ASSIGN_OR_RETURN_IMPL_(or_value, declaration, expression) \
  auto or_value = (expression);                                           \
  if (!or_value.ok()) return or_value.status();                           \
  declaration = *std::move(or_value)

#endif  // HONE_HARNESS_ERROR_ERROR_H_
