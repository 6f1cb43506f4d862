#include "kernels/opencl/norm/norm.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kNormSource[];

absl::Status NormalizeRows(Context& context, const BufferPtr& x, int64_t rows,
                           int64_t n, float epsilon, bool centered,
                           const BufferPtr& scale, const BufferPtr& bias,
                           const BufferPtr& y) {
  if (n == 0) return absl::OkStatus();
  const size_t group = context.group_items();
  return context.Run(
      {kNormSource, absl::StrCat("-DGROUP=", group)}, "normalize_rows",
      {static_cast<int32_t>(n), epsilon, int32_t{centered}, x, scale,
       int32_t{bias != nullptr}, bias == nullptr ? scale : bias, y},
      {static_cast<size_t>(rows) * group}, {group});
}

}  // namespace hone::opencl
