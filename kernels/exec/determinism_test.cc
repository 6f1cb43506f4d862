// The same bytes for any number of threads, from any number of them at once,
// and no more memory than the values that are live together.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

// Convolutions of every kind, a residual, squeeze and excite, a classifier.
constexpr char kNet[] = R"(
  net (float32[N, 3, 33, 31] x) => (? y) {
    w1 = constant float32[16, 3, 3, 3] random(1, -0.3, 0.3)
    b1 = constant float32[16] random(2)
    w2 = constant float32[16, 1, 3, 3] random(3)
    w3 = constant float32[16, 16, 1, 1] random(4, -0.3, 0.3)
    e1 = constant float32[4, 16, 1, 1] random(5)
    e2 = constant float32[16, 4, 1, 1] random(6)
    fc = constant float32[16, 10] random(7)
    fb = constant float32[10] random(8)
    c1 = Conv<pads = [1, 1, 1, 1], strides = [2, 2]>(x, w1, b1)
    h1 = HardSwish(c1)
    c2 = Conv<pads = [1, 1, 1, 1], group = 16>(h1, w2)
    r2 = Relu(c2)
    g = GlobalAveragePool(r2)
    s1 = Conv(g, e1)
    s2 = Relu(s1)
    s3 = Conv(s2, e2)
    s4 = HardSigmoid(s3)
    m = Mul(r2, s4)
    c3 = Conv(m, w3)
    a = Add(c3, h1)
    p = MaxPool<kernel_shape = [3, 3], strides = [2, 2]>(a)
    q = GlobalAveragePool(p)
    f = Flatten(q)
    z = Gemm(f, fc, fb)
    y = Softmax<axis = -1>(z)
  })";

std::shared_ptr<const Plan> Compiled(const char* text,
                                     const CompileOptions& options) {
  const absl::StatusOr<Model> model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  if (!model.ok()) return nullptr;
  const auto plan = Compile(*model, options);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *plan : nullptr;
}

Tensor RunOn(const Plan& plan, Workspace& workspace, int threads,
             const Tensor& x) {
  ThreadPool pool(threads);
  RunOptions run;
  run.pool = &pool;
  const auto y = plan.Run(workspace, {x}, run);
  EXPECT_TRUE(y.ok()) << y.status();
  return y.ok() ? (*y)[0].tensor() : Tensor();
}

TEST(Determinism, SameBytesForAnyNumberOfThreads) {
  const auto plan = Compiled(kNet, {});
  ASSERT_NE(plan, nullptr);
  const Tensor x = RandomTensor({3, 3, 33, 31}, 1);
  Workspace workspace;
  const Tensor one = RunOn(*plan, workspace, 1, x);
  for (int threads : {2, 3, 8}) {
    EXPECT_TRUE(BitwiseEqual(one, RunOn(*plan, workspace, threads, x)))
        << threads;
  }
}

TEST(Determinism, AgreesWithTheReference) {
  const auto plan = Compiled(kNet, {});
  ASSERT_NE(plan, nullptr);
  CompileOptions reference;
  reference.reference = true;
  const auto oracle = Compiled(kNet, reference);
  const Tensor x = RandomTensor({1, 3, 33, 31}, 1);
  Workspace workspace;
  const Tensor y = RunOn(*plan, workspace, 2, x);
  EXPECT_LT(LargestError(y, RunOn(*oracle, workspace, 1, x)), 1e-5);
}

TEST(Determinism, ConcurrentRunsOfOnePlanAgree) {
  const auto plan = Compiled(kNet, {});
  ASSERT_NE(plan, nullptr);
  std::vector<Tensor> expected;
  Workspace workspace;
  for (int i = 0; i < 8; ++i) {
    expected.push_back(
        RunOn(*plan, workspace, 1, RandomTensor({1 + i % 2, 3, 33, 31}, i)));
  }
  std::atomic<int> wrong{0};
  ThreadPool outer(4);
  outer.ParallelFor(8, [&](int64_t i, int) {
    Workspace own;
    const Tensor x =
        RandomTensor({1 + i % 2, 3, 33, 31}, static_cast<uint32_t>(i));
    if (!BitwiseEqual(expected[i], RunOn(*plan, own, 1, x))) ++wrong;
  });
  EXPECT_EQ(wrong.load(), 0);
}

TEST(Arena, AChainNeedsTwoBuffersAndInPlaceStepsOne) {
  const size_t value = 4 * 8 * 64 * 64;
  std::string moves = "net (float32[8, 64, 64] x) => (? y) { v0 = Abs(x) ";
  std::string steps = moves;
  for (int i = 0; i < 10; ++i) {
    absl::StrAppend(&moves, "v", i + 1, " = Transpose<perm = [0, 2, 1]>(v", i,
                    ") ");
    absl::StrAppend(&steps, "v", i + 1, " = Neg(v", i, ") ");
  }
  moves += "y = ReduceMax<axes = [1, 2]>(v10) }";
  steps += "y = ReduceMax<axes = [1, 2]>(v10) }";
  const Tensor x = RandomTensor({8, 64, 64}, 1);
  {
    const auto plan = Compiled(moves.c_str(), {});
    ASSERT_NE(plan, nullptr);
    Workspace workspace;
    RunOn(*plan, workspace, 1, x);
    EXPECT_GE(workspace.arena_bytes(), 2 * value);
    EXPECT_LT(workspace.arena_bytes(), 2 * value + value / 2);
  }
  const auto plan = Compiled(steps.c_str(), {});
  ASSERT_NE(plan, nullptr);
  Workspace workspace;
  const Tensor y = RunOn(*plan, workspace, 1, x);
  EXPECT_LT(workspace.arena_bytes(), value + value / 2);
  EXPECT_EQ(y.dims(), (Dims{8, 1, 1}));
}

}  // namespace
}  // namespace hone
