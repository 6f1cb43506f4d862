#include "kernels/cpu/move/mapped_copy.h"

#include <cstring>

#include "kernels/cpu/loop_nest/loop_nest.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

bool IsIdentity(const std::vector<int64_t>& map, int64_t extent) {
  if (static_cast<int64_t>(map.size()) != extent) return false;
  for (size_t i = 0; i < map.size(); ++i) {
    if (map[i] != static_cast<int64_t>(i)) return false;
  }
  return true;
}

template <typename T>
void GatherRow(const T* x, const std::vector<int64_t>& map, T* y) {
  for (size_t i = 0; i < map.size(); ++i) y[i] = x[map[i]];
}

// `typed`: blocks of `bytes` are single elements, aligned as such.
void CopyInner(const char* x, const std::vector<int64_t>& map, size_t bytes,
               bool typed, char* y) {
  switch (typed ? bytes : 0) {
    case 1:
      return GatherRow(reinterpret_cast<const uint8_t*>(x), map,
                       reinterpret_cast<uint8_t*>(y));
    case 2:
      return GatherRow(reinterpret_cast<const uint16_t*>(x), map,
                       reinterpret_cast<uint16_t*>(y));
    case 4:
      return GatherRow(reinterpret_cast<const uint32_t*>(x), map,
                       reinterpret_cast<uint32_t*>(y));
    case 8:
      return GatherRow(reinterpret_cast<const uint64_t*>(x), map,
                       reinterpret_cast<uint64_t*>(y));
    default:
      for (size_t i = 0; i < map.size(); ++i) {
        std::memcpy(y + i * bytes, x + map[i] * static_cast<int64_t>(bytes),
                    bytes);
      }
  }
}

}  // namespace

void MappedCopy(ThreadPool& pool, size_t element_bytes,
                absl::Span<const int64_t> dims,
                const std::vector<std::vector<int64_t>>& maps, const void* x,
                void* y) {
  // Whole trailing axes make larger elements.
  size_t axes = maps.size();
  size_t bytes = element_bytes;
  while (axes > 1 && IsIdentity(maps[axes - 1], dims[axes - 1])) {
    bytes *= static_cast<size_t>(dims[axes - 1]);
    --axes;
  }
  if (axes == 0) {
    std::memcpy(y, x, bytes);
    return;
  }
  const Extents strides = RowMajorStrides(dims.subspan(0, axes));
  const std::vector<int64_t>& inner = maps[axes - 1];
  int64_t rows = 1;
  for (size_t l = 0; l + 1 < axes; ++l) {
    rows *= static_cast<int64_t>(maps[l].size());
  }
  const size_t row_bytes = inner.size() * bytes;
  if (row_bytes == 0) return;
  const char* from = static_cast<const char*>(x);
  char* to = static_cast<char*>(y);
  ForRanges(pool, rows,
            GrainFor(4 * kLightGrain, static_cast<int64_t>(row_bytes)),
            [&](int64_t begin, int64_t end) {
              for (int64_t row = begin; row < end; ++row) {
                int64_t rest = row, at = 0;
                for (size_t l = axes - 1; l-- > 0;) {
                  const int64_t n = static_cast<int64_t>(maps[l].size());
                  at += maps[l][static_cast<size_t>(rest % n)] * strides[l];
                  rest /= n;
                }
                CopyInner(from + at * static_cast<int64_t>(bytes), inner, bytes,
                          bytes == element_bytes,
                          to + row * static_cast<int64_t>(row_bytes));
              }
            });
}

}  // namespace hone
