#include "kernels/exec/ops/adapter/late_view.h"

#include <cstddef>

#include "ir/dtype/dtype.h"

namespace hone {

absl::StatusOr<std::vector<Tensor>> BorrowInputs(const KernelContext& context) {
  std::vector<Tensor> tensors;
  tensors.reserve(context.inputs.size());
  for (const TensorView& input : context.inputs) {
    const std::optional<size_t> bytes = PackedBytes(input.dtype, input.size);
    if (!input.present() || !bytes.has_value()) {
      tensors.emplace_back();
      continue;
    }
    HONE_ASSIGN_OR_RETURN(
        Tensor tensor,
        Tensor::View(input.dtype, input.dims,
                     {static_cast<const std::byte*>(input.data), *bytes},
                     nullptr));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace hone
