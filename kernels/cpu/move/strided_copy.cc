#include "kernels/cpu/move/strided_copy.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "kernels/cpu/move/transpose_bytes.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/cpu/parallel/parallel_nest.h"

namespace hone {
namespace {

constexpr size_t kDst = 0, kSrc = 1;
constexpr size_t kNoLoop = static_cast<size_t>(-1);

struct Wide {
  uint64_t words[2];
};

template <typename T>
void CopyRow(const T* src, int64_t src_step, T* dst, int64_t dst_step,
             int64_t n) {
  if (src_step == 1 && dst_step == 1) {
    std::memcpy(dst, src, static_cast<size_t>(n) * sizeof(T));
    return;
  }
  if (src_step == 0 && dst_step == 1) {
    std::fill(dst, dst + n, *src);
    return;
  }
  for (int64_t i = 0; i < n; ++i) dst[i * dst_step] = src[i * src_step];
}

// dst[j * dst_step + i] = src[i * src_step + j]: a tile at a time, so that both
// sides stay within a few cache lines.
template <typename T>
void TransposeTiles(const T* src, int64_t src_step, T* dst, int64_t dst_step,
                    int64_t n, int64_t m) {
  if constexpr (sizeof(T) == 1) {
    return TransposeBytes(src, src_step, dst, dst_step, n, m);
  }
  constexpr int64_t kTile = 16;
  for (int64_t j0 = 0; j0 < m; j0 += kTile) {
    const int64_t j1 = std::min(m, j0 + kTile);
    for (int64_t i0 = 0; i0 < n; i0 += kTile) {
      const int64_t i1 = std::min(n, i0 + kTile);
      for (int64_t j = j0; j < j1; ++j) {
        for (int64_t i = i0; i < i1; ++i) {
          dst[j * dst_step + i] = src[i * src_step + j];
        }
      }
    }
  }
}

// The loop along which the source is dense, when the innermost is not.
size_t DenseSourceLoop(const LoopNest& nest) {
  if (nest.loops() < 2 || nest.inner_stride(kDst) != 1 ||
      nest.inner_stride(kSrc) == 1 || nest.inner_stride(kSrc) == 0) {
    return kNoLoop;
  }
  for (size_t l = 0; l + 1 < nest.loops(); ++l) {
    if (nest.stride(kSrc, l) == 1 && nest.dim(l) > 1) return l;
  }
  return kNoLoop;
}

template <typename T>
void CopyTransposed(ThreadPool& pool, const LoopNest& nest, size_t dense,
                    const T* src, T* dst) {
  // Cut the dense loop into strips, which become the tasks' innermost loop; the
  // last one takes the rest too, rather than leave a narrow one.
  constexpr int64_t kStrip = 64;
  const int64_t extent = nest.dim(dense);
  const int64_t strips = std::max<int64_t>(1, extent / kStrip);
  Extents dims;
  std::vector<Extents> strides(2);
  for (size_t l = 0; l + 1 < nest.loops(); ++l) {
    if (l == dense) continue;
    dims.push_back(nest.dim(l));
    for (const size_t a : {kDst, kSrc}) strides[a].push_back(nest.stride(a, l));
  }
  dims.push_back(1);
  for (const size_t a : {kDst, kSrc}) strides[a].push_back(0);
  const LoopNest others(dims, std::move(strides));
  const int64_t dst_step = nest.stride(kDst, dense);
  ForRanges(pool, others.rows() * strips,
            GrainFor(kLightGrain, nest.inner() * std::min(kStrip, extent)),
            [&](int64_t begin, int64_t end) {
              for (int64_t task = begin; task < end; ++task) {
                const int64_t strip = task % strips;
                const int64_t j = strip * kStrip;
                const int64_t width = strip + 1 == strips ? extent - j : kStrip;
                others.ForRows(task / strips, task / strips + 1,
                               [&](const LoopNest::Offsets& at) {
                                 TransposeTiles(src + at[kSrc] + j,
                                                nest.inner_stride(kSrc),
                                                dst + at[kDst] + j * dst_step,
                                                dst_step, nest.inner(), width);
                               });
              }
            });
}

template <typename T>
void Copy(ThreadPool& pool, const LoopNest& nest, const void* from, void* to) {
  const T* src = static_cast<const T*>(from);
  T* dst = static_cast<T*>(to);
  if (nest.rows() == 0) return;
  const size_t dense = DenseSourceLoop(nest);
  if (dense != kNoLoop) {
    CopyTransposed(pool, nest, dense, src, dst);
    return;
  }
  ForNest(pool, nest, kLightGrain, [&](const LoopNest::Offsets& at, int64_t n) {
    CopyRow(src + at[kSrc], nest.inner_stride(kSrc), dst + at[kDst],
            nest.inner_stride(kDst), n);
  });
}

}  // namespace

void StridedCopy(ThreadPool& pool, size_t element_bytes,
                 absl::Span<const int64_t> dims, const void* src,
                 const Extents& src_strides, void* dst,
                 const Extents& dst_strides) {
  LoopNest nest(dims, {dst_strides, src_strides});
  nest.Coalesce();
  switch (element_bytes) {
    case 1:
      return Copy<uint8_t>(pool, nest, src, dst);
    case 2:
      return Copy<uint16_t>(pool, nest, src, dst);
    case 4:
      return Copy<uint32_t>(pool, nest, src, dst);
    case 8:
      return Copy<uint64_t>(pool, nest, src, dst);
    default:
      return Copy<Wide>(pool, nest, src, dst);
  }
}

}  // namespace hone
