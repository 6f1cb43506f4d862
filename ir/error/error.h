// Errors that say where, what was expected and what was found.
//
//   return MakeError(absl::StatusCode::kInvalidArgument, "weight of wrong
//   rank",
//                    {.node = NodeLabel(node), .expected = "4", .found = "3"});
//   // "node conv1: weight of wrong rank: expected 4, found 3"
//
// The details travel as payloads of the absl::Status, so that the C ABI and
// `--json` can give them apart.
#ifndef HONE_IR_ERROR_ERROR_H_
#define HONE_IR_ERROR_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace hone {

struct ErrorDetail {
  std::string file = {};
  std::string node = {};  // a node's label, or a value's or an option's name
  std::string expected = {};
  std::string found = {};
};

// Control characters and bytes that are no UTF-8 are written as \xNN in node,
// expected and found, which are cut after some 200 bytes: they may come from a
// hostile file. Message: "FILE: node NODE: WHAT: expected EXPECTED, found
// FOUND", absent parts left out.
absl::Status MakeError(absl::StatusCode code, absl::string_view what,
                       const ErrorDetail& detail);

// The details of a status made here; empty strings elsewhere.
ErrorDetail DetailOf(const absl::Status& status);

// The same error with the file (or node) named, unless it already names one. OK
// stays OK.
absl::Status WithFile(const absl::Status& status, absl::string_view file);
absl::Status WithNode(const absl::Status& status, absl::string_view node);

}  // namespace hone

// Returns the status of `expression` from the enclosing function unless it is
// OK.
#define HONE_RETURN_IF_ERROR(expression)                                \
  do {                                                                  \
    if (::absl::Status hone_status = (expression); !hone_status.ok()) { \
      return hone_status;                                               \
    }                                                                   \
  } while (false)

// HONE_ASSIGN_OR_RETURN(const Tensor t, MakeTensor());
#define HONE_ASSIGN_OR_RETURN(declaration, expression)                       \
  HONE_ASSIGN_OR_RETURN_IMPL_(HONE_CONCAT_(hone_or_, __LINE__), declaration, \
                              expression)
#define HONE_CONCAT_INNER_(a, b) a##b
#define HONE_CONCAT_(a, b) HONE_CONCAT_INNER_(a, b)
#define HONE_ASSIGN_OR_RETURN_IMPL_(or_value, declaration, expression) \
  auto or_value = (expression);                                        \
  if (!or_value.ok()) return or_value.status();                        \
  declaration = *std::move(or_value)

#endif  // HONE_IR_ERROR_ERROR_H_
