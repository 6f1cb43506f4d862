#include "kernels/opencl/gather/gather.h"

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kGatherSource[];

absl::Status GatherRows(Context& context, const BufferPtr& x, int64_t outer,
                        int64_t extent, int64_t inner,
                        absl::Span<const int32_t> index, const BufferPtr& y) {
  const int64_t count = static_cast<int64_t>(index.size());
  const uint32_t n = static_cast<uint32_t>(outer * count * inner);
  if (n == 0) return absl::OkStatus();
  const absl::StatusOr<BufferPtr> indices =
      context.Upload(index.data(), index.size() * sizeof(int32_t));
  if (!indices.ok()) return indices.status();
  const size_t group = context.group_items();
  return context.Run(
      {kGatherSource, absl::StrCat("-DGROUP=", group)}, "gather_rows",
      {n, static_cast<uint32_t>(extent), static_cast<uint32_t>(count),
       static_cast<uint32_t>(inner), x, *indices, y},
      {n}, {group});
}

}  // namespace hone::opencl
