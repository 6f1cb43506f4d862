#include "kernels/exec/ops/adapter/shapes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/loop_nest/loop_nest.h"

namespace hone {
namespace {

absl::Status Mismatch(absl::string_view label, absl::string_view what,
                      std::string expected, std::string found) {
  ErrorDetail detail;
  detail.node = std::string(label);
  detail.expected = std::move(expected);
  detail.found = std::move(found);
  return MakeError(absl::StatusCode::kInvalidArgument, what, detail);
}

}  // namespace

absl::Status ExpectDims(absl::string_view label, absl::string_view what,
                        absl::Span<const int64_t> expected,
                        absl::Span<const int64_t> found) {
  if (expected == found) return absl::OkStatus();
  return Mismatch(label, what, DimsToString(expected), DimsToString(found));
}

absl::Status ExpectBroadcast(absl::string_view label,
                             absl::Span<const int64_t> dims,
                             absl::Span<const int64_t> target) {
  if (BroadcastsTo(dims, target)) return absl::OkStatus();
  return Mismatch(label, "extents do not broadcast", DimsToString(target),
                  DimsToString(dims));
}

absl::Status ExpectEqual(absl::string_view label, absl::string_view what,
                         int64_t expected, int64_t found) {
  if (expected == found) return absl::OkStatus();
  return Mismatch(label, what, absl::StrCat(expected), absl::StrCat(found));
}

absl::Status ExpectInputs(absl::string_view label, const KernelContext& context,
                          size_t count) {
  bool present = context.inputs.size() >= count && !context.outputs.empty();
  for (size_t i = 0; present && i < count; ++i) {
    present = context.inputs[i].present();
  }
  if (present) return absl::OkStatus();
  return Mismatch(label, "an input is missing", absl::StrCat(count, " inputs"),
                  absl::StrCat(context.inputs.size()));
}

int64_t Product(absl::Span<const int64_t> dims, size_t begin, size_t end) {
  int64_t product = 1;
  for (size_t i = begin; i < end; ++i) product *= dims[i];
  return product;
}

}  // namespace hone
