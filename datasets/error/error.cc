#include "datasets/error/error.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace hone::datasets {
namespace {

constexpr char kFile[] = "hone/file";
constexpr char kExpected[] = "hone/expected";
constexpr char kFound[] = "hone/found";

std::string Payload(const absl::Status& status, const char* name) {
  const absl::optional<absl::Cord> payload = status.GetPayload(name);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status DataError(absl::StatusCode code, absl::string_view file,
                       absl::string_view what, absl::string_view expected,
                       absl::string_view found) {
  std::string message;
  if (!file.empty()) absl::StrAppend(&message, file, ": ");
  absl::StrAppend(&message, what);
  if (!expected.empty()) absl::StrAppend(&message, ": expected ", expected);
  if (!found.empty()) {
    absl::StrAppend(&message, expected.empty() ? ": found " : ", found ",
                    found);
  }
  absl::Status status(code, message);
  const auto attach = [&status](const char* name, absl::string_view text) {
    if (!text.empty()) status.SetPayload(name, absl::Cord(text));
  };
  attach(kFile, file);
  attach(kExpected, expected);
  attach(kFound, found);
  return status;
}

absl::Status BadData(absl::string_view file, absl::string_view what,
                     absl::string_view expected, absl::string_view found) {
  return DataError(absl::StatusCode::kInvalidArgument, file, what, expected,
                   found);
}

DataErrorParts PartsOf(const absl::Status& status) {
  return {Payload(status, kFile), Payload(status, kExpected),
          Payload(status, kFound)};
}

}  // namespace hone::datasets
