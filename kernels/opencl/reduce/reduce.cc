#include "kernels/opencl/reduce/reduce.h"

#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kReduceSource[];

absl::Status Reduce(Context& context, Reduction reduction, const BufferPtr& x,
                    int64_t outer, int64_t extent, int64_t inner,
                    const BufferPtr& y) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const char* merge = "sum_of";
  float start = 0;
  if (reduction == Reduction::kMin) {
    merge = "least_of";
    start = kInfinity;
  } else if (reduction == Reduction::kMax) {
    merge = "greatest_of";
    start = -kInfinity;
  }
  const float factor = reduction != Reduction::kMean ? 1
                       : extent == 0 ? std::numeric_limits<float>::quiet_NaN()
                                     : 1 / static_cast<float>(extent);
  const size_t group = context.group_items();
  const Program program = {kReduceSource,
                           absl::StrCat("-DGROUP=", group, " -DMERGE=", merge)};
  const size_t n = static_cast<size_t>(outer * inner);
  const int32_t e = static_cast<int32_t>(extent);
  if (inner == 1) {
    return context.Run(program, "reduce_rows", {e, start, factor, x, y},
                       {n * group}, {group});
  }
  return context.Run(program, "reduce_columns",
                     {static_cast<int32_t>(n), e, static_cast<int32_t>(inner),
                      start, factor, x, y},
                     {n}, {group});
}

}  // namespace hone::opencl
