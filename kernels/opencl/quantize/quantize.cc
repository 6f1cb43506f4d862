#include "kernels/opencl/quantize/quantize.h"

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "kernels/opencl/driver/error.h"

namespace hone::opencl {

extern const char kQuantizeSource[];

absl::Status Quantize(Context& context, const float* x, int64_t outer,
                      int64_t channels, int64_t inner,
                      absl::Span<const float> scale,
                      absl::Span<const int32_t> zero_point, int bits,
                      bool is_signed, void* q) {
  const size_t n = static_cast<size_t>(outer * channels * inner);
  if (n == 0) return absl::OkStatus();
  const size_t group = context.group_items();
  const int low = is_signed ? -(1 << (bits - 1)) : 0;
  const int high = (1 << (is_signed ? bits - 1 : bits)) - 1;
  const size_t out_bytes = n * static_cast<size_t>(bits / 8);
  const absl::StatusOr<BufferPtr> from = context.Upload(x, n * sizeof(float));
  if (!from.ok()) return from.status();
  const absl::StatusOr<BufferPtr> scales =
      context.Upload(scale.data(), scale.size() * sizeof(float));
  if (!scales.ok()) return scales.status();
  const absl::StatusOr<BufferPtr> zero_points =
      context.Upload(zero_point.data(), zero_point.size() * sizeof(int32_t));
  if (!zero_points.ok()) return zero_points.status();
  const absl::StatusOr<BufferPtr> to = context.Allocate(out_bytes);
  if (!to.ok()) return to.status();
  HONE_OPENCL_RETURN_IF_ERROR(context.Run(
      {kQuantizeSource,
       absl::StrCat(
           "-DGROUP=", group, " -DTYPE=", is_signed ? "" : "u",
           bits == 8 ? "char" : "short", " -DLOW=", low, " -DHIGH=", high,
           context.device().exact_division ? " -DEXACT_DIVISION" : "")},
      "quantize",
      {static_cast<int32_t>(n), static_cast<int32_t>(channels),
       static_cast<int32_t>(inner), *from, *scales, *zero_points, *to},
      {n}, {group}));
  return context.Download(**to, q, out_bytes);
}

}  // namespace hone::opencl
