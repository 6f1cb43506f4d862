#include "kernels/exec/ops/attention/kv_cache.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace hone {
namespace {

TensorView Scale(const std::vector<float>& values) {
  TensorView view;
  view.data = values.data();
  view.dtype = DType::kF32;
  view.dims = {static_cast<int64_t>(values.size())};
  view.size = static_cast<int64_t>(values.size());
  return view;
}

// A row in the format, and what is read back.
std::vector<float> Through(DType dtype, int64_t bits,
                           const std::vector<float>& scale,
                           const std::vector<float>& row,
                           std::vector<int>* codes) {
  const auto format = CacheFormat::Of(Node(), dtype, bits, Scale(scale), 1,
                                      static_cast<int64_t>(row.size()));
  EXPECT_TRUE(format.ok()) << format.status();
  std::vector<std::byte> bytes(format->row_bytes());
  format->Store(row.data(), 0, bytes.data());
  for (const std::byte b : bytes) codes->push_back(static_cast<int>(b));
  std::vector<float> back(row.size());
  format->Load(bytes.data(), 0, back.data());
  return back;
}

TEST(CacheFormat, IntegersRoundHalfToEvenAndSaturate) {
  std::vector<int> codes;
  EXPECT_EQ(Through(DType::kS8, 8, {0.5f}, {0.25f, 0.75f, -1000, 1}, &codes),
            (std::vector<float>{0, 1, -64, 1}));
  EXPECT_EQ(codes, (std::vector<int>{0, 2, 128, 2}));
}

TEST(CacheFormat, TwoNibblesInAByteTheFirstOneLow) {
  std::vector<int> codes;
  EXPECT_EQ(Through(DType::kU8, 4, {1, 1, 2, 2}, {-8, 7, 3, -100}, &codes),
            (std::vector<float>{-8, 7, 4, -16}));
  EXPECT_EQ(codes, (std::vector<int>{0xf0, 0x0a}));
}

TEST(CacheFormat, FloatsOfEightBits) {
  std::vector<int> codes;
  EXPECT_EQ(Through(DType::kF8E4M3FN, 8, {2}, {2, -3, 5000, 0}, &codes),
            (std::vector<float>{2, -3, 896, 0}));
  EXPECT_EQ(codes, (std::vector<int>{0x38, 0xbc, 0x7e, 0}));
}

TEST(CacheFormat, RefusesTypesAndScales) {
  const std::vector<float> one = {1}, three = {1, 1, 1}, none = {0};
  const auto error = [](DType dtype, int64_t bits, const TensorView& scale,
                        int64_t size) {
    const auto format = CacheFormat::Of(Node(), dtype, bits, scale, 2, size);
    EXPECT_FALSE(format.ok());
    return std::string(format.status().message());
  };
  const auto has = [](const std::string& text, const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(error(DType::kS8, 0, {}, 4), "expected that of the query, found int8");
  has(error(DType::kS8, 4, Scale(one), 4), "expected uint8");
  has(error(DType::kU8, 4, Scale(one), 3), "heads of even size");
  has(error(DType::kU8, 8, Scale(one), 4), "expected int8 or float8e4m3fn");
  has(error(DType::kS8, 8, {}, 4), "found none");
  has(error(DType::kS8, 8, Scale(three), 4), "[1, 2, 1, 4]");
  has(error(DType::kS8, 8, Scale(none), 4), "positive and finite");
}

TEST(RowsKept, DropsTheSlackAtOnce) {
  for (int64_t t = 0; t < 9; ++t) EXPECT_EQ(RowsKept(t, 4, 4), t < 4 ? t : 4);
  // Room for 6, a window of 4: three are dropped where a seventh would not fit.
  const int64_t kept[] = {0, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6};
  for (int64_t t = 0; t < 13; ++t) EXPECT_EQ(RowsKept(t, 4, 6), kept[t]) << t;
}

TEST(AppendRows, KeepsTheLastRows) {
  const auto format = CacheFormat::Of(Node(), DType::kF32, 0, {}, 1, 1);
  ASSERT_TRUE(format.ok());
  CacheRows sample;
  sample.before = 5;
  sample.old = 2;
  sample.added = 2;
  sample.kept = 3;
  CacheExtents extents;
  extents.batch = extents.heads = extents.size = 1;
  extents.past = extents.present = 4;
  extents.rows = 2;
  extents.stride = 5;
  const float past[] = {3, 4, 99, 99}, rows[] = {5, 6};
  float present[4];
  std::vector<float> all;
  const float* const keys =
      AppendRows(*format, extents, {sample}, past, rows, present, &all);
  EXPECT_EQ(keys, all.data());
  EXPECT_EQ(all, (std::vector<float>{3, 4, 5, 6, 0}));
  EXPECT_EQ(std::vector<float>(present, present + 4),
            (std::vector<float>{4, 5, 6, 0}));
  EXPECT_EQ(sample.first(), 3);
  // What keeps all is what a later step reads.
  sample.kept = 4;
  extents.stride = 4;
  EXPECT_EQ(AppendRows(*format, extents, {sample}, past, rows, present, &all),
            present);
  EXPECT_EQ(std::vector<float>(present, present + 4),
            (std::vector<float>{3, 4, 5, 6}));
}

}  // namespace
}  // namespace hone
