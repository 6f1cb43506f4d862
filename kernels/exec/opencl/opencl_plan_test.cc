// Plans whose steps run on an OpenCL device, beside the same on the CPU.
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "kernels/exec/accelerator.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/opencl/accelerator.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/testing/model_maker.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr int kTokens = 6, kWidth = 12, kHeads = 3, kInner = 20;

// One layer of an encoder as exporters write it: attention of three heads over
// [batch, tokens, width], the feed-forward part, both with residuals.
Model Encoder() {
  ModelMaker m(17);
  m.Input("ids", {"batch", kTokens}, DType::kS64);
  m.Constant("table", RandomTensor({30, kWidth}, 1));
  m.Add("Gather", {"table", "ids"}, {"x"});
  const auto dense = [&](const std::string& from, const std::string& to, int in,
                         int out, uint32_t seed) {
    m.Constant(to + "_w", RandomTensor({in, out}, seed, -0.4f, 0.4f));
    m.Constant(to + "_b", RandomTensor({out}, seed + 1));
    m.Add("MatMul", {from, to + "_w"}, {to + "_p"});
    m.Add("Add", {to + "_p", to + "_b"}, {to});
  };
  const auto norm = [&](const std::string& from, const std::string& to) {
    m.Constant(to + "_s", RandomTensor({kWidth}, 31));
    m.Constant(to + "_c", RandomTensor({kWidth}, 32));
    m.Add("LayerNormalization", {from, to + "_s", to + "_c"}, {to},
          {Attribute::Int("axis", -1)});
  };
  m.Constant("split", Tensor::FromVector<int64_t>(
                          {4}, {0, kTokens, kHeads, kWidth / kHeads}));
  const auto heads = [&](const std::string& from, const std::string& to,
                         std::vector<int64_t> perm) {
    m.Add("Reshape", {from, "split"}, {to + "_r"});
    m.Add("Transpose", {to + "_r"}, {to}, {Attribute::Ints("perm", perm)});
  };
  dense("x", "q", kWidth, kWidth, 2);
  dense("x", "k", kWidth, kWidth, 4);
  dense("x", "v", kWidth, kWidth, 6);
  heads("q", "qh", {0, 2, 1, 3});
  heads("k", "kh", {0, 2, 3, 1});
  heads("v", "vh", {0, 2, 1, 3});
  m.Add("MatMul", {"qh", "kh"}, {"scores"});
  m.Constant("root", Tensor::FromVector<float>({}, {2}));
  m.Add("Div", {"scores", "root"}, {"scaled"});
  m.Add("Softmax", {"scaled"}, {"weights"}, {Attribute::Int("axis", -1)});
  m.Add("MatMul", {"weights", "vh"}, {"mixed"});
  m.Add("Transpose", {"mixed"}, {"rows"},
        {Attribute::Ints("perm", {0, 2, 1, 3})});
  m.Constant("join", Tensor::FromVector<int64_t>({3}, {0, kTokens, kWidth}));
  m.Add("Reshape", {"rows", "join"}, {"joined"});
  dense("joined", "o", kWidth, kWidth, 8);
  m.Add("Add", {"o", "x"}, {"sum"});
  norm("sum", "n1");
  dense("n1", "h", kWidth, kInner, 10);
  m.Constant("sqrt2", Tensor::FromVector<float>({}, {1.41421356f}));
  m.Constant("one", Tensor::FromVector<float>({}, {1}));
  m.Constant("half", Tensor::FromVector<float>({}, {0.5f}));
  m.Add("Div", {"h", "sqrt2"}, {"h1"});
  m.Add("Erf", {"h1"}, {"h2"});
  m.Add("Add", {"h2", "one"}, {"h3"});
  m.Add("Mul", {"h", "h3"}, {"h4"});
  m.Add("Mul", {"h4", "half"}, {"gelu"});
  dense("gelu", "f", kInner, kWidth, 12);
  m.Add("Add", {"f", "n1"}, {"sum2"});
  norm("sum2", "n2");
  m.Add("ReduceMean", {"n2"}, {"pooled"},
        {Attribute::Ints("axes", {1}), Attribute::Int("keepdims", 0)});
  m.Add("Tanh", {"pooled"}, {"y"});
  m.Output("y");
  return m.Build();
}

