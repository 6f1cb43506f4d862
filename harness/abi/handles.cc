#include "harness/abi/handles.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

struct CodeName {
  hone_error_code code;
  const char* name;
};
constexpr CodeName kCodes[] = {
    {HONE_ERROR_INVALID_ARGUMENT, "invalid_argument"},
    {HONE_ERROR_INVALID_INPUT, "invalid_input"},
    {HONE_ERROR_NOT_FOUND, "not_found"},
    {HONE_ERROR_UNSUPPORTED, "unsupported"},
    {HONE_ERROR_IO, "io"},
    {HONE_ERROR_LIMIT, "limit"},
    {HONE_ERROR_CANCELLED, "cancelled"},
    {HONE_ERROR_CALLBACK, "callback"},
    {HONE_ERROR_INTERNAL, "internal"},
};

}  // namespace

absl::Status FromHone(hone_error* error) {
  if (error == nullptr) return absl::OkStatus();
  Failure failure;
  failure.code = "internal";
  for (const CodeName& entry : kCodes) {
    if (entry.code == hone_error_get_code(error)) failure.code = entry.name;
  }
  failure.message = hone_error_message(error);
  failure.file = hone_error_file(error);
  failure.node = hone_error_node(error);
  failure.expected = hone_error_expected(error);
  failure.found = hone_error_found(error);
  // A full disk is a limit (exit code 4), any other failure of a file is not.
  if (failure.code == "io" &&
      absl::StrContains(failure.message, "No space left")) {
    failure.code = "limit";
  }
  hone_error_free(error);
  return MakeFailure(failure);
}

hone_error* ToHone(const absl::Status& status) {
  if (status.ok()) return nullptr;
  const Failure failure = FailureOf(status);
  // A callback's own failure is about the data it reads.
  hone_error_code code = HONE_ERROR_INVALID_INPUT;
  for (const CodeName& entry : kCodes) {
    if (failure.code == entry.name) code = entry.code;
  }
  return hone_error_new(code, failure.message.c_str());
}

std::string ToString(const hone_text* text) {
  return std::string(hone_text_data(text), hone_text_size(text));
}

}  // namespace hone::harness
