#include "harness/speed/region_search.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace hone::harness {
namespace {

// Layer i takes `whole[i]` in int8 and 1 in float; a border takes 0.1.
double TimeOf(const std::vector<double>& whole, const InFloat& in_float) {
  double time = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    time += in_float[i] ? 1 : whole[i];
    const bool before = i == 0 ? true : static_cast<bool>(in_float[i - 1]);
    if (in_float[i] != before) time += 0.1;
  }
  return time;
}

SpeedSearch Search(const std::vector<double>& whole,
                   const std::vector<std::string>& kinds, int most = 100) {
  const auto result = SearchRegions(
      GroupsOf(kinds, 1), whole.size(), most,
      [&](const InFloat& candidate,
          const InFloat& best) -> absl::StatusOr<SpeedRatio> {
        const double ratio = TimeOf(whole, candidate) / TimeOf(whole, best);
        return SpeedRatio{ratio, ratio < 0.99};
      });
  EXPECT_TRUE(result.ok());
  return *result;
}

TEST(RegionSearchTest, AllInt8WhereAllPays) {
  const SpeedSearch search =
      Search({0.3, 0.3, 0.3, 0.3}, {"Conv", "Add", "Conv", "Add"});
  EXPECT_EQ(search.best, InFloat(4, false));
  EXPECT_FALSE(search.decisions[0].kept);
  EXPECT_TRUE(search.decisions[0].to_float);
}

TEST(RegionSearchTest, AllFloatWhereNothingPays) {
  const SpeedSearch search = Search({1.2, 2, 1.5, 1}, {"a", "a", "a", "a"});
  EXPECT_EQ(search.best, InFloat(4, true));
}

TEST(RegionSearchTest, AStretchThatPaysIsFound) {
  const SpeedSearch search = Search({3, 3, 3, 3, 0.2, 0.2, 0.2, 0.2},
                                    std::vector<std::string>(8, "Conv"));
  EXPECT_EQ(search.best,
            (InFloat{true, true, true, true, false, false, false, false}));
}

TEST(RegionSearchTest, AKindThatDoesNotPayIsLeftOut) {
  const SpeedSearch search =
      Search({0.1, 3, 0.1, 3}, {"Conv", "Sigmoid", "Conv", "Sigmoid"});
  EXPECT_EQ(search.best, (InFloat{false, true, false, true}));
}

TEST(RegionSearchTest, NoMoreMeasurementsThanAllowed) {
  EXPECT_EQ(Search(std::vector<double>(64, 0.5),
                   std::vector<std::string>(64, "Conv"), 5)
                .decisions.size(),
            5u);
  EXPECT_TRUE(Search({}, {}).decisions.empty());
}

TEST(RegionSearchTest, AMeasurementThatFailsEndsIt) {
  const auto result = SearchRegions(
      GroupsOf({"a", "b"}, 1), 2, 9,
      [](const InFloat&, const InFloat&) -> absl::StatusOr<SpeedRatio> {
        return absl::UnavailableError("no runtime");
      });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace hone::harness
