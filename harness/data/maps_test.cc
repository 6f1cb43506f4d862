#include "harness/data/maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "capi/hone.h"
#include "datasets/array/array.h"
#include "harness/abi/handles.h"
#include "harness/data/values.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

datasets::Array Strings(std::vector<std::string> strings) {
  datasets::Array array;
  array.dtype = "string";
  array.shape = {static_cast<int64_t>(strings.size())};
  array.strings = std::move(strings);
  return array;
}

ValuePtr Map(const datasets::Array& keys, const datasets::Array& values) {
  ValuePtr map;
  EXPECT_TRUE(FromHone(hone_value_new_map(ValueOf(keys)->get(),
                                          ValueOf(values)->get(), Out(&map)))
                  .ok());
  return map;
}

ValuePtr Sequence(const std::vector<const hone_value*>& items) {
  ValuePtr sequence;
  EXPECT_TRUE(FromHone(hone_value_new_sequence(items.data(), items.size(),
                                               Out(&sequence)))
                  .ok());
  return sequence;
}

std::string Text(const ValuePtr& value) {
  const auto json = MapsToJson(value.get(), "output p");
  return json.ok() ? ToText(*json) : std::string(json.status().message());
}

TEST(MapsTest, ScalarsAsTheyRead) {
  const ValuePtr floats =
      Map(datasets::FromValues<int64_t>({5}, {9, -1, 3, 4, 5}),
          datasets::FromValues<float>(
              {5}, {0.1f, NAN, -INFINITY, INFINITY, 16777216.0f}));
  EXPECT_EQ(Text(floats),
            R"({"-1":"NaN","3":"-Infinity","4":"Infinity","5":16777216.0,)"
            R"("9":0.1})");
  const ValuePtr numbers = Map(
      Strings({"b", "a"}), datasets::FromValues<int64_t>({2}, {INT64_MAX, -3}));
  EXPECT_EQ(Text(numbers), R"({"a":-3,"b":9223372036854775807})");
  EXPECT_EQ(Text(Map(datasets::FromValues<uint8_t>({1}, {200}),
                     datasets::FromValues<uint8_t>({1}, {7}))),
            R"({"200":7})");
  EXPECT_EQ(Text(Map(datasets::FromValues<int32_t>({1}, {2}),
                     datasets::FromValues<double>({1}, {0.1}))),
            R"({"2":0.1})");
  EXPECT_EQ(Text(Map(Strings({"x\""}), Strings({"y"}))), R"({"x\"":"y"})");
  EXPECT_EQ(Text(Sequence({numbers.get(), numbers.get()})),
            R"([{"a":-3,"b":9223372036854775807},)"
            R"({"a":-3,"b":9223372036854775807}])");
  EXPECT_EQ(Text(Sequence({})), "[]");
  EXPECT_EQ(Text(Map(Strings({}), Strings({}))), "{}");
}

TEST(MapsTest, OnlyMapsToScalars) {
  const auto tensor = ValueOf(datasets::FromValues<float>({1}, {1}));
  EXPECT_THAT(Text(*tensor), HasSubstr("output p: expected maps from keys"));
  EXPECT_THAT(Text(Sequence({tensor->get()})), HasSubstr("output p"));
  const auto key = ValueOf(datasets::FromValues<int64_t>({1}, {1}));
  const ValuePtr list = Sequence({tensor->get()});
  ValuePtr nested;
  ASSERT_TRUE(
      FromHone(hone_value_new_map(key->get(), list.get(), Out(&nested))).ok());
  EXPECT_THAT(Text(nested), HasSubstr("output p"));
}

TEST(MapsTest, RowsForMetrics) {
  const ValuePtr first = Map(datasets::FromValues<int64_t>({2}, {5, 1}),
                             datasets::FromValues<float>({2}, {0.5f, 0.25f}));
  const ValuePtr second = Map(datasets::FromValues<int64_t>({2}, {1, 5}),
                              datasets::FromValues<float>({2}, {2, 3}));
  const auto rows =
      RowsOfMaps(Sequence({first.get(), second.get()}).get(), "output p");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->shape, ElementsAre(2, 2));
  EXPECT_THAT(rows->Values<float>(), ElementsAre(0.25f, 0.5f, 2, 3));
  const ValuePtr other = Map(datasets::FromValues<int64_t>({2}, {1, 6}),
                             datasets::FromValues<float>({2}, {2, 3}));
  const auto refused =
      RowsOfMaps(Sequence({first.get(), other.get()}).get(), "output p");
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("maps of different keys"));
  EXPECT_FALSE(RowsOfMaps(Sequence({}).get(), "output p").ok());
  EXPECT_FALSE(RowsOfMaps(first.get(), "output p").ok());
}

}  // namespace
}  // namespace hone::harness
