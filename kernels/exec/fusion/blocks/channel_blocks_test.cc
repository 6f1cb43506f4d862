#include "kernels/exec/fusion/blocks/channel_blocks.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"
#include "ir/text/parse_model.h"
#include "ir/type/type.h"
#include "kernels/exec/plan.h"
#include "kernels/exec/testing/model_maker.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

int Count(const std::string& text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(std::string(part)); at != std::string::npos;
       at = text.find(std::string(part), at + 1)) {
    ++count;
  }
  return count;
}

struct Result {
  std::string plan;
  std::vector<Value> outputs;
  std::vector<Tensor> tapped;
};

Result RunWith(const Model& model, const CompileOptions& options,
               int64_t free = 3) {
  Result result;
  const auto plan = Compile(model, options);
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return result;
  result.plan = (*plan)->ToString();
  std::vector<Value> inputs;
  for (const ValueInfo& input : model.graph.inputs) {
    Dims dims;
    for (const Dim& dim : *input.type.shape) {
      dims.push_back(dim.known() ? dim.value : free);
    }
    inputs.emplace_back(RandomTensor(dims, 9, -1, 1));
  }
  Workspace workspace;
  ThreadPool pool(2);
  RunOptions run;
  run.pool = &pool;
  const auto outputs = (*plan)->Run(workspace, inputs, run);
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  if (outputs.ok()) result.outputs = *outputs;
  return result;
}

struct Case {
  const char* what;
  int in_blocks;  // steps whose kernels are of blocks, less conversions
  int conversions;
  const char* graph;
};

