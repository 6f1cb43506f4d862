#include "kernels/opencl/gemm/gemm.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace hone::opencl {

extern const char kGemmSource[];

namespace {

constexpr int kDepth = 16;

// Both tiles of local memory.
size_t LocalBytes(size_t group, int per_item) {
  return 2 * sizeof(float) * kDepth *
         (group * static_cast<size_t>(per_item) + 1);
}

// Large tiles read less; small ones leave no processor idle.
int PerItem(const DeviceInfo& device, size_t group, const GemmCall& call) {
  if (call.per_item != 0) return call.per_item;
  const int64_t tile = static_cast<int64_t>(group) * 8;
  const int64_t tiles = call.batch * (call.m / tile) * (call.n / tile);
  const bool enough = tiles >= 2 * static_cast<int64_t>(device.compute_units);
  const bool gpu = device.kind == DeviceInfo::Kind::kGpu;
  return gpu && enough && LocalBytes(group, 8) <= device.local_bytes ? 8 : 4;
}

}  // namespace

absl::Status Gemm(Context& context, const GemmCall& call, const BufferPtr& c) {
  size_t group = 16;
  while (group * group > context.device().most_group_items) group /= 2;
  const int per_item = PerItem(context.device(), group, call);
  const size_t tile = group * static_cast<size_t>(per_item);
  const auto tiles = [&](int64_t extent) {
    return (static_cast<size_t>(extent) + tile - 1) / tile * group;
  };
  const auto small = [](int64_t x) { return static_cast<int32_t>(x); };
  const int32_t extras =
      (call.bias == nullptr ? 0 : 1) | (call.residual == nullptr ? 0 : 2);
  return context.Run(
      {kGemmSource, absl::StrCat("-DGROUP=", group, " -DPER=", per_item,
                                 " -DDEPTH=", kDepth)},
      "gemm",
      {small(call.m), small(call.n), small(call.k), call.a.data, call.a.start,
       call.a.batch, small(call.a.row), small(call.a.column), call.b.data,
       call.b.start, call.b.batch, small(call.b.row), small(call.b.column), c,
       call.c_start, call.alpha, extras,
       // Never read when absent; some buffer must stand there.
       call.bias == nullptr ? call.a.data : call.bias, call.beta,
       small(call.bias_row), small(call.bias_column),
       call.residual == nullptr ? call.a.data : call.residual,
       static_cast<int32_t>(call.activation), call.p, call.q},
      {tiles(call.n), tiles(call.m), static_cast<size_t>(call.batch)},
      {group, group, 1});
}

}  // namespace hone::opencl
