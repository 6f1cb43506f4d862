#include "ir/tensor/tensor.h"

// The state on the stack is the header's own definition, so library and header
// must agree: both come from one Debian package.
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace hone {
namespace {

constexpr size_t kAlignment = 64;

struct AlignedDelete {
  void operator()(void* p) const {
    ::operator delete(p, std::align_val_t{kAlignment});
  }
};

std::shared_ptr<void> AllocateAligned(size_t bytes) {
  // At least one byte, so that an empty tensor still has a pointer of its own.
  return {::operator new(bytes > 0 ? bytes : 1, std::align_val_t{kAlignment}),
          AlignedDelete()};
}

}  // namespace

std::optional<int64_t> ElementCount(absl::Span<const int64_t> dims) {
  int64_t count = 1;
  bool empty = false;
  for (int64_t dim : dims) {
    if (dim < 0) return std::nullopt;
    if (dim == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, dim, &count)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : count;
}

std::string DimsToString(absl::Span<const int64_t> dims) {
  return absl::StrCat("[", absl::StrJoin(dims, ", "), "]");
}

absl::StatusOr<Tensor> Tensor::View(DType dtype, Dims dims,
                                    absl::Span<const std::byte> bytes,
                                    std::shared_ptr<const void> owner) {
  const std::optional<int64_t> count = ElementCount(dims);
  const std::optional<size_t> expected =
      count.has_value() ? PackedBytes(dtype, *count) : std::nullopt;
  if (!expected.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", DTypeName(dtype), " tensor of shape ",
                     DimsToString(dims), " has no byte size"));
  }
  if (*expected != bytes.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a ", DTypeName(dtype), " tensor of shape ", DimsToString(dims),
        ": expected ", *expected, " bytes, found ", bytes.size()));
  }
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.dims_ = std::move(dims);
  tensor.size_ = *count;
  tensor.data_ = bytes.data();
  tensor.byte_size_ = bytes.size();
  tensor.owner_ = std::move(owner);
  return tensor;
}

absl::StatusOr<Tensor> Tensor::Allocate(DType dtype, Dims dims,
                                        absl::Span<std::byte>* bytes) {
  const std::optional<int64_t> count = ElementCount(dims);
  const std::optional<size_t> size =
      count.has_value() ? PackedBytes(dtype, *count) : std::nullopt;
  if (!size.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", DTypeName(dtype), " tensor of shape ",
                     DimsToString(dims), " has no byte size"));
  }
  std::shared_ptr<void> storage = AllocateAligned(*size);
  std::memset(storage.get(), 0, *size);
  *bytes = {static_cast<std::byte*>(storage.get()), *size};
  return View(dtype, std::move(dims), *bytes, std::move(storage));
}

template <typename T>
Tensor Tensor::FromVector(Dims dims, absl::Span<const T> values) {
  assert(ElementCount(dims) == static_cast<int64_t>(values.size()));
  absl::Span<std::byte> bytes;
  absl::StatusOr<Tensor> tensor =
      Allocate(DTypeOf<T>(), std::move(dims), &bytes);
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return *std::move(tensor);
}

template Tensor Tensor::FromVector(Dims, absl::Span<const float>);
template Tensor Tensor::FromVector(Dims, absl::Span<const double>);
template Tensor Tensor::FromVector(Dims, absl::Span<const uint8_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const int8_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const uint16_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const int16_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const uint32_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const int32_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const uint64_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const int64_t>);
template Tensor Tensor::FromVector(Dims, absl::Span<const bool>);

Tensor Tensor::FromStrings(Dims dims, std::vector<std::string> values) {
  assert(ElementCount(dims) == static_cast<int64_t>(values.size()));
  Tensor tensor;
  tensor.dtype_ = DType::kString;
  tensor.dims_ = std::move(dims);
  tensor.size_ = static_cast<int64_t>(values.size());
  tensor.owner_ =
      std::make_shared<const std::vector<std::string>>(std::move(values));
  return tensor;
}

const std::vector<std::string>& Tensor::Strings() const {
  assert(dtype_ == DType::kString);
  return *static_cast<const std::vector<std::string>*>(owner_.get());
}

Tensor Tensor::Aligned() const {
  const size_t alignment =
      BitsPerElement(dtype_) >= 128 ? 8 : (BitsPerElement(dtype_) + 7) / 8;
  if (alignment <= 1 || reinterpret_cast<uintptr_t>(data_) % alignment == 0)
    return *this;
  std::shared_ptr<void> storage = AllocateAligned(byte_size_);
  std::memcpy(storage.get(), data_, byte_size_);
  Tensor copy = *this;
  copy.data_ = static_cast<const std::byte*>(storage.get());
  copy.owner_ = std::move(storage);
  return copy;
}

Tensor Tensor::Reshaped(Dims dims) const {
  assert(ElementCount(dims) == size_);
  Tensor copy = *this;
  copy.dims_ = std::move(dims);
  return copy;
}

std::string Tensor::ContentHash() const {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  const uint64_t header[2] = {static_cast<uint64_t>(dtype_), dims_.size()};
  XXH3_128bits_update(&state, header, sizeof(header));
  XXH3_128bits_update(&state, dims_.data(), dims_.size() * sizeof(int64_t));
  if (dtype_ == DType::kString) {
    for (const std::string& s : Strings()) {
      const uint64_t length = s.size();
      XXH3_128bits_update(&state, &length, sizeof(length));
      XXH3_128bits_update(&state, s.data(), s.size());
    }
  } else if (byte_size_ > 0) {
    XXH3_128bits_update(&state, data_, byte_size_);
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

bool BitwiseEqual(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || a.dims() != b.dims()) return false;
  if (a.dtype() == DType::kString) return a.Strings() == b.Strings();
  return a.bytes().empty() ||
         std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

}  // namespace hone
