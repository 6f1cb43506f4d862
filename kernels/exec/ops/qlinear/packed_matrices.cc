#include "kernels/exec/ops/qlinear/packed_matrices.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "kernels/cpu/int8/gemm/product.h"

namespace hone {
namespace {

std::shared_ptr<const PackedMatrices> Pack(const Tensor& b) {
  const Dims& dims = b.dims();
  const int64_t n = dims.size() < 2 ? 1 : dims.back();
  const int64_t k = dims.size() < 2 ? dims[0] : dims[dims.size() - 2];
  const int64_t stride = (k + 3) / 4 * 4;
  const uint8_t flip = b.dtype() == DType::kS8 ? 0 : 0x80;
  auto packed = std::make_shared<PackedMatrices>();
  std::vector<int8_t> columns(static_cast<size_t>(n * stride));
  for (int64_t i = 0; i < b.size() / (k * n); ++i) {
    const auto* const from =
        reinterpret_cast<const uint8_t*>(b.bytes().data()) + i * k * n;
    for (int64_t c = 0; c < n; ++c) {
      for (int64_t r = 0; r < k; ++r) {
        columns[c * stride + r] = static_cast<int8_t>(from[r * n + c] ^ flip);
      }
    }
    packed->matrices.emplace_back(columns.data(), 1, n, 1, stride,
                                  CurrentInt8Layout());
  }
  return packed;
}

}  // namespace

std::shared_ptr<const PackedMatrices> PackMatrices(PackedCache* cache,
                                                   const Tensor& b) {
  return PackOnce<PackedMatrices>(
      cache, b, absl::StrCat("int8.matmul.", CurrentInt8Layout().name()),
      [&] { return Pack(b); });
}

}  // namespace hone
