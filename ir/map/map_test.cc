#include "ir/map/map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"

namespace hone {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Failure(const Tensor& keys, const Value& values) {
  const auto map = MakeMap(keys, values);
  return map.ok() ? "" : std::string(map.status().message());
}

TEST(MapTest, SortsByKey) {
  const auto map = MakeMap(Tensor::FromVector<int64_t>({3}, {7, -2, 5}),
                           Tensor::FromVector<float>({3}, {0.7f, 0.2f, 0.5f}));
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->kind(), Value::Kind::kMap);
  EXPECT_THAT(map->map_keys().Values<int64_t>(), ElementsAre(-2, 5, 7));
  EXPECT_THAT(map->map_values().tensor().Values<float>(),
              ElementsAre(0.2f, 0.5f, 0.7f));
  EXPECT_EQ(FindKey(*map, 5), 1);
  EXPECT_EQ(FindKey(*map, 6), -1);
  EXPECT_EQ(FindKey(*map, 8), -1);
  EXPECT_EQ(FindKey(*map, "5"), -1);
}

TEST(MapTest, StringsByTheirBytes) {
  const auto map =
      MakeMap(Tensor::FromStrings({3}, {"b", "B", ""}),
              Value::Sequence({Value(Tensor::FromStrings({}, {"x"})),
                               Value(Tensor::FromStrings({}, {"y"})),
                               Value(Tensor::FromStrings({}, {"z"}))}));
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(map->map_keys().Strings(), ElementsAre("", "B", "b"));
  // Scalars of one type are one tensor.
  ASSERT_TRUE(map->map_values().is_tensor());
  EXPECT_THAT(map->map_values().tensor().Strings(), ElementsAre("z", "y", "x"));
  EXPECT_EQ(FindKey(*map, "b"), 2);
  EXPECT_EQ(FindKey(*map, "a"), -1);
  EXPECT_EQ(FindKey(*map, int64_t{0}), -1);
}

TEST(MapTest, UnsignedKeysAboveTheSignedOnes) {
  const auto map =
      MakeMap(Tensor::FromVector<uint64_t>({2}, {uint64_t{1} << 63, 1}),
              Tensor::FromVector<uint8_t>({2}, {1, 0}));
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(map->map_values().tensor().Values<uint8_t>(), ElementsAre(0, 1));
  EXPECT_EQ(FindKey(*map, INT64_MIN), 1);
}

TEST(MapTest, WhatIsNoScalarStaysASequence) {
  const Value vector(Tensor::FromVector<float>({2}, {1, 2}));
  const Value scalar(Tensor::Scalar<float>(3));
  const auto map = MakeMap(Tensor::FromVector<int32_t>({2}, {2, 1}),
                           Value::Sequence({vector, scalar}));
  ASSERT_TRUE(map.ok()) << map.status();
  ASSERT_EQ(map->map_values().kind(), Value::Kind::kSequence);
  EXPECT_EQ(map->map_values().sequence()[0].tensor().rank(), 0);
}

TEST(MapTest, EmptyIsFine) {
  const auto map =
      MakeMap(Tensor::FromVector<int64_t>({0}, {}), Value::Sequence({}));
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(FindKey(*map, 0), -1);
}

TEST(MapTest, RefusesWhatIsNoMap) {
  const Tensor keys = Tensor::FromVector<int64_t>({2}, {1, 2});
  const Tensor two = Tensor::FromVector<float>({2}, {1, 2});
  EXPECT_THAT(Failure(two, two), HasSubstr("keys of a map"));
  EXPECT_THAT(Failure(keys.Reshaped({2, 1}), two), HasSubstr("int64[2, 1]"));
  EXPECT_THAT(Failure(Tensor::FromVector<bool>({2}, {false, true}), two),
              HasSubstr("keys of a map"));
  EXPECT_THAT(Failure(keys, Tensor::FromVector<float>({3}, {1, 2, 3})),
              HasSubstr("expected [2] of strings or whole bytes, found "
                        "float32[3]"));
  EXPECT_THAT(Failure(keys, Value::Sequence({two})),
              HasSubstr("expected 2 of them, found 1"));
  EXPECT_THAT(Failure(keys, Value()), HasSubstr("values of a map"));
  EXPECT_THAT(Failure(Tensor::FromVector<int64_t>({2}, {4, 4}), two),
              HasSubstr("4 twice"));
  EXPECT_THAT(Failure(Tensor::FromStrings({2}, {"a", "a"}), two),
              HasSubstr("a twice"));
}

}  // namespace
}  // namespace hone
