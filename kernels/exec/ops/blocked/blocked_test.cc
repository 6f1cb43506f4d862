#include "kernels/exec/ops/blocked/blocked.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/exec/ops/testing/run_kernel.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

KernelRun RunOf(const char* op_type, std::vector<Tensor> inputs, Dims output) {
  KernelRun run;
  run.node.domain = "hone.internal";
  run.node.op_type = op_type;
  run.node.name = "node1";
  for (size_t i = 0; i < inputs.size(); ++i) {
    run.node.inputs.push_back(std::string(1, static_cast<char>('a' + i)));
    run.constant.push_back(false);
  }
  run.node.outputs = {"y"};
  run.opset = 1;
  run.inputs = std::move(inputs);
  run.output = std::move(output);
  return run;
}

Dims InBlocks(int64_t n, int64_t channels, int64_t height, int64_t width) {
  return {n, ChannelBlocks(channels), height, width, ChannelBlock()};
}

void ExpectError(const absl::Status& status, const char* part) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string message(status.message());
  EXPECT_NE(message.find(part), std::string::npos) << message;
  EXPECT_NE(message.find("node1"), std::string::npos) << message;
}

TEST(Blocked, ThereAndBack) {
  const Tensor x = RandomTensor({2, 5, 3, 4}, 1, -1, 1);
  const absl::StatusOr<Tensor> blocks =
      RunKernel(MakeChannelsToBlocks,
                RunOf("ChannelsToBlocks", {x}, InBlocks(2, 5, 3, 4)));
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  const absl::StatusOr<Tensor> back = RunKernel(
      MakeBlocksToChannels, RunOf("BlocksToChannels", {*blocks}, {2, 5, 3, 4}));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(BitwiseEqual(*back, x));
}

TEST(Blocked, OtherExtentsAreNamed) {
  const Tensor x = RandomTensor({2, 5, 3, 4}, 1, -1, 1);
  ExpectError(RunKernel(MakeChannelsToBlocks,
                        RunOf("ChannelsToBlocks", {x}, InBlocks(2, 5, 3, 5)))
                  .status(),
              "extents in blocks");
  const Tensor image = RandomTensor(InBlocks(1, 4, 3, 3), 1, -1, 1);
  ExpectError(RunKernel(MakeBlockedScale,
                        RunOf("BlockedScale", {image, image}, image.dims()))
                  .status(),
              "the scale");
  ExpectError(RunKernel(MakeBlockedPool, RunOf("BlockedGlobalAveragePool",
                                               {image}, InBlocks(1, 4, 2, 1)))
                  .status(),
              "output extents");
}

TEST(Blocked, ConvNeedsConstantsAndGroupsOfOne) {
  const Tensor image = RandomTensor(InBlocks(1, 4, 3, 3), 1, -1, 1);
  const Tensor w = RandomTensor({4, 2, 1, 1}, 2, -1, 1);
  KernelRun run = RunOf("BlockedConv", {image, w}, image.dims());
  ExpectError(RunKernel(MakeBlockedConv, run).status(), "W");
  run.constant[1] = true;
  // W has two channels a filter, x four.
  run.inputs[0] = RandomTensor(InBlocks(1, 40, 3, 3), 1, -1, 1);
  ExpectError(RunKernel(MakeBlockedConv, run).status(),
              "extents of x in blocks");
  run.inputs[0] = image;
  run.node.SetAttribute(Attribute::Int("group", 2));
  ExpectError(RunKernel(MakeBlockedConv, run).status(), "group");
}

TEST(Blocked, AFactorAChannel) {
  const int64_t block = ChannelBlock();
  const Tensor x = RandomTensor({1, 1, 2, 1, block}, 1, -1, 1);
  const Tensor scale = RandomTensor({1, 1, 1, 1, block}, 2, -1, 1);
  const absl::StatusOr<Tensor> y =
      RunKernel(MakeBlockedScale, RunOf("BlockedScale", {x, scale}, x.dims()));
  ASSERT_TRUE(y.ok()) << y.status();
  for (int64_t i = 0; i < 2 * block; ++i) {
    EXPECT_EQ(y->Values<float>()[i],
              x.Values<float>()[i] * scale.Values<float>()[i % block]);
  }
}

}  // namespace
}  // namespace hone
