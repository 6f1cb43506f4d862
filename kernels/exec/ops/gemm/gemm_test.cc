#include "kernels/exec/ops/gemm/gemm.h"

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
#include "kernels/exec/ops/testing/text_case.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

KernelRun Gemm(Dims a, Dims b, Dims y, std::vector<Attribute> attributes = {}) {
  KernelRun run;
  run.node.op_type = "Gemm";
  run.node.name = "fc";
  run.node.inputs = {"a", "b"};
  run.node.outputs = {"y"};
  run.node.attributes = std::move(attributes);
  run.inputs = {RandomTensor(a, 1), RandomTensor(b, 2)};
  run.output = y;
  return run;
}

void ExpectAgrees(KernelRun run) {
  run.reference = true;
  const absl::StatusOr<Tensor> expected = RunKernel(MakeGemm, run);
  ASSERT_TRUE(expected.ok()) << expected.status();
  run.reference = false;
  for (bool constant : {true, false}) {
    run.constant = {false, constant};
    const absl::StatusOr<Tensor> y = RunKernel(MakeGemm, run);
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_LE(LargestError(*y, *expected), 1e-5);
  }
}

TEST(GemmKernelTest, TransposesAndScales) {
  ExpectAgrees(Gemm({5, 7}, {7, 9}, {5, 9}));
  ExpectAgrees(Gemm({7, 5}, {7, 9}, {5, 9}, {Attribute::Int("transA", 1)}));
  ExpectAgrees(
      Gemm({5, 7}, {9, 7}, {5, 9},
           {Attribute::Int("transB", 1), Attribute::Float("alpha", 0.5f)}));
  ExpectAgrees(
      Gemm({7, 5}, {9, 7}, {5, 9},
           {Attribute::Int("transA", 1), Attribute::Int("transB", 1)}));
}

TEST(GemmKernelTest, IntegersWrapAround) {
  ExpectOutputs(
      R"(<ir_version: 10, opset_import: ["": 13]>
  net () => (int32[1, 2] a, uint64[1, 1] b, uint32[1, 1] c) {
    x = constant int32[1, 2] {65536, 3}
    w = constant int32[2, 2] {65536, 1, 2, 5}
    z = constant int32[2] {-7, 1}
    a = Gemm(x, w, z)
    p = constant uint64[1, 1] {9223372036854775807}
    q = constant uint64[1, 1] {2}
    t = constant uint64[] {3}
    b = Gemm(p, q, t)
    r = constant uint32[1, 1] {1}
    s = constant uint32[1, 1] {5}
    c = Gemm<beta = 0.0>(r, s, s)
  })",
      {"int32[1, 2] {-1, 65552}", "uint64[1, 1] {1}", "uint32[1, 1] {5}"});
}

TEST(GemmKernelTest, ScaledIntegersAreCutTowardsZero) {
  ExpectOutputs(R"(<ir_version: 10, opset_import: ["": 13]>
  net () => (int64[2, 2] a, uint32[1, 1] b) {
    x = constant int64[1, 2] {3, -1}
    w = constant int64[1, 2] {1, -7}
    z = constant int64[2, 1] {1, 2}
    a = Gemm<transA = 1, alpha = 0.5, beta = 0.25>(x, w, z)
    p = constant uint32[1, 1] {3}
    b = Gemm<alpha = -1.0>(p, p)
  })",
                // 1.5 + .25, -10.5 + .25, -.5 + .5, 3.5 + .5; -9
                {"int64[2, 2] {1, -10, 0, 4}", "uint32[1, 1] {0}"});
}

TEST(GemmKernelTest, EveryFormOfC) {
  for (float beta : {1.0f, 0.5f}) {
    for (const Dims& c : {Dims{9}, Dims{1, 9}, Dims{5, 9}, Dims{5, 1}, Dims{1},
                          Dims{}, Dims{1, 1}}) {
      KernelRun run =
          Gemm({5, 7}, {7, 9}, {5, 9}, {Attribute::Float("beta", beta)});
      run.node.inputs.push_back("c");
      run.inputs.push_back(RandomTensor(c, 3));
      ExpectAgrees(run);
    }
  }
  // One column: C [m, 1] is a whole row each.
  KernelRun run = Gemm({5, 7}, {7, 1}, {5, 1});
  run.node.inputs.push_back("c");
  run.inputs.push_back(RandomTensor({5, 1}, 3));
  ExpectAgrees(run);
}

TEST(GemmKernelTest, FusedResidualAndActivation) {
  KernelRun run =
      Gemm({5, 7}, {7, 9}, {5, 9}, {Attribute::String("activation", "Relu")});
  run.node.domain = "hone.internal";
  run.node.op_type = "FusedGemm";
  run.node.inputs = {"a", "b", "", "r"};
  run.inputs.push_back(Tensor());
  run.inputs.push_back(RandomTensor({5, 9}, 4));
  ExpectAgrees(run);
  run.node.inputs[2] = "c";
  run.inputs[2] = RandomTensor({9}, 5);
  ExpectAgrees(run);
}

TEST(GemmKernelTest, NoDepthAndNoRows) {
  KernelRun run = Gemm({5, 0}, {0, 9}, {5, 9});
  run.node.inputs.push_back("c");
  run.inputs.push_back(RandomTensor({9}, 3));
  ExpectAgrees(run);
  ExpectAgrees(Gemm({0, 7}, {7, 9}, {0, 9}));
}

TEST(GemmKernelTest, ComputesDoubles) {
  KernelRun run = Gemm({1, 2}, {2, 1}, {1, 1});
  run.inputs = {Tensor::FromVector<double>({1, 2}, {1, 1e-9}),
                Tensor::FromVector<double>({2, 1}, {1, 1})};
  const absl::StatusOr<Tensor> y = RunKernel(MakeGemm, run);
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_DOUBLE_EQ(y->Values<double>()[0], 1 + 1e-9);
}

TEST(GemmKernelTest, SaysWhatIsWrong) {
  const absl::StatusOr<Tensor> inner =
      RunKernel(MakeGemm, Gemm({5, 7}, {6, 9}, {5, 9}));
  EXPECT_EQ(DetailOf(inner.status()).expected, "7");
  EXPECT_EQ(DetailOf(inner.status()).found, "6");
  EXPECT_EQ(DetailOf(inner.status()).node, "fc");
  KernelRun run = Gemm({5, 7}, {7, 9}, {5, 9});
  run.node.inputs.push_back("c");
  run.inputs.push_back(RandomTensor({4, 9}, 3));
  const absl::StatusOr<Tensor> c = RunKernel(MakeGemm, run);
  EXPECT_EQ(DetailOf(c.status()).expected, "broadcasting to [5, 9]");
  EXPECT_EQ(DetailOf(c.status()).found, "[4, 9]");
}

}  // namespace
}  // namespace hone