// 64 channels of 3x3 at 12x12 pay for a conversion on each side.
constexpr Case kCases[] = {
    {"a network: plain input, padding, maxima, residuals, means", 5, 1,
     R"(net (float32[N, 3, 23, 23] x) => (? y) {
       w = constant float32[64, 3, 3, 3] random(1, -0.3, 0.3)
       b = constant float32[64] random(2)
       v = constant float32[64, 64, 3, 3] random(3, -0.1, 0.1)
       a = Conv<strides = [2, 2], pads = [1, 1, 1, 1]>(x, w, b)  r = Relu(a)
       m = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(r)
       c = Conv<pads = [1, 1, 1, 1]>(m, v)  s = Add(c, m)  t = Relu(s)
       d = Conv<pads = [1, 1, 1, 1]>(t, v)
       g = GlobalAveragePool(d)  y = Flatten(g) })"},
    {"the same over free extents", 5, 1,
     R"(net (float32[N, 3, H, W] x) => (? y) {
       w = constant float32[64, 3, 3, 3] random(1, -0.3, 0.3)
       b = constant float32[64] random(2)
       v = constant float32[64, 64, 3, 3] random(3, -0.1, 0.1)
       a = Conv<strides = [2, 2], pads = [1, 1, 1, 1]>(x, w, b)  r = Relu(a)
       m = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(r)
       c = Conv<pads = [1, 1, 1, 1]>(m, v)  s = Add(c, m)  t = Relu(s)
       d = Conv<pads = [1, 1, 1, 1]>(t, v)
       g = GlobalAveragePool(d)  y = Flatten(g) })"},
    {"squeeze-excite, channels that fill no block, a clip", 7, 2,
     R"(net (float32[N, 20, 12, 12] x) => (? y) {
       u = constant float32[84, 20, 3, 3] random(1, -0.1, 0.1)
       v = constant float32[84, 1, 3, 3] random(2, -0.3, 0.3)
       s = constant float32[10, 84, 1, 1] random(3, -0.3, 0.3)
       e = constant float32[84, 10, 1, 1] random(4, -0.3, 0.3)
       w = constant float32[84, 84, 3, 3] random(5, -0.1, 0.1)
       low = constant float32[] {0}  high = constant float32[] {6}
       a = Conv<pads = [1, 1, 1, 1]>(x, u)  b = Clip(a, low, high)
       c = Conv<group = 84, pads = [1, 1, 1, 1]>(b, v)  d = HardSwish(c)
       g = ReduceMean<axes = [-2, -1]>(d)
       h = Conv(g, s)  i = Relu(h)  j = Conv(i, e)  k = HardSigmoid(j)
       l = Mul(d, k)  y = Conv<pads = [1, 1, 1, 1]>(l, w) })"},
    {"concatenation, scales that nothing absorbs, constants", 4, 2,
     R"(net (float32[N, 64, 12, 12] x) => (? y) {
       u = constant float32[64, 64, 3, 3] random(1, -0.1, 0.1)
       w = constant float32[64, 128, 3, 3] random(2, -0.1, 0.1)
       s = constant float32[128] random(3)  o = constant float32[128] random(4)
       m = constant float32[128] random(5)
       v = constant float32[128] random(6, 0.5, 2)
       p = constant float32[1, 64, 1, 1] random(7)
       q = constant float32[] {0.5}
       a = Conv<pads = [1, 1, 1, 1]>(x, u)  b = Mul(a, p)
       c = Concat<axis = -3>(b, x)
       d = BatchNormalization(c, s, o, m, v)  e = Relu(d)
       f = Conv<pads = [1, 1, 1, 1]>(e, w)  g = Sub(q, f)
       y = AveragePool<kernel_shape = [2, 2], strides = [2, 2]>(g) })"},
    {"a plain reader and an output in the middle", 2, 3,
     R"(net (float32[N, 64, 12, 12] x) => (? a, ? y, ? z) {
       u = constant float32[64, 64, 3, 3] random(1, -0.1, 0.1)
       a = Conv<pads = [1, 1, 1, 1]>(x, u)
       y = Conv<pads = [1, 1, 1, 1]>(a, u)
       z = Transpose<perm = [0, 2, 3, 1]>(a) })"},
    {"one axis", 2, 2,
     R"(net (float32[N, 64, 300] x) => (? y) {
       u = constant float32[64, 64, 45] random(1, -0.1, 0.1)
       v = constant float32[64, 1, 4] random(2, -0.1, 0.1)
       a = Conv<auto_pad = "SAME_UPPER">(x, u)
       y = Conv<group = 64, strides = [2]>(a, v) })"},
    {"too little to convert for", 0, 0,
     R"(net (float32[N, 64, 12, 12] x) => (? y) {
       u = constant float32[16, 64, 1, 1] random(1, -0.1, 0.1)
       y = Conv(x, u) })"},
    {"groups of several channels", 0, 0,
     R"(net (float32[N, 64, 12, 12] x) => (? y) {
       u = constant float32[64, 16, 3, 3] random(1, -0.1, 0.1)
       y = Conv<group = 4, pads = [1, 1, 1, 1]>(x, u) })"},
};

void ExpectSame(const Result& a, const Result& b) {
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    EXPECT_EQ(a.outputs[i].tensor().dims(), b.outputs[i].tensor().dims());
    EXPECT_LT(LargestError(a.outputs[i].tensor(), b.outputs[i].tensor()), 5e-5);
  }
}

TEST(ChannelBlocks, SameOutputs) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    const absl::StatusOr<Model> model = ParseModel(c.graph);
    ASSERT_TRUE(model.ok()) << model.status();
    CompileOptions without;
    without.no_fuse = {"channel_blocks"};
    CompileOptions reference;
    reference.reference = true;
    const Result blocked = RunWith(*model, {}, 13);
    const int conversions = Count(blocked.plan, "blocked.to_");
    EXPECT_EQ(conversions, c.conversions) << blocked.plan;
    EXPECT_EQ(Count(blocked.plan, " blocked.") - conversions, c.in_blocks)
        << blocked.plan;
    const Result plain = RunWith(*model, without, 13);
    EXPECT_EQ(Count(plain.plan, "blocked."), 0);
    ExpectSame(blocked, plain);
    ExpectSame(blocked, RunWith(*model, reference, 13));
  }
}

