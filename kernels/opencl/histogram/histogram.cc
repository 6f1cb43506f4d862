#include "kernels/opencl/histogram/histogram.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {

extern const char kHistogramSource[];

namespace {

constexpr size_t kBins = 2048;
constexpr int64_t kChunk = 32768;  // elements of a group

}  // namespace

absl::StatusOr<uint64_t> CountBins(Context& context, const BufferPtr& x,
                                   int64_t n, int exponent, uint64_t* counts) {
  if (n == 0) return 0;
  const size_t group = context.group_items();
  std::vector<uint32_t> found(kBins + 1);
  const size_t bytes = found.size() * sizeof(uint32_t);
  const absl::StatusOr<BufferPtr> room = context.Zeros(bytes);
  if (!room.ok()) return room.status();
  const size_t groups = static_cast<size_t>((n + kChunk - 1) / kChunk);
  HONE_OPENCL_RETURN_IF_ERROR(context.Run(
      {kHistogramSource,
       absl::StrCat("-DGROUP=", group, " -DCHUNK=", kChunk, " -DBINS=", kBins)},
      "count_bins",
      {static_cast<int32_t>(n), std::ldexp(1.0f, -exponent), x, *room},
      {groups * group}, {group}));
  HONE_OPENCL_RETURN_IF_ERROR(context.Download(**room, found.data(), bytes));
  for (size_t b = 0; b < kBins; ++b) counts[b] += found[b];
  return found[kBins];
}

}  // namespace hone::opencl
