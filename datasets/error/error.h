// Errors that name the file, what was expected and what was found.
//
//   return DataError(absl::StatusCode::kInvalidArgument, "x.npy",
//                    "not a .npy file", "\\x93NUMPY", "PK");
//   // "x.npy: not a .npy file: expected \x93NUMPY, found PK"
//
// The parts travel as payloads of the absl::Status, so that `--json` can give
// them apart.
#ifndef HONE_DATASETS_ERROR_ERROR_H_
#define HONE_DATASETS_ERROR_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace hone::datasets {

// Message: "FILE: WHAT: expected EXPECTED, found FOUND", empty parts left out.
absl::Status DataError(absl::StatusCode code, absl::string_view file,
                       absl::string_view what, absl::string_view expected = "",
                       absl::string_view found = "");
// The commonest: kInvalidArgument.
absl::Status BadData(absl::string_view file, absl::string_view what,
                     absl::string_view expected = "",
                     absl::string_view found = "");

struct DataErrorParts {
  std::string file;
  std::string expected;
  std::string found;
};
// The parts of a status made here; empty strings elsewhere.
DataErrorParts PartsOf(const absl::Status& status);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_ERROR_ERROR_H_
