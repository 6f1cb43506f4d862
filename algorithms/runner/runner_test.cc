#include "algorithms/runner/runner.h"

#include <string>
#include <vector>

#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Net() {
  const auto model = ParseModel(R"(
net (float32[1, 3, 6, 6] x) => (float32[1, 4, 6, 6] y) {
  w = constant float32[4, 3, 3, 3] random(1)
  a = Conv<pads = [1, 1, 1, 1]>(x, w)
  y = Relu(a)
})");
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

StatsRequest All(const std::vector<std::string>& values) {
  StatsRequest request;
  for (const std::string& value : values) {
    request.Add(value, kSampleRangeStats | kChannelStats | kHistogramStats);
  }
  return request;
}

TEST(RunnerTest, AnyNumberOfThreadsAndAMemoryLimitGiveTheSameStatistics) {
  const Model model = Net();
  ArraySource source(model, 9);
  const std::vector<uint64_t> samples = {0, 2, 3, 4, 5, 6, 7, 8};
  std::vector<std::string> bytes;
  for (const int threads : {1, 2, 4}) {
    for (const uint64_t limit : {uint64_t{0}, uint64_t{1} << 30}) {
      RunnerOptions options;
      options.threads = threads;
      options.memory_limit = limit;
      Runner runner(options);
      const auto statistics =
          runner.Collect(model, All({"x", "a", "y"}), source, samples);
      ASSERT_TRUE(statistics.ok()) << statistics.status();
      bytes.push_back(statistics->Serialize());
      EXPECT_EQ(runner.passes(), 1);
      EXPECT_EQ(statistics->Find("y")->range.min, 0.f);
      EXPECT_EQ(statistics->Find("a")->channels.size(), 4u);
      EXPECT_EQ(statistics->samples(), samples);
    }
  }
  for (const std::string& other : bytes) EXPECT_EQ(other, bytes[0]);
}

TEST(RunnerTest, AValueThatIsNotThere) {
  const Model model = Net();
  ArraySource source(model, 1);
  Runner runner({});
  EXPECT_EQ(runner.Collect(model, All({"z"}), source, {0}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace hone
