// Keys or values of earlier steps, as GroupQueryAttention caches them: float32,
// or with a scale for all or one for each head and element
//
//   int8            clamp(round_half_even(x / scale), -128, 127)
//   uint8, 4 bits   clamp(round_half_even(x / scale), -8, 7) + 8, two in a
//   byte,
//                   the first one low
//   float8e4m3fn    x / scale, rounded and saturated
#ifndef HONE_KERNELS_EXEC_OPS_ATTENTION_KV_CACHE_H_
#define HONE_KERNELS_EXEC_OPS_ATTENTION_KV_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "kernels/exec/kernel.h"

namespace hone {

class CacheFormat {
 public:
  // Of rows of `size` numbers for each of `heads`; `bits`: 4 or 8 of what is
  // quantized, 0 of float32. InvalidArgument: a type or scale that does not
  // fit.
  static absl::StatusOr<CacheFormat> Of(const Node& node, DType dtype,
                                        int64_t bits, const TensorView& scale,
                                        int64_t heads, int64_t size);

  bool quantized() const { return dtype_ != DType::kF32; }
  int64_t width() const { return bits_ == 4 ? size_ / 2 : size_; }
  size_t row_bytes() const;
  void Store(const float* row, int64_t head, std::byte* to) const;
  void Load(const std::byte* from, int64_t head, float* row) const;

 private:
  float ScaleOf(int64_t head, int64_t i) const {
    return scale_.size() == 1 ? scale_[0]
                              : scale_[static_cast<size_t>(head * size_ + i)];
  }

  DType dtype_ = DType::kF32;
  int64_t bits_ = 0, size_ = 0;
  std::vector<float> scale_;
};

// What one sample has in its caches.
struct CacheRows {
  int64_t before = 0;  // tokens before this step
  int64_t old = 0;     // rows of the past cache, the last of these tokens
  int64_t added = 0;   // rows of this step
  int64_t kept = 0;    // the last rows of both, for the present cache
  int64_t first() const { return before - old; }  // token of row 0
  int64_t all() const { return old + added; }
};

// Rows that a cache of `capacity` rows keeps of `tokens` where each query sees
// `window` keys: they are dropped capacity - window + 1 at once.
//   L(T) = T - G * ceil(max(T - C, 0) / G),  G = C - W + 1
int64_t RowsKept(int64_t tokens, int64_t window, int64_t capacity);

struct CacheExtents {
  int64_t batch = 0, heads = 0, size = 0;
  int64_t past = 0, present = 0;  // rows of the caches
  int64_t rows = 0;               // new ones, [batch, heads, rows, size]
  int64_t stride = 0;             // rows of `all`, [batch, heads, stride, size]
};

// The old rows and the new ones as a later step will read them, then zeros: in
// `all`, or in `present` where that holds the same. present, unless null: the
// rows that are kept, then zeros.
const float* AppendRows(const CacheFormat& format, const CacheExtents& extents,
                        absl::Span<const CacheRows> samples, const void* past,
                        const float* rows, void* present,
                        std::vector<float>* all);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ATTENTION_KV_CACHE_H_
