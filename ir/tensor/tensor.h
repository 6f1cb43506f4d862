// An immutable, typed, dense array, shared by pointer.
//
//   Tensor t = Tensor::FromVector<float>({2, 3}, {1, 2, 3, 4, 5, 6});
//   absl::Span<const float> values = t.Values<float>();
//
// Copying a Tensor copies a pointer. The bytes may be a view into something
// else (a mapped file), which the owner pointer keeps alive. Layout: row-major,
// little-endian, 4-bit and 2-bit elements packed with the first element in the
// low bits (ONNX's raw_data layout). Booleans are one byte, 0 or 1. Strings are
// held apart, in Strings().
#ifndef HONE_IR_TENSOR_TENSOR_H_
#define HONE_IR_TENSOR_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"

namespace hone {

// Concrete extents; empty for a scalar. Never negative inside a Tensor.
using Dims = absl::InlinedVector<int64_t, 6>;

// Product of the extents (1 for a scalar); nullopt when one is negative or the
// product exceeds int64.
std::optional<int64_t> ElementCount(absl::Span<const int64_t> dims);

// "[2, 3]"; "[]" for a scalar.
std::string DimsToString(absl::Span<const int64_t> dims);

class Tensor {
 public:
  // An undefined tensor: dtype kUndefined, no elements.
  Tensor() = default;

  // A view of `bytes`, kept alive by `owner` (may be null for static storage).
  // InvalidArgument: the extents overflow or do not need exactly bytes.size()
  // bytes.
  static absl::StatusOr<Tensor> View(DType dtype, Dims dims,
                                     absl::Span<const std::byte> bytes,
                                     std::shared_ptr<const void> owner);

  // Owns a copy. Requires values.size() == ElementCount(dims).
  template <typename T>
  static Tensor FromVector(Dims dims, absl::Span<const T> values);
  template <typename T>
  static Tensor FromVector(Dims dims, std::initializer_list<T> values) {
    return FromVector<T>(std::move(dims),
                         absl::MakeConstSpan(values.begin(), values.size()));
  }
  template <typename T>
  static Tensor Scalar(T value) {
    return FromVector<T>({}, absl::MakeConstSpan(&value, 1));
  }
  // Requires values.size() == ElementCount(dims).
  static Tensor FromStrings(Dims dims, std::vector<std::string> values);

  // New zeroed storage of this type and extents, 64-byte aligned, that the
  // caller fills through *bytes before sharing the tensor. InvalidArgument: the
  // extents overflow.
  static absl::StatusOr<Tensor> Allocate(DType dtype, Dims dims,
                                         absl::Span<std::byte>* bytes);

  DType dtype() const { return dtype_; }
  const Dims& dims() const { return dims_; }
  int rank() const { return static_cast<int>(dims_.size()); }
  int64_t size() const { return size_; }  // elements
  bool defined() const { return dtype_ != DType::kUndefined; }

  // The packed bytes; empty for strings.
  absl::Span<const std::byte> bytes() const { return {data_, byte_size_}; }

  // Requires dtype() == DTypeOf<T>() and the bytes to be aligned for T: true of
  // every tensor made here; a View of a file may be unaligned, see Aligned().
  template <typename T>
  absl::Span<const T> Values() const {
    return {reinterpret_cast<const T*>(data_), static_cast<size_t>(size_)};
  }
  const std::vector<std::string>& Strings() const;

  // This tensor if its bytes are aligned for its element type, else a copy that
  // is.
  Tensor Aligned() const;

  // The same bytes under other extents. Requires an equal element count.
  Tensor Reshaped(Dims dims) const;

  // XXH3-128 of dtype, extents and contents, as 32 hexadecimal digits.
  // O(bytes).
  std::string ContentHash() const;

  // True when both are the very same storage with the same type and extents.
  bool SharesStorageWith(const Tensor& other) const {
    return data_ == other.data_ && dtype_ == other.dtype_ &&
           dims_ == other.dims_ && owner_ == other.owner_;
  }
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  DType dtype_ = DType::kUndefined;
  Dims dims_;
  int64_t size_ = 0;
  const std::byte* data_ = nullptr;
  size_t byte_size_ = 0;
  std::shared_ptr<const void>
      owner_;  // for strings: the std::vector<std::string>
};

// Same dtype, extents and contents, bit for bit (NaNs of equal bits are equal).
bool BitwiseEqual(const Tensor& a, const Tensor& b);

}  // namespace hone

#endif  // HONE_IR_TENSOR_TENSOR_H_
