#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/blocked/blocked_scale.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/blocked/blocked.h"

namespace hone {
namespace {

// Between [n, c, d...] and [n, blocks, d..., block].
class ConvertKernel : public Kernel {
 public:
  ConvertKernel(const Node& node, bool to_blocks)
      : node_(node), to_blocks_(to_blocks) {}

  absl::string_view name() const override {
    return to_blocks_ ? "blocked.to_blocks" : "blocked.to_channels";
  }

  absl::Status Run(const KernelContext& context) const override {
    const TensorView& x = context.inputs[0];
    const MutableTensorView& y = context.outputs[0];
    const Dims& plain = to_blocks_ ? x.dims : y.dims;
    const Dims& blocked = to_blocks_ ? y.dims : x.dims;
    if (plain.size() < 2) {
      return NodeError(node_, "rank of the image", "2 or more",
                       DimsToString(plain));
    }
    Dims expected = plain;
    expected[1] = ChannelBlocks(plain[1]);
    expected.push_back(ChannelBlock());
    HONE_RETURN_IF_ERROR(
        ExpectDims(NodeLabel(node_), "extents in blocks", expected, blocked));
    const int64_t pixels = Product(plain, 2, plain.size());
    if (to_blocks_) {
      BlockChannels(x.As<float>(), plain[0], plain[1], pixels, y.As<float>(),
                    *context.pool);
    } else {
      UnblockChannels(x.As<float>(), plain[0], plain[1], pixels, y.As<float>(),
                      *context.pool);
    }
    return absl::OkStatus();
  }

 private:
  const Node node_;
  const bool to_blocks_;
};

class ScaleKernel : public Kernel {
 public:
  explicit ScaleKernel(const Node& node) : node_(node) {}

  absl::string_view name() const override { return "blocked.scale"; }
  bool in_place() const override { return true; }

  absl::Status Run(const KernelContext& context) const override {
    const TensorView& x = context.inputs[0];
    const TensorView& scale = context.inputs[1];
    if (x.dims.size() < 4 || scale.dims.size() != x.dims.size()) {
      return NodeError(node_, "rank in blocks", "4 or 5", DimsToString(x.dims));
    }
    Dims one(x.dims.size(), 1);
    one[0] = x.dims[0];
    one[1] = x.dims[1];
    one.back() = ChannelBlock();
    HONE_RETURN_IF_ERROR(
        ExpectDims(NodeLabel(node_), "the scale", one, scale.dims));
    BlockedScale(x.As<float>(), scale.As<float>(), x.dims[0] * x.dims[1],
                 Product(x.dims, 2, x.dims.size() - 1),
                 context.outputs[0].As<float>(), *context.pool);
    return absl::OkStatus();
  }

 private:
  const Node node_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockedScale(
    const KernelSpec& spec) {
  return std::make_unique<ScaleKernel>(*spec.node);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeChannelsToBlocks(
    const KernelSpec& spec) {
  return std::make_unique<ConvertKernel>(*spec.node, true);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeBlocksToChannels(
    const KernelSpec& spec) {
  return std::make_unique<ConvertKernel>(*spec.node, false);
}

}  // namespace hone
