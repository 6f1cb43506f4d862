#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "ir/text/parse_model.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

absl::StatusOr<std::vector<Value>> RunText(const char* text,
                                           std::vector<Value> inputs) {
  const absl::StatusOr<Model> model = ParseModel(text);
  if (!model.ok()) return model.status();
  const auto plan = Compile(*model, {});
  if (!plan.ok()) return plan.status();
  ThreadPool pool(2);
  Workspace workspace;
  RunOptions run;
  run.pool = &pool;
  return (*plan)->Run(workspace, inputs, run);
}

// Values that double, and outputs of every iteration side by side: neither may
// pass the limit of the whole run.
TEST(ControlFlow, ALoopKeepsToTheMemoryLimit) {
  constexpr char kDoubling[] = R"(
    net (float32[N] x) => (? y) {
      n = constant int64[] {40}
      y = Loop<body = graph (int64[] i, bool[] c, ? a) => (bool[] d, ? b) {
        d = Identity(c)
        b = Concat<axis = 0>(a, a)
      }>(n, , x)
    })";
  constexpr char kStacking[] = R"(
    net (float32[N] x) => (? y) {
      n = constant int64[] {1000000000}
      y = Loop<body = graph (int64[] i, bool[] c) => (bool[] d, ? b) {
        d = Identity(c)
        b = Neg(x)
      }>(n, )
    })";
  for (const char* text : {kDoubling, kStacking}) {
    const absl::StatusOr<Model> model = ParseModel(text);
    ASSERT_TRUE(model.ok()) << model.status();
    const auto plan = Compile(*model, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    ThreadPool pool(2);
    Workspace workspace;
    RunOptions run;
    run.pool = &pool;
    run.memory_limit = 16 << 20;
    const auto y =
        (*plan)->Run(workspace, {Value(RandomTensor({4096}, 1))}, run);
    EXPECT_EQ(y.status().code(), absl::StatusCode::kResourceExhausted)
        << y.status();
  }
}

// Both branches read outer values, one of them a constant.
constexpr char kIf[] = R"(
  net (bool[] c, float32[2] x) => (? y) {
    k = constant float32[2] {10, 20}
    z = Neg(x)
    y = If<then_branch = graph () => (? a) { a = Add(x, k) },
           else_branch = graph () => (? b) { b = Abs(z) }>(c)
  })";

TEST(ControlFlow, IfTakesOneBranch) {
  const Tensor x = Tensor::FromVector<float>({2}, {1, -2});
  const auto yes = RunText(kIf, {Tensor::Scalar<bool>(true), x});
  ASSERT_TRUE(yes.ok()) << yes.status();
  EXPECT_TRUE(BitwiseEqual((*yes)[0].tensor(),
                           Tensor::FromVector<float>({2}, {11, 18})));
  const auto no = RunText(kIf, {Tensor::Scalar<bool>(false), x});
  ASSERT_TRUE(no.ok()) << no.status();
  EXPECT_TRUE(
      BitwiseEqual((*no)[0].tensor(), Tensor::FromVector<float>({2}, {1, 2})));
}

TEST(ControlFlow, ABranchWithoutAKernelFailsOnlyWhenTaken) {
  constexpr char text[] = R"(
    net (bool[] c, float32[2] x) => (? y) {
      y = If<then_branch = graph () => (? a) { a = Abs(x) },
             else_branch = graph () => (? b) { b = Mystery(x) }>(c)
    })";
  const Tensor x = Tensor::FromVector<float>({2}, {1, -2});
  EXPECT_TRUE(RunText(text, {Tensor::Scalar<bool>(true), x}).ok());
  EXPECT_EQ(RunText(text, {Tensor::Scalar<bool>(false), x}).status().code(),
            absl::StatusCode::kUnimplemented);
}

// Sums i * x and collects the sums.
constexpr char kLoop[] = R"(
  net (int64[] m, float32[2] x) => (? last, ? all) {
    zero = constant float32[2] {0, 0}
    last, all = Loop<body = graph (int64[] i, bool[] go, float32[2] s)
        => (? again, ? t, ? scan) {
      again = Identity(go)
      f = Cast<to = 1>(i)
      p = Mul(x, f)
      t = Add(s, p)
      scan = Identity(t)
    }>(m, "", zero)
  })";

TEST(ControlFlow, LoopCarriesAndCollects) {
  const Tensor x = Tensor::FromVector<float>({2}, {1, -1});
  const auto y = RunText(kLoop, {Tensor::Scalar<int64_t>(4), x});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(
      BitwiseEqual((*y)[0].tensor(), Tensor::FromVector<float>({2}, {6, -6})));
  EXPECT_TRUE(BitwiseEqual(
      (*y)[1].tensor(),
      Tensor::FromVector<float>({4, 2}, {0, 0, 1, -1, 3, -3, 6, -6})));
}

TEST(ControlFlow, ALoopOfNoTripsHandsItsStateThrough) {
  const Tensor x = Tensor::FromVector<float>({2}, {1, -1});
  const auto y = RunText(kLoop, {Tensor::Scalar<int64_t>(0), x});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(
      BitwiseEqual((*y)[0].tensor(), Tensor::FromVector<float>({2}, {0, 0})));
  EXPECT_EQ((*y)[1].tensor().size(), 0);
}

TEST(ControlFlow, ScanRunsBackwardsAlongAnAxis) {
  constexpr char text[] = R"(
    net (float32[2, 3] x) => (? last, ? all) {
      zero = constant float32[2] {0, 0}
      last, all = Scan<num_scan_inputs = 1, scan_input_axes = [1],
                       scan_input_directions = [1], scan_output_axes = [1],
                       body = graph (float32[2] s, float32[2] v)
          => (? t, ? o) { t = Add(s, v)  o = Identity(t) }>(zero, x)
    })";
  const auto y =
      RunText(text, {Tensor::FromVector<float>({2, 3}, {1, 2, 3, 4, 5, 6})});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(
      BitwiseEqual((*y)[0].tensor(), Tensor::FromVector<float>({2}, {6, 15})));
  EXPECT_TRUE(
      BitwiseEqual((*y)[1].tensor(),
                   Tensor::FromVector<float>({2, 3}, {3, 5, 6, 6, 11, 15})));
}

TEST(ControlFlow, ABodyOfOtherOutputsIsRefused) {
  constexpr char text[] = R"(
    net (bool[] c, float32[2] x) => (? y) {
      y = If<then_branch = graph () => (? a, ? d) { a = Abs(x)  d = Neg(x) },
             else_branch = graph () => (? b) { b = Abs(x) }>(c)
    })";
  const auto y =
      RunText(text, {Tensor::Scalar<bool>(true), RandomTensor({2}, 1)});
  EXPECT_EQ(y.status().code(), absl::StatusCode::kInvalidArgument)
      << y.status();
}

}  // namespace
}  // namespace hone
