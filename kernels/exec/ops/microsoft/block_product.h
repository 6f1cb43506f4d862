// Products of a float matrix and weights that are kept as small codes.
#ifndef HONE_KERNELS_EXEC_OPS_MICROSOFT_BLOCK_PRODUCT_H_
#define HONE_KERNELS_EXEC_OPS_MICROSOFT_BLOCK_PRODUCT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "kernels/exec/kernel.h"

namespace hone {

struct BlockProduct {
  const char* name = "";
  int64_t k = 0, n = 0;
  // The weights [n, k] from the node's inputs.
  std::function<absl::StatusOr<std::vector<float>>(
      absl::Span<const TensorView> inputs)>
      dequantize;
  // Inputs [first, last) decide the weights.
  size_t first = 1, last = 3;
  int bias_input = -1;
};

// y [..., n] = x [..., k] weights^T + bias. Constant weights are dequantized
// and packed once, under `packing` in the cache of packed weights. float32.
absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockProduct(
    const KernelSpec& spec, BlockProduct product, absl::string_view packing);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_MICROSOFT_BLOCK_PRODUCT_H_
