// int8 weights in the order in which MultiplyInt8 (product.h) reads them.
//
// Columns (output channels) go in vectors of `lanes`; a vector's weights are
// [depth / 4][lanes][4] bytes, or [depth / 2][lanes][2] int16 where the CPU
// multiplies pairs of int16.
//
// Where the CPU adds two products in int16 with saturation (maddubs), a pair of
// weights whose sum with the largest activations, 255 * (w0 + w1), leaves int16
// is split when it is packed: what fits stays, the rest becomes an extra group
// of four that is multiplied once more. No sum can saturate then, whatever the
// activations are.
#ifndef HONE_KERNELS_CPU_INT8_GEMM_PACK_H_
#define HONE_KERNELS_CPU_INT8_GEMM_PACK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "hwy/aligned_allocator.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

struct Int8Layout {
  enum class Kind : uint8_t {
    kDot4,         // four products at once into int32 (VNNI)
    kSaturating4,  // pairs into int16 with saturation, then pairs into int32
    kPairs,        // pairs of int16 into int32
  };
  Kind kind = Kind::kPairs;
  int64_t lanes = 4;

  std::string name() const;  // names the packing, as "dot4.16"
};

// Of the instruction set that MultiplyInt8 runs on.
Int8Layout CurrentInt8Layout();

// Splits (w[0], w[1]) into what maddubs adds exactly, which stays in w, and the
// rest; false when there is no rest, which then is left alone.
bool SplitSaturatingPair(int8_t* w, int8_t* rest);

class PackedInt8 {
 public:
  // w: [groups * columns][taps * depth], dense. depth % 4 == 0.
  PackedInt8(const int8_t* w, int64_t groups, int64_t columns, int64_t taps,
             int64_t depth, Int8Layout layout);

  // One group and tap of a matrix that no plan knows beforehand: `b` [depth,
  // columns], row-major, of int8, or uint8 less 128. Rows of zeros make depth a
  // multiple of 4. All that it holds is in `storage`, StorageBytes, 64-byte
  // aligned, which must outlive it.
  static PackedInt8 OfMatrix(const void* b, bool is_signed, int64_t depth,
                             int64_t columns, Int8Layout layout,
                             std::byte* storage, ThreadPool& pool);
  static size_t StorageBytes(int64_t depth, int64_t columns, Int8Layout layout);

  PackedInt8(PackedInt8&&) = default;
  PackedInt8& operator=(PackedInt8&&) = default;

  // The rest of split pairs, for one vector of columns.
  struct Extras {
    // Where the activations of group i are.
    struct Place {
      int32_t tap;
      int32_t offset;
    };
    absl::Span<const Place> places;
    absl::Span<const int8_t> weights;  // [places][lanes][4]
  };

  int64_t groups() const { return groups_; }
  int64_t columns() const { return columns_; }
  int64_t taps() const { return taps_; }
  int64_t depth() const { return depth_; }
  const Int8Layout& layout() const { return layout_; }
  // Vectors of columns of one group.
  int64_t vectors() const {
    return (columns_ + layout_.lanes - 1) / layout_.lanes;
  }
  int64_t vector_bytes() const {
    return taps_ * depth_ * layout_.lanes *
           (layout_.kind == Int8Layout::Kind::kPairs ? 2 : 1);
  }
  const int8_t* data(int64_t group, int64_t vector) const {
    return data_ + (group * vectors() + vector) * vector_bytes();
  }
  // Null where nothing is ever split.
  const Extras* extras(int64_t group, int64_t vector) const {
    return extras_ == nullptr ? nullptr : extras_ + group * vectors() + vector;
  }
  // Sum over k of w[k, column] (wrapping).
  int32_t column_sum(int64_t group, int64_t column) const {
    return sums_[group * columns_ + column];
  }
  size_t bytes() const { return bytes_; }

 private:
  // What the plan's weights are held in; empty for OfMatrix.
  struct Owned {
    hwy::AlignedFreeUniquePtr<int8_t[]> data;
    std::vector<int32_t> sums;
    std::vector<Extras> extras;
    std::vector<std::vector<Extras::Place>> places;
    std::vector<std::vector<int8_t>> rest;
  };

  PackedInt8(int64_t depth, int64_t columns, Int8Layout layout);
  void PackVector(const int8_t* w, int64_t group, int64_t vector, int8_t* out);

  int64_t groups_;
  int64_t columns_;
  int64_t taps_;
  int64_t depth_;
  Int8Layout layout_;
  size_t bytes_ = 0;
  const int8_t* data_ = nullptr;
  const int32_t* sums_ = nullptr;
  const Extras* extras_ = nullptr;
  Owned owned_;
};

}  // namespace hone

#endif  // HONE_KERNELS_CPU_INT8_GEMM_PACK_H_