Tensor Ids(int batch) {
  std::vector<int64_t> ids;
  for (int i = 0; i < batch * kTokens; ++i) ids.push_back(i * 7 % 30);
  return Tensor::FromVector<int64_t>({batch, kTokens}, ids);
}

class OpenClPlanTest : public testing::Test {
 protected:
  void SetUp() override {
    auto choice = MakeAccelerator("opencl");
    if (!choice.ok()) GTEST_SKIP() << choice.status();
    accelerator_ = choice->accelerator;
  }

  std::shared_ptr<const Plan> CompileOn(
      const Model& model, std::shared_ptr<Accelerator> accelerator,
      std::vector<std::string> taps = {}) {
    CompileOptions options;
    options.accelerator = std::move(accelerator);
    options.taps = std::move(taps);
    auto plan = Compile(model, options);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return *plan;
  }

  std::vector<Value> Run(const Plan& plan, const std::vector<Value>& inputs) {
    RunOptions run;
    run.pool = &pool_;
    auto outputs = plan.Run(workspace_, inputs, run);
    EXPECT_TRUE(outputs.ok()) << outputs.status();
    return outputs.ok() ? *std::move(outputs) : std::vector<Value>();
  }

  void ExpectAsOnCpu(const Model& model, const std::vector<Value>& inputs) {
    const std::vector<Value> expected = Run(*CompileOn(model, nullptr), inputs);
    const std::vector<Value> found =
        Run(*CompileOn(model, accelerator_), inputs);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_LT(LargestError(found[i].tensor(), expected[i].tensor()), 2e-5);
    }
  }

  std::shared_ptr<Accelerator> accelerator_;
  ThreadPool pool_{2};
  Workspace workspace_;
};

TEST_F(OpenClPlanTest, AnEncoderStaysOnTheDevice) {
  const Model model = Encoder();
  const auto plan = CompileOn(model, accelerator_);
  const StepPlacement placement = plan->placement();
  EXPECT_TRUE(absl::StartsWith(placement.device, "opencl:"));
  EXPECT_EQ(placement.cpu_steps, 0) << placement.cpu_operators.begin()->first;
  EXPECT_GE(placement.device_steps, 20);
  EXPECT_EQ(placement.device_operators.at("Softmax"), 1);
  const std::vector<Value> expected = Run(*CompileOn(model, nullptr), {Ids(2)});
  workspace_.transfers = {};
  const std::vector<Value> found = Run(*plan, {Ids(2)});
  EXPECT_LT(LargestError(found[0].tensor(), expected[0].tensor()), 2e-5);
  // The indices are checked on the host; the output alone comes back.
  EXPECT_EQ(workspace_.transfers.to_device, 0u);
  EXPECT_EQ(workspace_.transfers.to_host, 1u);
  EXPECT_EQ(workspace_.transfers.to_host_bytes, 2u * kWidth * 4);
  EXPECT_TRUE(absl::StrContains(plan->ToString(), "opencl.layer_norm"));
}

TEST_F(OpenClPlanTest, GivesTheSameTwiceAndOtherExtents) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  const Tensor first = Run(*plan, {Ids(2)})[0].tensor();
  const Tensor other = Run(*plan, {Ids(5)})[0].tensor();
  const Tensor second = Run(*plan, {Ids(2)})[0].tensor();
  ASSERT_EQ(first.bytes().size(), second.bytes().size());
  EXPECT_EQ(std::memcmp(first.bytes().data(), second.bytes().data(),
                        first.bytes().size()),
            0);
  EXPECT_EQ(other.dims(), (Dims{5, kWidth}));
}

TEST_F(OpenClPlanTest, TapsSeeWhatTheCpuComputes) {
  const Model model = Encoder();
  std::map<int, std::vector<float>> seen[2];
  for (const bool device : {false, true}) {
    const auto plan = CompileOn(model, device ? accelerator_ : nullptr,
                                {"weights", "x", "n2", "table"});
    RunOptions run;
    run.pool = &pool_;
    run.tap = [&](int tap, const TensorView& view) {
      const float* values = view.As<float>();
      seen[device][tap].assign(values, values + view.size);
      return absl::OkStatus();
    };
    ASSERT_TRUE(plan->Run(workspace_, {Ids(1)}, run).ok());
  }
  ASSERT_EQ(seen[0].size(), 4u);
  for (const auto& [tap, values] : seen[0]) {
    ASSERT_EQ(seen[1][tap].size(), values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(seen[1][tap][i], values[i], 2e-5) << tap;
    }
  }
}

