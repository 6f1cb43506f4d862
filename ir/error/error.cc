#include "ir/error/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace hone {
namespace {

// Payload names are URLs by Abseil's convention; these are ours alone.
constexpr char kWhat[] = "hone/what";
constexpr char kFile[] = "hone/file";
constexpr char kNode[] = "hone/node";
constexpr char kExpected[] = "hone/expected";
constexpr char kFound[] = "hone/found";

std::string Payload(const absl::Status& status, const char* name) {
  const absl::optional<absl::Cord> payload = status.GetPayload(name);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view what,
                       const ErrorDetail& detail) {
  std::string message;
  if (!detail.file.empty()) absl::StrAppend(&message, detail.file, ": ");
  if (!detail.node.empty())
    absl::StrAppend(&message, "node ", detail.node, ": ");
  absl::StrAppend(&message, what);
  if (!detail.expected.empty())
    absl::StrAppend(&message, ": expected ", detail.expected);
  if (!detail.found.empty()) {
    absl::StrAppend(&message, detail.expected.empty() ? ": found " : ", found ",
                    detail.found);
  }
  absl::Status status(code, message);
  const auto attach = [&status](const char* name, absl::string_view text) {
    if (!text.empty()) status.SetPayload(name, absl::Cord(text));
  };
  attach(kWhat, what);
  attach(kFile, detail.file);
  attach(kNode, detail.node);
  attach(kExpected, detail.expected);
  attach(kFound, detail.found);
  return status;
}

ErrorDetail DetailOf(const absl::Status& status) {
  return {Payload(status, kFile), Payload(status, kNode),
          Payload(status, kExpected), Payload(status, kFound)};
}

absl::Status WithFile(const absl::Status& status, absl::string_view file) {
  if (status.ok()) return status;
  ErrorDetail detail = DetailOf(status);
  if (!detail.file.empty()) return status;
  detail.file = std::string(file);
  const std::string what = Payload(status, kWhat);
  return MakeError(status.code(), what.empty() ? status.message() : what,
                   detail);
}

absl::Status WithNode(const absl::Status& status, absl::string_view node) {
  if (status.ok()) return status;
  ErrorDetail detail = DetailOf(status);
  if (!detail.node.empty()) return status;
  detail.node = std::string(node);
  const std::string what = Payload(status, kWhat);
  return MakeError(status.code(), what.empty() ? status.message() : what,
                   detail);
}

}  // namespace hone
