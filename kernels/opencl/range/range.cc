#include "kernels/opencl/range/range.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {

extern const char kRangeSource[];

namespace {

constexpr int64_t kChunk = 16384;  // elements of a row that a group reads
constexpr int64_t kRows = 64;      // outer positions that a work-item reads
constexpr int64_t kShortRow = 64;  // rows shorter than this are read by one

struct Partial {
  float least, greatest, sum, lost;
  uint32_t nans, infinities;
};
static_assert(sizeof(Partial) == 24, "as in range.cl");

void Merge(const Partial& partial, Range* range) {
  range->min = std::min(range->min, partial.least);
  range->max = std::max(range->max, partial.greatest);
  range->sum += static_cast<double>(partial.sum) + partial.lost;
  range->nan_count += partial.nans;
  range->inf_count += partial.infinities;
}

}  // namespace

absl::StatusOr<std::vector<Range>> RangesOf(Context& context,
                                            const BufferPtr& x, int64_t outer,
                                            int64_t channels, int64_t inner) {
  std::vector<Range> ranges(static_cast<size_t>(channels));
  if (outer * channels * inner == 0) return ranges;
  const size_t group = context.group_items();
  const Program program = {
      kRangeSource,
      absl::StrCat("-DGROUP=", group, " -DCHUNK=", kChunk, " -DROWS=", kRows)};
  const bool columns = inner < kShortRow;
  const int64_t blocks =
      columns ? (outer + kRows - 1) / kRows : (inner + kChunk - 1) / kChunk;
  const int64_t count = columns ? blocks * channels : blocks * outer * channels;
  std::vector<Partial> partials(static_cast<size_t>(count));
  const size_t bytes = partials.size() * sizeof(Partial);
  const absl::StatusOr<BufferPtr> room = context.Allocate(bytes);
  if (!room.ok()) return room.status();
  const int32_t o = static_cast<int32_t>(outer);
  const int32_t c = static_cast<int32_t>(channels);
  const int32_t i = static_cast<int32_t>(inner);
  HONE_OPENCL_RETURN_IF_ERROR(
      columns ? context.Run(program, "range_columns", {o, c, i, x, *room},
                            {static_cast<size_t>(channels),
                             static_cast<size_t>(blocks)},
                            {group, 1})
              : context.Run(program, "range_rows", {i, x, *room},
                            {static_cast<size_t>(blocks) * group,
                             static_cast<size_t>(outer * channels)},
                            {group, 1}));
  HONE_OPENCL_RETURN_IF_ERROR(context.Download(**room, partials.data(), bytes));
  for (int64_t p = 0; p < count; ++p) {
    const int64_t channel = columns ? p % channels : p / blocks % channels;
    Merge(partials[static_cast<size_t>(p)],
          &ranges[static_cast<size_t>(channel)]);
  }
  return ranges;
}

}  // namespace hone::opencl
