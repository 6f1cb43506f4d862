#include "kernels/exec/buffer.h"

#include <cstdlib>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace hone {
namespace {

constexpr size_t kAlignment = 64;
// No machine has more, and beyond it sizes start to overflow.
constexpr size_t kMostBytes = size_t{1} << 46;

}  // namespace

absl::StatusOr<std::shared_ptr<std::byte>> NewBuffer(size_t bytes) {
  void* memory = nullptr;
  if (bytes <= kMostBytes) {
    // At least one line, so that an empty value has an address of its own.
    const size_t rounded = (bytes / kAlignment + 1) * kAlignment;
    memory = std::aligned_alloc(kAlignment, rounded);
  }
  if (memory == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no memory for ", bytes, " bytes"));
  }
  return std::shared_ptr<std::byte>(static_cast<std::byte*>(memory),
                                    [](std::byte* p) { std::free(p); });
}

absl::StatusOr<Tensor> NewTensor(DType dtype, const Dims& dims,
                                 std::byte** bytes) {
  const std::optional<int64_t> count = ElementCount(dims);
  const std::optional<size_t> size =
      count.has_value() ? PackedBytes(dtype, *count) : std::nullopt;
  if (!size.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", DTypeName(dtype), " tensor of shape ",
                     DimsToString(dims), " has no byte size"));
  }
  absl::StatusOr<std::shared_ptr<std::byte>> buffer = NewBuffer(*size);
  if (!buffer.ok()) return buffer.status();
  *bytes = buffer->get();
  const absl::Span<const std::byte> view(buffer->get(), *size);
  return Tensor::View(dtype, dims, view, *std::move(buffer));
}

}  // namespace hone
