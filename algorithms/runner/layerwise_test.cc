#include "algorithms/runner/layerwise.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/subgraph/segments.h"
#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr char kNet[] = R"(
net (float32[1, 2] x) => (float32[1, 2] y) {
  two = constant float32[] {2}
  three = constant float32[] {3}
  one = constant float32[] {1}
  a = Mul(x, two)
  b = Mul(a, three)
  y = Add(b, one)
})";

// Replaces every Mul's factor by 1 and notes what it saw.
class Neutralize : public Layerwise {
 public:
  std::vector<Segment> Segments(const Model& model) const override {
    return broken_ ? std::vector<Segment>{{1, 2, {}, {}}}
                   : CutAfter(model.graph, {0, 1});
  }
  StatsRequest Wanted(const Segment& segment) const override {
    StatsRequest request;
    request.Add(segment.outputs[0], kRangeStats);
    return request;
  }
  absl::StatusOr<Patch> Apply(const Model& model, const Segment& segment,
                              const Stats& float_in, const Stats& changed_in,
                              Replay& replay, Device&) const override {
    const std::string& output = segment.outputs[0];
    float_max_.push_back(float_in.Find(output)->range.max);
    changed_max_.push_back(changed_in.Find(output)->range.max);
    held_max_.push_back(replay.held_changed().Find(output)->range.max);
    Node node = model.graph.nodes[segment.begin];
    node.inputs[1] = "one";
    Patch patch;
    patch.Replace(segment.begin, {node});
    patch.rows.push_back({node.name, node.op_type, "neutralized", "", {}});
    const absl::Status status = replay.Run(
        patch, replay.samples(),
        [&](uint64_t sample, absl::Span<const Value> outputs) -> absl::Status {
          const auto inputs = replay.Inputs(sample);
          if (!inputs.ok()) return inputs.status();
          same_ =
              same_ && BitwiseEqual((*inputs)[0].tensor(), outputs[0].tensor());
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return patch;
  }

  bool broken_ = false;
  mutable std::vector<float> float_max_, changed_max_, held_max_;
  mutable bool same_ = true;
};

Value Pair(float x) { return Tensor::FromVector<float>({1, 2}, {x, -x}); }

class LayerwiseTest : public testing::Test {
 protected:
  LayerwiseTest() : pool_(1), device_(*MakeDevice("cpu", pool_)) {}

  absl::StatusOr<LayerwiseResult> Run(const Neutralize& algorithm,
                                      std::vector<uint64_t> fit,
                                      uint64_t cache_bytes) {
    LayerwiseOptions options;
    options.cache_bytes = cache_bytes;
    Runner runner({});
    const std::vector<uint64_t> held = {3};
    return RunLayerwise(algorithm, model_, model_, source_, fit, held, options,
                        runner, *device_);
  }

  const Model model_ = *ParseModel(kNet);
  ArraySource source_{std::vector<std::vector<Value>>{
      {Pair(1)}, {Pair(5)}, {Pair(2)}, {Pair(10)}}};
  ThreadPool pool_;
  const std::unique_ptr<Device> device_;
};

TEST_F(LayerwiseTest, LaterSegmentsSeeWhatEarlierOnesChanged) {
  for (const uint64_t cache_bytes : {uint64_t{1} << 20, uint64_t{0}}) {
    const Neutralize algorithm;
    const auto result = Run(algorithm, {0, 2, 1}, cache_bytes);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(algorithm.float_max_, (std::vector<float>{10, 30}));
    // The first factor is 1 by now.
    EXPECT_EQ(algorithm.changed_max_, (std::vector<float>{10, 15}));
    EXPECT_EQ(algorithm.held_max_, (std::vector<float>{20, 30}));
    EXPECT_TRUE(algorithm.same_);
    EXPECT_EQ(result->passes, 3);
    EXPECT_EQ(result->rows.size(), 2u);
    EXPECT_EQ(result->model.graph.nodes[0].inputs[1], "one");
    EXPECT_EQ(result->model.graph.nodes[1].inputs[1], "one");
    EXPECT_EQ(result->model.graph.FindInitializer("two"), nullptr);
  }
}

TEST_F(LayerwiseTest, WrongUseIsAnError) {
  EXPECT_EQ(Run(Neutralize(), {}, 0).status().code(),
            absl::StatusCode::kInvalidArgument);
  Neutralize broken;
  broken.broken_ = true;
  EXPECT_EQ(Run(broken, {0}, 0).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
