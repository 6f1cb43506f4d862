#include "kernels/exec/ops/matmul/matmul.h"

#include <cstdint>
#include <limits>
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

KernelRun MatMul(Dims a, Dims b, Dims y) {
  KernelRun run;
  run.node.op_type = "MatMul";
  run.node.name = "qk";
  run.node.inputs = {"a", "b"};
  run.node.outputs = {"y"};
  run.inputs = {RandomTensor(a, 1), RandomTensor(b, 2)};
  run.output = y;
  return run;
}

void ExpectAgrees(KernelRun run) {
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeMatMul, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  for (bool constant : {true, false}) {
    run.constant = {false, constant};
    const absl::StatusOr<Tensor> y = RunKernel(MakeMatMul, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_LE(LargestError(*y, *expected), 1e-5);
  }
}

TEST(MatMulKernelTest, EveryRank) {
  ExpectAgrees(MatMul({5, 7}, {7, 9}, {5, 9}));
  ExpectAgrees(MatMul({7}, {7, 9}, {9}));
  ExpectAgrees(MatMul({5, 7}, {7}, {5}));
  ExpectAgrees(MatMul({7}, {7}, {}));
  ExpectAgrees(MatMul({2, 3, 5, 7}, {7, 9}, {2, 3, 5, 9}));
  ExpectAgrees(MatMul({2, 5, 7}, {7}, {2, 5}));
  ExpectAgrees(MatMul({7}, {2, 7, 9}, {2, 9}));
}

TEST(MatMulKernelTest, BatchesBroadcast) {
  ExpectAgrees(MatMul({2, 3, 5, 7}, {2, 3, 7, 9}, {2, 3, 5, 9}));
  ExpectAgrees(MatMul({2, 1, 5, 7}, {3, 7, 9}, {2, 3, 5, 9}));
  ExpectAgrees(MatMul({3, 5, 7}, {2, 1, 7, 9}, {2, 3, 5, 9}));
  ExpectAgrees(MatMul({1, 5, 7}, {2, 7, 9}, {2, 5, 9}));
  ExpectAgrees(MatMul({2, 1, 5, 7}, {1, 1, 7, 9}, {2, 1, 5, 9}));
  ExpectAgrees(MatMul({5, 7}, {3, 7, 9}, {3, 5, 9}));
}

TEST(MatMulKernelTest, KnownAnswerOfABroadcast) {
  KernelRun run = MatMul({2, 1, 1, 2}, {2, 2, 1}, {2, 2, 1, 1});
  run.inputs = {Tensor::FromVector<float>({2, 1, 1, 2}, {1, 2, 3, 4}),
                Tensor::FromVector<float>({2, 2, 1}, {1, 10, 100, 1000})};
  const absl::StatusOr<Tensor> y = RunKernel(MakeMatMul, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(BitwiseEqual(
      *y, Tensor::FromVector<float>({2, 2, 1, 1}, {21, 2100, 43, 4300})));
}

TEST(MatMulKernelTest, EmptyExtents) {
  ExpectAgrees(MatMul({5, 0}, {0, 9}, {5, 9}));
  ExpectAgrees(MatMul({0, 5, 7}, {0, 7, 9}, {0, 5, 9}));
  ExpectAgrees(MatMul({2, 0, 7}, {7, 9}, {2, 0, 9}));
}

TEST(MatMulKernelTest, FusedBiasResidualAndActivation) {
  for (const Dims& b : {Dims{7, 9}, Dims{6, 7, 9}}) {
    KernelRun run = MatMul({6, 5, 7}, b, {6, 5, 9});
    run.node.domain = "hone.internal";
    run.node.op_type = "FusedMatMul";
    run.node.SetAttribute(Attribute::String("activation", "LeakyRelu"));
    run.node.SetAttribute(Attribute::Floats("activation_params", {0.1f}));
    run.node.inputs = {"a", "b", "bias", ""};
    run.inputs.push_back(RandomTensor({9}, 3));
    run.inputs.push_back(Tensor());
    ExpectAgrees(run);
    run.node.inputs[3] = "r";
    run.inputs[3] = RandomTensor({6, 5, 9}, 4);
    ExpectAgrees(run);
    run.node.inputs[2] = "";
    run.inputs[2] = Tensor();
    ExpectAgrees(run);
  }
}

template <typename T>
void ExpectWraps(T a, T b, T product) {
  KernelRun run = MatMul({1, 1}, {1, 1}, {1, 1});
  run.inputs = {Tensor::FromVector<T>({1, 1}, {a}),
                Tensor::FromVector<T>({1, 1}, {b})};
  const absl::StatusOr<Tensor> y = RunKernel(MakeMatMul, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_EQ(y->Values<T>()[0], product);
}

TEST(MatMulKernelTest, IntegersWrapAround) {
  ExpectWraps<int32_t>(-3, 5, -15);
  ExpectWraps<int32_t>(std::numeric_limits<int32_t>::max(), 2, -2);
  ExpectWraps<uint32_t>(1u << 31, 2, 0);
  ExpectWraps<int64_t>(-3, 5, -15);
  ExpectWraps<uint64_t>(~uint64_t{0}, 2, ~uint64_t{0} - 1);
}

TEST(MatMulKernelTest, SaysWhatIsWrong) {
  const absl::StatusOr<Tensor> inner =
      RunKernel(MakeMatMul, MatMul({5, 7}, {6, 9}, {5, 9}));
  EXPECT_EQ(DetailOf(inner.status()).expected, "7 (A [5, 7])");
  EXPECT_EQ(DetailOf(inner.status()).found, "6 (B [6, 9])");
  EXPECT_EQ(DetailOf(inner.status()).node, "qk");
  const absl::StatusOr<Tensor> batch =
      RunKernel(MakeMatMul, MatMul({2, 5, 7}, {3, 7, 9}, {2, 5, 9}));
  EXPECT_EQ(DetailOf(batch.status()).expected, "broadcasting with A [2, 5, 7]");
}

}  // namespace
}  // namespace hone
