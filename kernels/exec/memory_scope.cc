#include "kernels/exec/memory_scope.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

thread_local uint64_t bytes_left = 0;

}  // namespace

MemoryScope::MemoryScope(uint64_t left) : outer_(bytes_left) {
  bytes_left = left;
}

MemoryScope::~MemoryScope() { bytes_left = outer_; }

uint64_t MemoryScope::Left() { return bytes_left; }

absl::Status MemoryScope::Allow(absl::string_view label, uint64_t bytes) {
  if (bytes_left == 0 || bytes <= bytes_left) return absl::OkStatus();
  ErrorDetail detail;
  detail.node = std::string(label);
  detail.expected = absl::StrCat("at most ", bytes_left, " bytes");
  detail.found = absl::StrCat(bytes);
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "its iterations' outputs pass the memory limit", detail);
}

}  // namespace hone
