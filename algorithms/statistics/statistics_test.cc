#include "algorithms/statistics/statistics.h"

#include <string>
#include <vector>

#include "algorithms/statistics/collector.h"
#include "algorithms/statistics/request.h"
#include "gtest/gtest.h"

namespace hone {
namespace {

Statistics Of(const std::vector<uint64_t>& samples) {
  Collector collector(kRangeStats | kSampleRangeStats | kChannelStats |
                      kHistogramStats);
  for (const uint64_t sample : samples) {
    const float x = static_cast<float>(sample);
    EXPECT_TRUE(collector.Add(sample, {1, 2}, {x, -x / 3}).ok());
  }
  Statistics statistics;
  statistics.set_data_identity("digits");
  statistics.set_samples(samples);
  statistics.Set("y", "abcd", collector.Take());
  return statistics;
}

TEST(StatisticsTest, BytesComeBack) {
  const std::string bytes = Of({1, 2, 7}).Serialize();
  const auto parsed = Statistics::Parse(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->Serialize(), bytes);
  EXPECT_EQ(parsed->data_identity(), "digits");
  EXPECT_EQ(parsed->samples(), (std::vector<uint64_t>{1, 2, 7}));
  ASSERT_NE(parsed->Find("y"), nullptr);
  EXPECT_EQ(parsed->Find("y")->range.max, 7.f);
  EXPECT_EQ(parsed->Find("z"), nullptr);
}

TEST(StatisticsTest, ShardsGiveTheBytesOfOnePass) {
  Statistics merged = Of({2, 9});
  ASSERT_TRUE(merged.Merge(Of({1, 5})).ok());
  EXPECT_EQ(merged.Serialize(), Of({1, 2, 5, 9}).Serialize());
}

TEST(StatisticsTest, ShardsThatDoNotFitAreRefused) {
  Statistics merged = Of({1, 2});
  EXPECT_EQ(merged.Merge(Of({2, 3})).code(),
            absl::StatusCode::kInvalidArgument);
  Statistics other_data = Of({5});
  other_data.set_data_identity("letters");
  EXPECT_EQ(merged.Merge(other_data).code(),
            absl::StatusCode::kInvalidArgument);
  Statistics other_model = Of({5});
  other_model.Set("y", "ef", *other_model.Find("y"));
  EXPECT_EQ(merged.Merge(other_model).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(merged.Serialize(), Of({1, 2}).Serialize());  // unchanged
}

TEST(StatisticsTest, DamagedBytesAreRefused) {
  const std::string bytes = Of({1, 2, 7}).Serialize();
  for (size_t length = 0; length < bytes.size(); length += 7) {
    EXPECT_FALSE(Statistics::Parse(bytes.substr(0, length)).ok()) << length;
  }
  for (size_t at = 0; at < bytes.size(); at += 11) {
    std::string damaged = bytes;
    damaged[at] ^= 0x40;
    EXPECT_FALSE(Statistics::Parse(damaged).ok()) << at;
  }
}

TEST(StatisticsTest, FilesComeBack) {
  const std::string path = testing::TempDir() + "/y.stats";
  ASSERT_TRUE(Of({3}).Save(path).ok());
  const auto loaded = Statistics::Load(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Serialize(), Of({3}).Serialize());
  EXPECT_FALSE(Statistics::Load(path + ".absent").ok());
}

}  // namespace
}  // namespace hone
