#include "kernels/exec/ops/binary/broadcast.h"

#include <vector>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {

absl::StatusOr<BroadcastSpec> BroadcastSpec::Of(const KernelSpec& spec,
                                                AttributeReader* read) {
  BroadcastSpec broadcast;
  if (spec.opset < 7) broadcast.legacy_axis = read->Int("axis", -1);
  return read->Finish(broadcast);
}

absl::StatusOr<Broadcast> Broadcast::Of(const BroadcastSpec& spec,
                                        absl::string_view label,
                                        const KernelContext& context,
                                        size_t inputs) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, inputs));
  const Dims& target = context.outputs[0].dims;
  std::vector<Extents> strides = {RowMajorStrides(target)};
  for (size_t i = 0; i < inputs; ++i) {
    Dims dims = context.inputs[i].dims;
    if (i == 1 && spec.legacy_axis >= 0) {
      while (dims.size() + static_cast<size_t>(spec.legacy_axis) <
             target.size()) {
        dims.push_back(1);
      }
    }
    HONE_RETURN_IF_ERROR(ExpectBroadcast(label, dims, target));
    strides.push_back(BroadcastStrides(dims, target));
  }
  LoopNest nest(target, std::move(strides));
  nest.Coalesce();
  return Broadcast(std::move(nest), inputs);
}

}  // namespace hone
