#include "kernels/opencl/softmax/softmax.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kSoftmaxSource[];

absl::Status Softmax(Context& context, const BufferPtr& x, int64_t outer,
                     int64_t extent, int64_t inner, bool log,
                     const BufferPtr& y) {
  if (extent == 0) return absl::OkStatus();
  const size_t group = context.group_items();
  return context.Run({kSoftmaxSource, absl::StrCat("-DGROUP=", group)},
                     "softmax_rows",
                     {static_cast<int32_t>(extent), static_cast<int32_t>(inner),
                      int32_t{log}, x, y},
                     {static_cast<size_t>(outer * inner) * group}, {group});
}

}  // namespace hone::opencl