// Cos has no kernel on the device: its input comes to the host once, for both
// of its readers there.
TEST_F(OpenClPlanTest, OtherOperatorsRunOnTheCpu) {
  const Model model = ModelMaker(17)
                          .Input("x", {"N", 8})
                          .Add("Relu", {"x"}, {"a"})
                          .Add("Cos", {"a"}, {"b"})
                          .Add("Sin", {"a"}, {"c"})
                          .Add("Mul", {"b", "c"}, {"y"})
                          .Output("y")
                          .Output("a")
                          .Build();
  const auto plan = CompileOn(model, accelerator_);
  const StepPlacement placement = plan->placement();
  EXPECT_EQ(placement.device_steps, 2);
  EXPECT_EQ(placement.cpu_operators,
            (std::map<std::string, int>{{"Cos", 1}, {"Sin", 1}}));
  workspace_.transfers = {};
  Run(*plan, {RandomTensor({3, 8}, 1)});
  EXPECT_EQ(workspace_.transfers.to_device, 3u);
  EXPECT_EQ(workspace_.transfers.to_host, 2u);
  ExpectAsOnCpu(model, {RandomTensor({3, 8}, 1)});
}

TEST_F(OpenClPlanTest, RenamesStayOnTheDeviceAndInputsMayBeOutputs) {
  const Model model =
      ModelMaker(17)
          .Input("x", {2, 6})
          .Constant("shape", Tensor::FromVector<int64_t>({2}, {3, 4}))
          .Add("Neg", {"x"}, {"a"})
          .Add("Reshape", {"a", "shape"}, {"b"})
          .Add("Reshape", {"x", "shape"}, {"c"})
          .Add("Add", {"b", "c"}, {"d"})
          .Add("Exp", {"c"}, {"e"})
          .Output("b")
          .Output("c")
          .Output("d")
          .Output("e")
          .Build();
  ExpectAsOnCpu(model, {RandomTensor({2, 6}, 1)});
}

// The number of rows is known only when NonZero has run.
TEST_F(OpenClPlanTest, ExtentsThatDependOnContents) {
  const Model model =
      ModelMaker(17)
          .Input("x", {3, 5})
          .Constant("zero", Tensor::FromVector<int64_t>({}, {0}))
          .Add("NonZero", {"x"}, {"places"})
          .Add("Gather", {"places", "zero"}, {"rows"})
          .Add("Gather", {"x", "rows"}, {"picked"})
          .Add("Tanh", {"picked"}, {"y"})
          .Output("y")
          .Build();
  Tensor x = Tensor::FromVector<float>(
      {3, 5}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0});
  ExpectAsOnCpu(model, {x});
}

TEST_F(OpenClPlanTest, BodiesRunOnTheCpu) {
  ModelMaker branch(17);
  branch.Add("Neg", {"a"}, {"t"}).Output("t");
  ModelMaker other(17);
  other.Add("Exp", {"a"}, {"t2"}).Output("t2");
  const Model model =
      ModelMaker(17)
          .Input("x", {4})
          .Input("which", {}, DType::kBool)
          .Add("Tanh", {"x"}, {"a"})
          .Add("If", {"which"}, {"b"},
               {Attribute::OfGraph("then_branch", branch.Build().graph),
                Attribute::OfGraph("else_branch", other.Build().graph)})
          .Add("Relu", {"b"}, {"y"})
          .Output("y")
          .Build();
  EXPECT_EQ(CompileOn(model, accelerator_)->placement().cpu_operators,
            (std::map<std::string, int>{{"If", 1}}));
  for (const bool which : {false, true}) {
    ExpectAsOnCpu(
        model, {RandomTensor({4}, 1), Tensor::FromVector<bool>({}, {which})});
  }
}

TEST_F(OpenClPlanTest, MalformedUseIsAnErrorThatNamesTheNode) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  RunOptions run;
  run.pool = &pool_;
  const Tensor outside =
      Tensor::FromVector<int64_t>({1, kTokens}, {0, 1, 2, 3, 4, 30});
  const absl::Status status = plan->Run(workspace_, {outside}, run).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "30")) << status;
}

