#include "kernels/exec/ops/conv/conv.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/exec/ops/testing/run_kernel.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

KernelRun Conv(Dims x, Dims w, Dims y, std::vector<Attribute> attributes = {}) {
  KernelRun run;
  run.node.op_type = "Conv";
  run.node.name = "conv1";
  run.node.inputs = {"x", "w"};
  run.node.outputs = {"y"};
  run.node.attributes = std::move(attributes);
  run.inputs = {RandomTensor(x, 1), RandomTensor(w, 2)};
  run.constant = {false, true};
  run.output = y;
  return run;
}

void AddInput(KernelRun& run, Dims dims) {
  const uint32_t seed = static_cast<uint32_t>(run.inputs.size()) + 10;
  run.node.inputs.push_back("i" + std::to_string(seed));
  run.inputs.push_back(RandomTensor(dims, seed));
}

// The kernel equals its definition, with W constant or not.
void ExpectAgrees(KernelRun run) {
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeConv, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  for (bool constant : {true, false}) {
    run.constant = {false, constant};
    const absl::StatusOr<Tensor> y = RunKernel(MakeConv, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_LE(LargestError(*y, *expected), 2e-5);
  }
}

TEST(ConvKernelTest, AttributesOfEveryKind) {
  ExpectAgrees(Conv({2, 3, 9, 8}, {5, 3, 3, 3}, {2, 5, 7, 6}));
  ExpectAgrees(Conv({1, 3, 9, 8}, {5, 3, 3, 2}, {1, 5, 5, 5},
                    {Attribute::Ints("strides", {2, 2}),
                     Attribute::Ints("pads", {1, 2, 1, 0})}));
  ExpectAgrees(Conv({1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 9, 8},
                    {Attribute::String("auto_pad", "SAME_UPPER"),
                     Attribute::Ints("dilations", {2, 1})}));
  ExpectAgrees(Conv({1, 4, 9, 8}, {6, 2, 1, 1}, {1, 6, 9, 8},
                    {Attribute::Int("group", 2)}));
}

TEST(ConvKernelTest, OneAndThreeAxes) {
  ExpectAgrees(Conv({2, 3, 20}, {4, 3, 5}, {2, 4, 16}));
  ExpectAgrees(Conv({1, 3, 4, 5, 6}, {4, 3, 2, 3, 2}, {1, 4, 3, 3, 5}));
}

TEST(ConvKernelTest, Depthwise) {
  ExpectAgrees(Conv(
      {2, 6, 9, 8}, {6, 1, 3, 3}, {2, 6, 9, 8},
      {Attribute::Int("group", 6), Attribute::Ints("pads", {1, 1, 1, 1})}));
}

TEST(ConvKernelTest, FusedBiasResidualAndActivation) {
  for (int64_t group : {1, 4}) {
    KernelRun run = Conv({1, 4, 6, 7}, {4, 4 / group, 3, 3}, {1, 4, 6, 7},
                         {Attribute::Ints("pads", {1, 1, 1, 1}),
                          Attribute::Int("group", group)});
    run.node.op_type = "FusedConv";
    run.node.domain = "hone.internal";
    AddInput(run, {4});
    ExpectAgrees(run);
    AddInput(run, {1, 4, 6, 7});
    ExpectAgrees(run);
    run.node.SetAttribute(Attribute::String("activation", "Clip"));
    run.node.SetAttribute(Attribute::Floats("activation_params", {-0.25f, 1}));
    ExpectAgrees(run);
    run.node.SetAttribute(Attribute::String("activation", "HardSwish"));
    run.node.RemoveAttribute("activation_params");
    ExpectAgrees(run);
    run.inputs[2] = Tensor();
    run.node.inputs[2] = "";
    ExpectAgrees(run);
  }
}

TEST(ConvKernelTest, ComputesDoubles) {
  KernelRun run = Conv({1, 1, 2, 2}, {1, 1, 2, 2}, {1, 1, 1, 1});
  run.inputs = {Tensor::FromVector<double>({1, 1, 2, 2}, {1, 2, 3, 4}),
                Tensor::FromVector<double>({1, 1, 2, 2}, {1, 10, 100, 1e-9})};
  const absl::StatusOr<Tensor> y = RunKernel(MakeConv, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_DOUBLE_EQ(y->Values<double>()[0], 321.000000004);
}

TEST(ConvKernelTest, EmptyBatch) {
  ExpectAgrees(Conv({0, 3, 9, 8}, {5, 3, 3, 3}, {0, 5, 7, 6}));
}

void ExpectError(const KernelRun& run, absl::StatusCode code,
                 const std::string& expected, const std::string& found) {
  for (bool constant : {true, false}) {
    KernelRun one = run;
    one.constant = {false, constant};
    const absl::StatusOr<Tensor> y = RunKernel(MakeConv, one);
    ASSERT_FALSE(y.ok());
    EXPECT_EQ(y.status().code(), code) << y.status();
    const ErrorDetail detail = DetailOf(y.status());
    EXPECT_EQ(detail.node, "conv1");
    EXPECT_EQ(detail.expected, expected) << y.status();
    EXPECT_EQ(detail.found, found) << y.status();
  }
}

TEST(ConvKernelTest, SaysWhatIsWrong) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  ExpectError(Conv({1, 4, 9, 8}, {5, 3, 3, 3}, {1, 5, 7, 6}), kInvalid,
              "3 (W [5, 3, 3, 3], group 1)", "4");
  ExpectError(Conv({1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 7, 7}), kInvalid,
              "[1, 5, 7, 6]", "[1, 5, 7, 7]");
  ExpectError(Conv({1, 3, 9}, {5, 3, 3, 3}, {1, 5, 7, 6}), kInvalid,
              "equal, at least 3", "3 and 4");
  KernelRun run = Conv({1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 7, 6});
  AddInput(run, {4});
  ExpectError(run, kInvalid, "[5]", "[4]");
  run.inputs[2] = RandomTensor({5}, 1);
  AddInput(run, {5, 7, 6});
  ExpectError(run, kInvalid, "[1, 5, 7, 6]", "[5, 7, 6]");
  run = Conv({1, 2, 3, 3, 3, 3}, {2, 2, 1, 1, 1, 1}, {1, 2, 3, 3, 3, 3});
  ExpectError(run, absl::StatusCode::kUnimplemented, "at most 3 spatial axes",
              "4");
  run = Conv({1, 3, 9, 8}, {5, 3, 3, 3}, {1, 5, 7, 6},
             {Attribute::String("activation", "Sine")});
  const absl::StatusOr<Tensor> y = RunKernel(MakeConv, run);
  EXPECT_EQ(DetailOf(y.status()).found, "Sine");
}

}  // namespace
}  // namespace hone
