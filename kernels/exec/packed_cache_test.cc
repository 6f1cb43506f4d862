#include "kernels/exec/packed_cache.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

struct Blob {
  size_t bytes() const { return size; }
  size_t size = 0;
};

class PackedCacheTest : public testing::Test {
 protected:
  std::shared_ptr<const Blob> Get(PackedCache& cache, float weight,
                                  const char* packing, size_t bytes) {
    return cache.GetOrPack<Blob>(Tensor::FromVector<float>({2}, {weight, 1}),
                                 packing, [&] {
                                   ++packs_;
                                   auto blob = std::make_shared<Blob>();
                                   blob->size = bytes;
                                   return std::shared_ptr<const Blob>(blob);
                                 });
  }
  int packs_ = 0;
};

TEST_F(PackedCacheTest, EqualContentsArePackedOnce) {
  PackedCache cache(100);
  const auto a = Get(cache, 1, "p", 10);
  EXPECT_EQ(Get(cache, 1, "p", 10), a);
  EXPECT_EQ(packs_, 1);
  EXPECT_EQ(cache.bytes(), 10u);
}

TEST_F(PackedCacheTest, OtherContentsOrPackingsAreOtherEntries) {
  PackedCache cache(100);
  const auto a = Get(cache, 1, "p", 10);
  EXPECT_NE(Get(cache, 2, "p", 10), a);
  EXPECT_NE(Get(cache, 1, "q", 10), a);
  EXPECT_EQ(cache.entries(), 3u);
}

TEST_F(PackedCacheTest, TheLongestUnusedLeavesFirst) {
  PackedCache cache(25);
  Get(cache, 1, "p", 10);
  Get(cache, 2, "p", 10);
  Get(cache, 1, "p", 10);
  Get(cache, 3, "p", 10);  // 2 leaves at the latest with the next insertion
  Get(cache, 4, "p", 10);
  packs_ = 0;
  Get(cache, 2, "p", 10);
  EXPECT_EQ(packs_, 1);
  EXPECT_LE(cache.bytes(), 35u);
}

TEST_F(PackedCacheTest, WhatIsHeldStays) {
  PackedCache cache(0);
  const auto held = Get(cache, 1, "p", 10);
  for (int i = 2; i < 6; ++i) Get(cache, i, "p", 10);
  EXPECT_EQ(Get(cache, 1, "p", 10), held);
  EXPECT_EQ(packs_, 5);
  EXPECT_LE(cache.entries(), 2u);
}

}  // namespace
}  // namespace hone