// Other extents in the same workspace, and a value that someone watches.
TEST(ChannelBlocks, TapsSeePlainValues) {
  const absl::StatusOr<Model> model = ParseModel(kCases[1].graph);
  ASSERT_TRUE(model.ok()) << model.status();
  CompileOptions tapped;
  tapped.taps = {"m"};
  CompileOptions reference = tapped;
  reference.reference = true;
  Workspace workspace;
  const auto plan = Compile(*model, tapped);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_GE(Count((*plan)->ToString(), "blocked.to_channels"), 2);
  const auto oracle = Compile(*model, reference);
  ASSERT_TRUE(oracle.ok()) << oracle.status();
  ThreadPool pool(1);
  for (const int64_t extent : {9, 30, 17}) {
    const Value x = RandomTensor({2, 3, extent, extent + 2}, 9, -1, 1);
    Tensor seen[2];
    int i = 0;
    for (const auto& each : {*plan, *oracle}) {
      Workspace own;
      RunOptions run;
      run.pool = &pool;
      run.tap = [&](int, const TensorView& view) {
        seen[i] = Tensor::FromVector<float>(
            view.dims, absl::MakeConstSpan(view.As<float>(), view.size));
        return absl::OkStatus();
      };
      ASSERT_TRUE(each->Run(i == 0 ? workspace : own, {x}, run).ok());
      ++i;
    }
    ASSERT_EQ(seen[0].dims(), seen[1].dims());
    EXPECT_LT(LargestError(seen[0], seen[1]), 2e-5);
  }
}

// The same elements, without a conversion.
TEST(ChannelBlocks, ATapThatTakesAnyOrderSeesBlocks) {
  const absl::StatusOr<Model> model = ParseModel(kCases[1].graph);
  ASSERT_TRUE(model.ok()) << model.status();
  CompileOptions tapped;
  tapped.taps = {"m"};
  std::vector<float> seen[2];
  for (const bool unordered : {false, true}) {
    if (unordered) tapped.unordered_taps = {"m"};
    const auto plan = Compile(*model, tapped);
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_EQ(Count((*plan)->ToString(), "blocked.to_channels"),
              unordered ? 1 : 2);
    ThreadPool pool(1);
    Workspace workspace;
    RunOptions run;
    run.pool = &pool;
    run.tap = [&](int, const TensorView& view) {
      seen[unordered].assign(view.As<float>(), view.As<float>() + view.size);
      return absl::OkStatus();
    };
    ASSERT_TRUE((*plan)
                    ->Run(workspace,
                          {Value(RandomTensor({2, 3, 17, 19}, 9, -1, 1))}, run)
                    .ok());
  }
  EXPECT_NE(seen[0], seen[1]);
  for (std::vector<float>& values : seen) {
    std::sort(values.begin(), values.end());
  }
  EXPECT_EQ(seen[0], seen[1]);
}

TEST(ChannelBlocks, ASubgraphReadsPlainValues) {
  const absl::StatusOr<Model> model = ParseModel(
      R"(net (float32[N, 64, 12, 12] x) => (? y) {
       u = constant float32[64, 64, 3, 3] random(1, -0.1, 0.1)
       yes = constant bool[] {1}
       a = Conv<pads = [1, 1, 1, 1]>(x, u)
       b = Conv<pads = [1, 1, 1, 1]>(a, u)
       n = Size(b)  one = constant int64[] {1}  c = Greater(n, one)
       y = If<then_branch = graph () => (? t) { t = Add(a, b) },
              else_branch = graph () => (? o) { o = Neg(b) }>(c) })");
  ASSERT_TRUE(model.ok()) << model.status();
  CompileOptions without;
  without.no_fuse = {"channel_blocks"};
  const Result blocked = RunWith(*model, {});
  EXPECT_GE(Count(blocked.plan, "blocked.conv"), 2) << blocked.plan;
  ExpectSame(blocked, RunWith(*model, without));
}

}  // namespace
}  // namespace hone