TEST_F(OpenClPlanTest, KeepsWithinTheMemoryLimit) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  RunOptions run;
  run.pool = &pool_;
  run.memory_limit = 2000;
  const absl::Status status = plan->Run(workspace_, {Ids(8)}, run).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "the values on opencl:"))
      << status;
  run.memory_limit = 1 << 20;
  EXPECT_TRUE(plan->Run(workspace_, {Ids(8)}, run).ok());
}

// As a device that is lost in the middle of a run.
class LostAccelerator : public Accelerator {
 public:
  LostAccelerator(std::shared_ptr<Accelerator> real, int calls)
      : real_(std::move(real)), calls_(calls) {}
  absl::string_view name() const override { return real_->name(); }
  absl::StatusOr<std::unique_ptr<DeviceKernel>> MakeKernel(
      const KernelSpec& spec) override {
    return real_->MakeKernel(spec);
  }
  absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Allocate(
      size_t bytes) override {
    if (--calls_ < 0) return absl::UnavailableError("device X was lost");
    return real_->Allocate(bytes);
  }
  absl::StatusOr<std::shared_ptr<const DeviceBuffer>> Upload(
      const void* data, size_t bytes) override {
    return real_->Upload(data, bytes);
  }
  absl::Status Download(const DeviceBuffer& buffer, void* data,
                        size_t bytes) override {
    return real_->Download(buffer, data, bytes);
  }
  absl::Status Finish() override { return real_->Finish(); }

 private:
  const std::shared_ptr<Accelerator> real_;
  int calls_;
};

TEST_F(OpenClPlanTest, ALostDeviceIsAnErrorThatNamesTheNode) {
  const auto plan =
      CompileOn(Encoder(), std::make_shared<LostAccelerator>(accelerator_, 7));
  RunOptions run;
  run.pool = &pool_;
  const absl::Status status = plan->Run(workspace_, {Ids(1)}, run).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(), "node ")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "device X was lost"));
}

TEST_F(OpenClPlanTest, IsSharedByThreads) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  const Tensor expected = Run(*plan, {Ids(3)})[0].tensor();
  std::vector<std::thread> threads;
  std::atomic<int> same{0};
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      Workspace workspace;
      ThreadPool pool(1);
      RunOptions run;
      run.pool = &pool;
      for (int i = 0; i < 5; ++i) {
        const auto found = plan->Run(workspace, {Ids(3)}, run);
        if (found.ok() && std::memcmp((*found)[0].tensor().bytes().data(),
                                      expected.bytes().data(),
                                      expected.bytes().size()) == 0) {
          ++same;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, 15);
}

TEST_F(OpenClPlanTest, IsCancelled) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  const std::atomic<bool> cancel{true};
  RunOptions run;
  run.pool = &pool_;
  run.cancel = &cancel;
  EXPECT_EQ(plan->Run(workspace_, {Ids(1)}, run).status().code(),
            absl::StatusCode::kCancelled);
}

TEST_F(OpenClPlanTest, TheReferenceIsTheCpus) {
  CompileOptions options;
  options.reference = true;
  options.accelerator = accelerator_;
  const auto plan = Compile(Encoder(), options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ((*plan)->placement().device_steps, 0);
  const Tensor defined = Run(**plan, {Ids(2)})[0].tensor();
  for (const auto& device : {accelerator_, std::shared_ptr<Accelerator>()}) {
    const Tensor found =
        Run(*CompileOn(Encoder(), device), {Ids(2)})[0].tensor();
    EXPECT_LT(LargestError(found, defined), 2e-5) << (device != nullptr);
  }
}

TEST_F(OpenClPlanTest, ProfilesWithTheDevicesKernels) {
  const auto plan = CompileOn(Encoder(), accelerator_);
  std::vector<StepTime> profile;
  workspace_.profile = &profile;
  Run(*plan, {Ids(1)});
  int on_device = 0;
  for (const StepTime& step : profile) {
    on_device += absl::StartsWith(step.kernel, "opencl.");
  }
  EXPECT_EQ(on_device, plan->placement().device_steps);
}

TEST(MakeAcceleratorTest, SaysWhatThereIs) {
  const auto choice = MakeAccelerator("opencl:0");
  if (!choice.ok()) GTEST_SKIP() << choice.status();
  EXPECT_TRUE(absl::StartsWith(choice->note, "opencl:0: ")) << choice->note;
  const absl::Status status = MakeAccelerator("opencl:99").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StrContains(status.message(), "there is 0: ")) << status;
}

}  // namespace
}  // namespace hone
