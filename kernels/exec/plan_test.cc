#include "kernels/exec/plan.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/exec/testing/model_maker.h"

namespace hone {
namespace {

Tensor Ints(std::vector<int64_t> values) {
  return Tensor::FromVector<int64_t>({static_cast<int64_t>(values.size())},
                                     absl::MakeConstSpan(values));
}

class PlanTest : public testing::Test {
 protected:
  std::shared_ptr<const Plan> Compiled(const Model& model,
                                       CompileOptions options = {}) {
    absl::StatusOr<std::shared_ptr<const Plan>> plan = Compile(model, options);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return plan.ok() ? *plan : nullptr;
  }
  absl::StatusOr<std::vector<Value>> Run(const Plan& plan,
                                         std::vector<Value> inputs) {
    RunOptions run;
    run.pool = &pool_;
    return plan.Run(workspace_, inputs, run);
  }
  ThreadPool pool_{2};
  Workspace workspace_;
};

Model TwoLayers() {
  return ModelMaker(17)
      .Input("x", {"N", 3})
      .Constant("w1", Tensor::FromVector<float>({3, 2}, {1, 0, 0, 1, 1, 1}))
      .Constant("w2", Tensor::FromVector<float>({2, 1}, {2, -1}))
      .Add("MatMul", {"x", "w1"}, {"h"})
      .Add("MatMul", {"h", "w2"}, {"y"})
      .Output("y")
      .Build();
}

TEST_F(PlanTest, ComputesAKnownAnswer) {
  const auto plan = Compiled(TwoLayers());
  const auto y =
      Run(*plan, {Tensor::FromVector<float>({2, 3}, {1, 2, 3, 0, 0, 1})});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(BitwiseEqual((*y)[0].tensor(),
                           Tensor::FromVector<float>({2, 1}, {3, 1})));
}

TEST_F(PlanTest, TakesAnyNumberOfRowsAndRemembersLayouts) {
  const auto plan = Compiled(TwoLayers());
  for (int64_t rows : {1, 5, 1, 7, 0, 64, 9, 1}) {
    const auto y = Run(*plan, {RandomTensor({rows, 3}, 1)});
    ASSERT_TRUE(y.ok()) << y.status();
    EXPECT_EQ((*y)[0].tensor().dims(), (Dims{rows, 1}));
  }
}

TEST_F(PlanTest, OutputsOutliveTheWorkspace) {
  const auto plan = Compiled(TwoLayers());
  const Tensor x = RandomTensor({4, 3}, 1);
  std::vector<Value> first;
  {
    Workspace workspace;
    RunOptions run;
    run.pool = &pool_;
    first = *plan->Run(workspace, {x}, run);
    ASSERT_TRUE(plan->Run(workspace, {RandomTensor({4, 3}, 2)}, run).ok());
  }
  EXPECT_TRUE(BitwiseEqual(first[0].tensor(), (*Run(*plan, {x}))[0].tensor()));
}

TEST_F(PlanTest, ReferenceAgrees) {
  CompileOptions reference;
  reference.reference = true;
  const Tensor x = RandomTensor({4, 3}, 1);
  const auto a = Run(*Compiled(TwoLayers()), {x});
  const auto b = Run(*Compiled(TwoLayers(), reference), {x});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_LT(LargestError((*a)[0].tensor(), (*b)[0].tensor()), 1e-6);
}

TEST_F(PlanTest, RenamesInsteadOfCopying) {
  const Model model = ModelMaker(17)
                          .Input("x", {"N", 6})
                          .Constant("shape", Ints({-1, 2, 3}))
                          .Add("Reshape", {"x", "shape"}, {"r"})
                          .Add("Flatten", {"r"}, {"y"})
                          .Output("y")
                          .Output("r")
                          .Build();
  const Tensor x = RandomTensor({2, 6}, 3);
  const auto y = Run(*Compiled(model), {x});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(BitwiseEqual((*y)[0].tensor(), x));
  EXPECT_EQ((*y)[1].tensor().dims(), (Dims{2, 2, 3}));
  // The caller's memory is not the output's.
  EXPECT_NE((*y)[0].tensor().bytes().data(), x.bytes().data());
}

TEST_F(PlanTest, ReshapeTakesItsExtentsFromAnInput) {
  const Model model = ModelMaker(17)
                          .Input("x", {"N", 6})
                          .Input("shape", {2}, DType::kS64)
                          .Constant("w", RandomTensor({4, 2}, 1))
                          .Add("Reshape", {"x", "shape"}, {"r"})
                          .Add("MatMul", {"r", "w"}, {"y"})
                          .Output("y")
                          .Build();
  const auto plan = Compiled(model);
  const auto y = Run(*plan, {RandomTensor({2, 6}, 3), Ints({3, 4})});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_EQ((*y)[0].tensor().dims(), (Dims{3, 2}));
  const auto bad = Run(*plan, {RandomTensor({2, 6}, 3), Ints({5, 4})});
  EXPECT_EQ(bad.status().code(), absl::StatusCode::kInvalidArgument)
      << bad.status();
}

TEST_F(PlanTest, PassesInputsAndConstantsThrough) {
  const Model model = ModelMaker(17)
                          .Input("x", {2})
                          .Constant("c", Ints({7}))
                          .Output("x")
                          .Output("c")
                          .Build();
  const Tensor x = RandomTensor({2}, 3);
  const auto y = Run(*Compiled(model), {x});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_TRUE(BitwiseEqual((*y)[0].tensor(), x));
  EXPECT_TRUE(BitwiseEqual((*y)[1].tensor(), Ints({7})));
}

TEST_F(PlanTest, TapsValuesConstantsAndInputs) {
  CompileOptions options;
  options.taps = {"h", "w1", "x"};
  const auto plan = Compiled(TwoLayers(), options);
  std::vector<std::string> calls;
  RunOptions run;
  run.pool = &pool_;
  run.tap = [&](int tap, const TensorView& view) {
    calls.push_back(options.taps[tap] + DimsToString(view.dims));
    if (tap == 0) {
      EXPECT_EQ(view.As<float>()[0], 4.0f);
    }
    return absl::OkStatus();
  };
  const Tensor x = Tensor::FromVector<float>({1, 3}, {1, 2, 3});
  ASSERT_TRUE(plan->Run(workspace_, {x}, run).ok());
  EXPECT_EQ(calls,
            (std::vector<std::string>{"w1[3, 2]", "x[1, 3]", "h[1, 2]"}));
}

TEST_F(PlanTest, ATapsErrorEndsTheRun) {
  CompileOptions options;
  options.taps = {"h"};
  const auto plan = Compiled(TwoLayers(), options);
  RunOptions run;
  run.pool = &pool_;
  run.tap = [](int, const TensorView&) {
    return absl::DataLossError("the disk is full");
  };
  const auto y = plan->Run(workspace_, {RandomTensor({1, 3}, 1)}, run);
  EXPECT_EQ(y.status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PlanTest, AnUnknownTapIsNamed) {
  CompileOptions options;
  options.taps = {"hh"};
  const auto plan = Compile(TwoLayers(), options);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(plan.status().message().find("hh"), std::string::npos);
}

TEST_F(PlanTest, CancelsBeforeAStep) {
  const auto plan = Compiled(TwoLayers());
  const std::atomic<bool> cancel{true};
  RunOptions run;
  run.pool = &pool_;
  run.cancel = &cancel;
  const auto y = plan->Run(workspace_, {RandomTensor({1, 3}, 1)}, run);
  EXPECT_EQ(y.status().code(), absl::StatusCode::kCancelled);
}

// Some 10^11 products, seconds of work: the run ends soon after it is asked to.
TEST_F(PlanTest, CancelsInsideAConvolution) {
  for (const int kernel : {1, 3}) {
    const int channels = kernel == 1 ? 2048 : 768;
    const auto convolution = [&](int rows) {
      return Compiled(
          ModelMaker(17)
              .Input("x", {1, channels, rows, 64})
              .Constant("w",
                        RandomTensor({channels, channels, kernel, kernel}, 1))
              .Add("Conv", {"x", "w"}, {"y"})
              .Output("y")
              .Build());
    };
    // Time of the process alone, of all threads: the machine may be busy.
    const auto part = convolution(8);
    const auto whole = convolution(64);
    RunOptions run;
    run.pool = &pool_;
    const std::clock_t start = std::clock();
    ASSERT_TRUE(
        part->Run(workspace_, {RandomTensor({1, channels, 8, 64}, 2)}, run)
            .ok());
    const std::clock_t eighth = std::clock() - start;
    const Tensor x = RandomTensor({1, channels, 64, 64}, 2);
    std::atomic<bool> cancel{false};
    std::clock_t asked = 0;
    const std::clock_t begin = std::clock();
    std::thread other([&] {
      while (std::clock() - begin < eighth) std::this_thread::yield();
      asked = std::clock();
      cancel = true;
    });
    run.cancel = &cancel;
    const auto y = whole->Run(workspace_, {x}, run);
    const std::clock_t ended = std::clock();
    other.join();
    EXPECT_EQ(y.status().code(), absl::StatusCode::kCancelled);
    // The rest would have taken about seven.
    EXPECT_LT(ended - asked, 4 * eighth);
  }
}

TEST_F(PlanTest, KeepsToTheMemoryLimit) {
  const auto plan = Compiled(TwoLayers());
  RunOptions run;
  run.pool = &pool_;
  run.memory_limit = 1 << 20;
  EXPECT_TRUE(plan->Run(workspace_, {RandomTensor({2, 3}, 1)}, run).ok());
  const auto y = plan->Run(workspace_, {RandomTensor({200000, 3}, 1)}, run);
  EXPECT_EQ(y.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(PlanTest, ProfilesEveryStep) {
  const auto plan = Compiled(TwoLayers());
  std::vector<StepTime> times;
  workspace_.profile = &times;
  ASSERT_TRUE(Run(*plan, {RandomTensor({1, 3}, 1)}).ok());
  ASSERT_EQ(times.size(), 2u);
  EXPECT_EQ(times[0].op_type, "MatMul");
  EXPECT_FALSE(times[0].kernel.empty());
}

TEST_F(PlanTest, RefusesInputsThatDoNotFit) {
  const Model model = ModelMaker(17)
                          .Input("a", {"N", 3})
                          .Input("b", {"N", 3})
                          .Output("a")
                          .Output("b")
                          .Build();
  const auto plan = Compiled(model);
  const Tensor good = RandomTensor({2, 3}, 1);
  const auto expect_refused = [&](std::vector<Value> inputs,
                                  const std::string& found) {
    const auto y = Run(*plan, std::move(inputs));
    EXPECT_EQ(y.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(y.status().message().find(found), std::string::npos)
        << y.status();
  };
  EXPECT_TRUE(Run(*plan, {good, good}).ok());
  expect_refused({good}, "expected 2");
  expect_refused({good, RandomTensor({2, 4}, 1)}, "float32[2, 4]");
  expect_refused({good, RandomTensor({6}, 1)}, "float32[6]");
  expect_refused({good, Ints({1})}, "int64[1]");
  expect_refused({good, RandomTensor({3, 3}, 1)}, "N");
  expect_refused({good, Value()}, "absent");
}

TEST_F(PlanTest, RefusesMalformedGraphs) {
  const Model undefined = ModelMaker(17)
                              .Input("x", {2})
                              .Add("Relu", {"z"}, {"y"})
                              .Output("y")
                              .Build();
  const auto a = Compile(undefined, {});
  EXPECT_EQ(a.status().code(), absl::StatusCode::kInvalidArgument)
      << a.status();
  const Model missing =
      ModelMaker(17).Input("x", {2}).Output("nothing").Build();
  EXPECT_EQ(Compile(missing, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PlanTest, NamesAnOperatorThatNobodyKnows) {
  const Model model = ModelMaker(17)
                          .Input("x", {2})
                          .Add("Reluu", {"x"}, {"y"})
                          .Output("y")
                          .Build();
  const auto plan = Compile(model, {});
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kUnimplemented);
  for (const char* part : {"y", "ai.onnx", "Reluu", "17", "Relu"}) {
    EXPECT_NE(plan.status().message().find(part), std::string::npos)
        << plan.status();
  }
}

TEST_F(PlanTest, RefusesAnUnknownFusionName) {
  CompileOptions options;
  options.no_fuse = {"conv_batchnorm"};
  const auto plan = Compile(TwoLayers(), options);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(PlanTest, OnePlanRunsInSeveralThreads) {
  const auto plan = Compiled(TwoLayers());
  std::atomic<int> wrong{0};
  ThreadPool outer(4);
  outer.ParallelFor(64, [&](int64_t i, int) {
    Workspace workspace;
    ThreadPool one(1);
    RunOptions run;
    run.pool = &one;
    const Tensor x = RandomTensor({1 + i % 3, 3}, static_cast<uint32_t>(i));
    const auto a = plan->Run(workspace, {x}, run);
    const auto b = plan->Run(workspace, {x}, run);
    if (!a.ok() || !b.ok() ||
        !BitwiseEqual((*a)[0].tensor(), (*b)[0].tensor())) {
      ++wrong;
    }
  });
  EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace hone
