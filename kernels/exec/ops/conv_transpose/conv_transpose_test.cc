#include "kernels/exec/ops/conv_transpose/conv_transpose.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/ops/testing/run_kernel.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

KernelRun Transposed(Dims x, Dims w, Dims y,
                     std::vector<Attribute> attributes = {}) {
  KernelRun run;
  run.node.op_type = "ConvTranspose";
  run.node.name = "up1";
  run.node.inputs = {"x", "w", "b"};
  run.node.outputs = {"y"};
  run.node.attributes = std::move(attributes);
  run.inputs = {RandomTensor(x, 1), RandomTensor(w, 2),
                RandomTensor({y[1]}, 3)};
  run.output = y;
  return run;
}

void ExpectAgrees(KernelRun run) {
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeConvTranspose, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  for (bool constant : {true, false}) {
    run.constant = {false, constant, false};
    const absl::StatusOr<Tensor> y = RunKernel(MakeConvTranspose, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_LE(LargestError(*y, *expected), 1e-5);
  }
}

TEST(ConvTransposeKernelTest, AttributesOfEveryKind) {
  ExpectAgrees(Transposed({2, 3, 4, 5}, {3, 2, 3, 3}, {2, 2, 6, 7}));
  ExpectAgrees(Transposed({1, 3, 4, 5}, {3, 2, 4, 4}, {1, 2, 8, 10},
                          {Attribute::Ints("strides", {2, 2}),
                           Attribute::Ints("pads", {1, 1, 1, 1})}));
  ExpectAgrees(Transposed(
      {1, 4, 4, 5}, {4, 2, 3, 3}, {1, 4, 8, 10},
      {Attribute::Int("group", 2), Attribute::Ints("strides", {2, 2}),
       Attribute::Ints("output_shape", {8, 10})}));
  ExpectAgrees(Transposed({1, 3, 4, 5}, {3, 2, 3, 3}, {1, 2, 10, 12},
                          {Attribute::Ints("strides", {2, 2}),
                           Attribute::Ints("output_padding", {1, 1})}));
}

TEST(ConvTransposeKernelTest, OneAndThreeAxes) {
  ExpectAgrees(Transposed({2, 3, 7}, {3, 2, 3}, {2, 2, 9}));
  ExpectAgrees(Transposed({1, 3, 2, 3, 4}, {3, 2, 2, 2, 2}, {1, 2, 3, 4, 5}));
}

TEST(ConvTransposeKernelTest, Activation) {
  KernelRun run = Transposed({2, 3, 4, 5}, {3, 2, 3, 3}, {2, 2, 6, 7},
                             {Attribute::String("activation", "Relu")});
  run.node.domain = "hone.internal";
  run.node.op_type = "FusedConvTranspose";
  ExpectAgrees(run);
}

TEST(ConvTransposeKernelTest, SaysWhatIsWrong) {
  const absl::StatusOr<Tensor> channels = RunKernel(
      MakeConvTranspose, Transposed({2, 4, 4, 5}, {3, 2, 3, 3}, {2, 2, 6, 7}));
  EXPECT_EQ(DetailOf(channels.status()).expected, "rank 4 and 3 channels");
  EXPECT_EQ(DetailOf(channels.status()).found, "[2, 4, 4, 5]");
  const absl::StatusOr<Tensor> extents = RunKernel(
      MakeConvTranspose, Transposed({2, 3, 4, 5}, {3, 2, 3, 3}, {2, 2, 6, 8}));
  EXPECT_EQ(DetailOf(extents.status()).expected, "[2, 2, 6, 7]");
  EXPECT_EQ(DetailOf(extents.status()).node, "up1");
}

}  // namespace
}  // namespace hone
