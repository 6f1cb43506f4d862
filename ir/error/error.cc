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

// Names in a hostile file are any bytes of any length, and messages end up on
// terminals and in JSON.
constexpr size_t kLongest = 200;

// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with
// none, or with a control character.
size_t PrintableLength(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  // Overlong forms, surrogates and what lies past U+10FFFF are no characters.
  if (first < 0xc2 || first > 0xf4 || (first == 0xe0 && byte(1) < 0xa0) ||
      (first == 0xed && byte(1) > 0x9f) || (first == 0xf0 && byte(1) < 0x90) ||
      (first == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

// `text` with every other byte written as \xNN, cut where it grows too long.
std::string Printable(absl::string_view text) {
  std::string printable;
  while (!text.empty()) {
    if (printable.size() >= kLongest) return printable + "...";
    const size_t length = PrintableLength(text);
    if (length == 0) {
      absl::StrAppend(
          &printable, "\\x",
          absl::Hex(static_cast<unsigned char>(text[0]), absl::kZeroPad2));
      text.remove_prefix(1);
    } else {
      absl::StrAppend(&printable, text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return printable;
}

std::string Payload(const absl::Status& status, const char* name) {
  const absl::optional<absl::Cord> payload = status.GetPayload(name);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view what,
                       const ErrorDetail& given) {
  // A file's name is the user's own and is shown in full.
  const ErrorDetail detail = {given.file, Printable(given.node),
                              Printable(given.expected),
                              Printable(given.found)};
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
