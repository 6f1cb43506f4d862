#include "ir/nearest/nearest.h"

#include <string>

#include "gtest/gtest.h"

namespace hone {
namespace {

constexpr absl::string_view kNames[] = {"Conv", "ConvTranspose", "Relu", "Elu",
                                        "Softmax"};

TEST(NearestName, SmallestDistance) {
  EXPECT_EQ(NearestName("Convv", kNames), "Conv");
  EXPECT_EQ(NearestName("Rlu", kNames), "Relu");  // both at 1: the first
  EXPECT_EQ(NearestName("softmax", kNames), "Softmax");
}

TEST(NearestName, BeginningWins) {
  EXPECT_EQ(NearestName("ConvTr", kNames), "ConvTranspose");
}

TEST(NearestName, NothingNear) {
  EXPECT_EQ(NearestName("GridSample", kNames), "");
  EXPECT_EQ(NearestName("", kNames), "");
  EXPECT_EQ(NearestName("Relu", {}), "");
  EXPECT_EQ(NearestName(std::string(65, 'a'), {std::string(65, 'a')}), "");
}

}  // namespace
}  // namespace hone
