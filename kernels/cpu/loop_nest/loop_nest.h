// A nest of loops over several arrays with a stride for each array and loop:
// what broadcasting, transposing, slicing and reducing have in common.
//
//   LoopNest nest({2, 3, 4}, {RowMajorStrides({2, 3, 4}),
//                             BroadcastStrides({3, 1}, {2, 3, 4})});
//   nest.Coalesce();
//   nest.ForRows(0, nest.rows(), [&](const LoopNest::Offsets& at) {
//     for (int64_t i = 0; i < nest.inner(); ++i) {
//       y[at[0] + i * nest.inner_stride(0)] = x[at[1] + i *
//       nest.inner_stride(1)];
//     }
//   });
//
// Strides are in elements and may be zero or negative. A nest of no loops has
// one row of one element.
#ifndef HONE_KERNELS_CPU_LOOP_NEST_LOOP_NEST_H_
#define HONE_KERNELS_CPU_LOOP_NEST_LOOP_NEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

namespace hone {

using Extents = absl::InlinedVector<int64_t, 6>;

// Elements between neighbours along each axis of a dense row-major array.
Extents RowMajorStrides(absl::Span<const int64_t> dims);

// Strides that read an array of extents `dims` as if it had extents `target`
// (ONNX's multidirectional broadcasting): zero along missing axes and those of
// extent 1. Requires dims to broadcast to target.
Extents BroadcastStrides(absl::Span<const int64_t> dims,
                         absl::Span<const int64_t> target);

// True when every axis of `dims`, aligned at the last, is 1 or target's.
bool BroadcastsTo(absl::Span<const int64_t> dims,
                  absl::Span<const int64_t> target);

class LoopNest {
 public:
  static constexpr size_t kMaxArrays = 4;
  using Offsets = std::array<int64_t, kMaxArrays>;

  // strides[a][l]: array a, loop l; at most kMaxArrays arrays, every one with
  // as many strides as there are loops. Extents may be zero.
  LoopNest(absl::Span<const int64_t> dims, std::vector<Extents> strides);

  // Drops loops of extent 1 and merges neighbours that every array steps
  // through as if they were one. Keeps the order of visits.
  void Coalesce();

  size_t arrays() const { return strides_.size(); }
  size_t loops() const { return dims_.size(); }
  int64_t dim(size_t loop) const { return dims_[loop]; }
  int64_t stride(size_t array, size_t loop) const {
    return strides_[array][loop];
  }

  int64_t inner() const { return dims_.empty() ? 1 : dims_.back(); }
  int64_t inner_stride(size_t array) const {
    return dims_.empty() ? 1 : strides_[array].back();
  }
  // Visits of the innermost loop; 0 when any extent is.
  int64_t rows() const { return rows_; }

  // Calls f(offsets of the row's first elements) for rows [begin, end).
  template <typename F>
  void ForRows(int64_t begin, int64_t end, F&& f) const;

 private:
  void CountRows();

  Extents dims_;
  std::vector<Extents> strides_;
  int64_t rows_ = 1;
};

template <typename F>
void LoopNest::ForRows(int64_t begin, int64_t end, F&& f) const {
  const size_t arrays = strides_.size();
  const size_t outer = dims_.empty() ? 0 : dims_.size() - 1;
  Offsets at{};
  Extents index(outer, 0);
  int64_t rest = begin;
  for (size_t l = outer; l-- > 0;) {
    index[l] = rest % dims_[l];
    rest /= dims_[l];
    for (size_t a = 0; a < arrays; ++a) at[a] += index[l] * strides_[a][l];
  }
  for (int64_t row = begin; row < end; ++row) {
    f(static_cast<const Offsets&>(at));
    for (size_t l = outer; l-- > 0;) {
      for (size_t a = 0; a < arrays; ++a) at[a] += strides_[a][l];
      if (++index[l] < dims_[l]) break;
      for (size_t a = 0; a < arrays; ++a) at[a] -= dims_[l] * strides_[a][l];
      index[l] = 0;
    }
  }
}

}  // namespace hone

#endif  // HONE_KERNELS_CPU_LOOP_NEST_LOOP_NEST_H_
