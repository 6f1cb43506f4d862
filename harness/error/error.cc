#include "harness/error/error.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

constexpr absl::string_view kCode = "hone.code";
constexpr absl::string_view kFile = "hone.file";
constexpr absl::string_view kNode = "hone.node";
constexpr absl::string_view kExpected = "hone.expected";
constexpr absl::string_view kFound = "hone.found";

absl::StatusCode StatusCodeOf(absl::string_view code) {
  if (code == "not_found") return absl::StatusCode::kNotFound;
  if (code == "unsupported") return absl::StatusCode::kUnimplemented;
  if (code == "io") return absl::StatusCode::kDataLoss;
  if (code == "limit") return absl::StatusCode::kResourceExhausted;
  if (code == "cancelled") return absl::StatusCode::kCancelled;
  if (code == "callback") return absl::StatusCode::kAborted;
  if (code == "internal") return absl::StatusCode::kInternal;
  return absl::StatusCode::kInvalidArgument;
}

const char* CodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kNotFound:
      return "not_found";
    case absl::StatusCode::kUnimplemented:
      return "unsupported";
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return "limit";
    case absl::StatusCode::kCancelled:
      return "cancelled";
    case absl::StatusCode::kInternal:
      return "internal";
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnavailable:
      return "io";
    default:
      return "invalid_input";
  }
}

std::string PayloadOf(const absl::Status& status, absl::string_view key) {
  const absl::optional<absl::Cord> payload = status.GetPayload(key);
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::string Compose(absl::string_view file, absl::string_view what,
                    absl::string_view expected, absl::string_view found) {
  std::string message;
  if (!file.empty()) absl::StrAppend(&message, file, ": ");
  absl::StrAppend(&message, what);
  const char* separator = ": ";
  if (!expected.empty()) {
    absl::StrAppend(&message, separator, "expected ", expected);
    separator = ", ";
  }
  if (!found.empty()) absl::StrAppend(&message, separator, "found ", found);
  return message;
}

}  // namespace

absl::Status MakeFailure(const Failure& failure) {
  absl::Status status(StatusCodeOf(failure.code), failure.message);
  const std::pair<absl::string_view, const std::string*> parts[] = {
      {kCode, &failure.code},
      {kFile, &failure.file},
      {kNode, &failure.node},
      {kExpected, &failure.expected},
      {kFound, &failure.found}};
  for (const auto& [key, value] : parts) {
    if (!value->empty()) status.SetPayload(key, absl::Cord(*value));
  }
  return status;
}

absl::Status UsageError(absl::string_view what) {
  return MakeFailure({"usage", std::string(what), "", "", "", ""});
}

absl::Status InputError(absl::string_view file, absl::string_view what,
                        absl::string_view expected, absl::string_view found) {
  return MakeFailure({"invalid_input", Compose(file, what, expected, found),
                      std::string(file), "", std::string(expected),
                      std::string(found)});
}

absl::Status LimitError(absl::string_view what) {
  return MakeFailure({"limit", std::string(what), "", "", "", ""});
}

absl::Status IoError(absl::string_view file, absl::string_view what,
                     int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return MakeFailure(
      {full                     ? "limit"
       : error_number == ENOENT ? "not_found"
                                : "io",
       absl::StrCat(file, ": ", what, ": ", std::strerror(error_number)),
       std::string(file), "", "", std::strerror(error_number)});
}

absl::Status CancelledError() {
  return MakeFailure(
      {"cancelled", "interrupted; run again to go on", "", "", "", ""});
}

Failure FailureOf(const absl::Status& status) {
  Failure failure;
  failure.code = PayloadOf(status, kCode);
  if (failure.code.empty()) failure.code = CodeOf(status.code());
  failure.message = std::string(status.message());
  failure.file = PayloadOf(status, kFile);
  failure.node = PayloadOf(status, kNode);
  failure.expected = PayloadOf(status, kExpected);
  failure.found = PayloadOf(status, kFound);
  const datasets::DataErrorParts parts = datasets::PartsOf(status);
  if (failure.file.empty()) failure.file = parts.file;
  if (failure.expected.empty()) failure.expected = parts.expected;
  if (failure.found.empty()) failure.found = parts.found;
  return failure;
}

int ExitCode(const absl::Status& status) {
  const std::string code = FailureOf(status).code;
  if (code == "usage" || code == "invalid_argument") return 2;
  if (code == "limit") return 4;
  if (code == "cancelled") return 130;
  return 3;
}

std::string FailureJson(const absl::Status& status) {
  const Failure failure = FailureOf(status);
  return Json{{"error",
               {{"code", failure.code},
                {"message", failure.message},
                {"file", failure.file},
                {"node", failure.node},
                {"expected", failure.expected},
                {"found", failure.found}}}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hone::harness
