#include "capi/error.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

constexpr char kCode[] = "hone/abi_code";

hone_error_code CodeOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kCode);
  int32_t code = 0;
  if (payload.has_value() && absl::SimpleAtoi(std::string(*payload), &code)) {
    return static_cast<hone_error_code>(code);
  }
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return HONE_ERROR_INVALID_INPUT;
    case absl::StatusCode::kNotFound:
      return HONE_ERROR_NOT_FOUND;
    case absl::StatusCode::kUnimplemented:
      return HONE_ERROR_UNSUPPORTED;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kAlreadyExists:
      return HONE_ERROR_IO;
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return HONE_ERROR_LIMIT;
    case absl::StatusCode::kCancelled:
      return HONE_ERROR_CANCELLED;
    case absl::StatusCode::kFailedPrecondition:
      return HONE_ERROR_INVALID_ARGUMENT;
    default:
      return HONE_ERROR_INTERNAL;
  }
}

bool IsCode(int32_t code) {
  return code >= HONE_ERROR_INVALID_ARGUMENT && code <= HONE_ERROR_INTERNAL;
}

// Any absl code serves: the ABI's code travels beside it. These matter to code
// in between that looks at them.
absl::StatusCode StatusCodeOf(hone_error_code code) {
  switch (code) {
    case HONE_ERROR_CANCELLED:
      return absl::StatusCode::kCancelled;
    case HONE_ERROR_LIMIT:
      return absl::StatusCode::kResourceExhausted;
    case HONE_ERROR_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case HONE_ERROR_UNSUPPORTED:
      return absl::StatusCode::kUnimplemented;
    case HONE_ERROR_INTERNAL:
      return absl::StatusCode::kInternal;
    default:
      return absl::StatusCode::kInvalidArgument;
  }
}

}  // namespace

absl::Status Misuse(absl::string_view what, absl::string_view name,
                    absl::string_view expected, absl::string_view found) {
  const std::string text =
      name.empty() ? std::string(what) : absl::StrCat(name, ": ", what);
  ErrorDetail detail;
  detail.expected = std::string(expected);
  detail.found = std::string(found);
  return WithCode(MakeError(absl::StatusCode::kInvalidArgument, text, detail),
                  HONE_ERROR_INVALID_ARGUMENT);
}

absl::Status NullArgument(absl::string_view name) {
  return Misuse("must not be NULL", name);
}

absl::Status WithCode(const absl::Status& status, hone_error_code code) {
  if (status.ok()) return status;
  absl::Status copy = status;
  const std::string digits = absl::StrCat(static_cast<int>(code));
  // From a view: the constructor from a string is instantiated in Abseil's
  // library, under a name that another compiler spells otherwise.
  copy.SetPayload(kCode, absl::Cord(absl::string_view(digits)));
  return copy;
}

absl::Status OfWriting(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kResourceExhausted) return status;
  return WithCode(status, HONE_ERROR_IO);
}

hone_error* ToError(const absl::Status& status) {
  if (status.ok()) return nullptr;
  const ErrorDetail detail = DetailOf(status);
  hone_error* const error = new hone_error;
  error->code = CodeOf(status);
  error->message = std::string(status.message());
  error->file = detail.file;
  error->node = detail.node;
  error->expected = detail.expected;
  error->found = detail.found;
  return error;
}

absl::Status FromCallback(hone_error* error) {
  if (error == nullptr) return absl::OkStatus();
  const hone_error_code code = error->code;
  absl::Status status =
      MakeError(StatusCodeOf(code), error->message, {"", "", "", ""});
  // The parts travel without being repeated in the message.
  if (!error->file.empty() || !error->expected.empty() ||
      !error->found.empty()) {
    const absl::Status parts =
        MakeError(StatusCodeOf(code), error->message,
                  {error->file, error->node, error->expected, error->found});
    parts.ForEachPayload(
        [&status](absl::string_view name, const absl::Cord& value) {
          status.SetPayload(name, value);
        });
  }
  hone_error_free(error);
  return WithCode(status, IsCode(code) ? code : HONE_ERROR_CALLBACK);
}

hone_error* OutOfMemory() {
  static hone_error* const error = [] {
    // Made on first use, which may be too late to allocate: short strings live
    // inside the object, and the object in static storage.
    alignas(hone_error) static char storage[sizeof(hone_error)];
    hone_error* const made = new (storage) hone_error;
    made->code = HONE_ERROR_LIMIT;
    made->message = "out of memory";
    return made;
  }();
  return error;
}

hone_error* FromException(const char* what) {
  try {
    return ToError(absl::InternalError(
        absl::StrCat("a defect of Hone's, please report it: ", what)));
  } catch (...) {
    return OutOfMemory();
  }
}

}  // namespace hone::capi

using hone::capi::OutOfMemory;

hone_error_code hone_error_get_code(const hone_error* error) {
  return error == nullptr ? HONE_ERROR_INTERNAL : error->code;
}

const char* hone_error_message(const hone_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

const char* hone_error_file(const hone_error* error) {
  return error == nullptr ? "" : error->file.c_str();
}

const char* hone_error_node(const hone_error* error) {
  return error == nullptr ? "" : error->node.c_str();
}

const char* hone_error_expected(const hone_error* error) {
  return error == nullptr ? "" : error->expected.c_str();
}

const char* hone_error_found(const hone_error* error) {
  return error == nullptr ? "" : error->found.c_str();
}

hone_error* hone_error_new(hone_error_code code, const char* message) {
  return hone::capi::GuardOr(OutOfMemory(), [&] {
    hone_error* const error = new hone_error;
    error->code = code;
    error->message = message == nullptr ? "" : message;
    return error;
  });
}

void hone_error_free(hone_error* error) {
  if (error != OutOfMemory()) delete error;
}
