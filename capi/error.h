// hone_error, and the border between absl::Status and the C ABI.
//
//   hone_error* hone_model_load(..., hone_model** out) {
//     return Guard([&]() -> absl::Status { ... });
//   }
#ifndef HONE_CAPI_ERROR_H_
#define HONE_CAPI_ERROR_H_

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "capi/hone.h"

struct hone_error {
  hone_error_code code = HONE_ERROR_INTERNAL;
  std::string message;
  std::string file;
  std::string node;
  std::string expected;
  std::string found;
};

namespace hone::capi {

// Wrong use of the ABI (HONE_ERROR_INVALID_ARGUMENT). `name` is the argument's,
// the option's, or "".
absl::Status Misuse(absl::string_view what, absl::string_view name = "",
                    absl::string_view expected = "",
                    absl::string_view found = "");
// An argument that must not be NULL.
absl::Status NullArgument(absl::string_view name);

// The same error under another code of the ABI; OK stays OK.
absl::Status WithCode(const absl::Status& status, hone_error_code code);
// For calls that write files: a full disk is HONE_ERROR_IO, not a limit.
absl::Status OfWriting(const absl::Status& status);

// NULL for OK. A status without a code of its own has: InvalidArgument,
// OutOfRange -> INVALID_INPUT, NotFound -> NOT_FOUND, Unimplemented ->
// UNSUPPORTED, PermissionDenied, Unavailable, DataLoss, AlreadyExists -> IO,
// ResourceExhausted, DeadlineExceeded -> LIMIT, Cancelled -> CANCELLED,
// FailedPrecondition -> INVALID_ARGUMENT, the rest INTERNAL.
hone_error* ToError(const absl::Status& status);
// What a callback answered; frees it. The callback's code and words are kept.
absl::Status FromCallback(hone_error* error);

// The one error that is not allocated: hone_error_free leaves it alone.
hone_error* OutOfMemory();
hone_error* FromException(const char* what);

// Runs `body` (returning absl::Status); no exception leaves it.
template <typename Body>
hone_error* Guard(Body&& body) noexcept {
  try {
    return ToError(std::forward<Body>(body)());
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  } catch (const std::exception& error) {
    return FromException(error.what());
  } catch (...) {
    return FromException("an unknown exception");
  }
}

// Runs `body` for functions that have no error to return: `otherwise` when it
// throws.
template <typename Body, typename Result>
Result GuardOr(Result otherwise, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return otherwise;
  }
}

}  // namespace hone::capi

#define HONE_REQUIRE(argument)                                 \
  if ((argument) == nullptr) {                                 \
    return ::hone::capi::Guard(                                \
        [] { return ::hone::capi::NullArgument(#argument); }); \
  }

#endif  // HONE_CAPI_ERROR_H_
