#include "algorithms/runner/boundary_cache.h"

#include <cstdlib>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

Value Numbers(float first) {
  return Tensor::FromVector<float>({2, 2}, {first, 1, 2, 3});
}

TEST(BoundaryCacheTest, SpillsPastTheLimitAndReusesTheFile) {
  BoundaryCache cache(40);  // two tensors of 16 bytes
  for (uint64_t sample = 0; sample < 6; ++sample) {
    ASSERT_TRUE(cache.Put("a", sample, Numbers(sample)).ok());
  }
  EXPECT_EQ(cache.memory_bytes(), 32u);
  EXPECT_EQ(cache.file_bytes(), 64u);
  for (uint64_t sample = 0; sample < 6; ++sample) {
    const auto value = cache.Get("a", sample);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_TRUE(BitwiseEqual(value->tensor(), Numbers(sample).tensor()));
  }
  // Replacing and dropping gives places back.
  ASSERT_TRUE(cache.Put("a", 5, Numbers(7)).ok());
  EXPECT_EQ(cache.file_bytes(), 64u);
  cache.Drop("a");
  EXPECT_EQ(cache.memory_bytes(), 0u);
  EXPECT_FALSE(cache.Has("a", 0));
  for (uint64_t sample = 0; sample < 6; ++sample) {
    ASSERT_TRUE(cache.Put("b", sample, Numbers(sample)).ok());
  }
  EXPECT_EQ(cache.file_bytes(), 64u);
}

TEST(BoundaryCacheTest, StringsAndAbsentValuesStayInMemory) {
  BoundaryCache cache(0);
  ASSERT_TRUE(cache.Put("s", 0, Tensor::FromStrings({1}, {"word"})).ok());
  ASSERT_TRUE(cache.Put("none", 0, Value()).ok());
  EXPECT_EQ(cache.file_bytes(), 0u);
  EXPECT_EQ(cache.Get("s", 0)->tensor().Strings()[0], "word");
  EXPECT_EQ(cache.Get("none", 0)->kind(), Value::Kind::kNone);
  EXPECT_EQ(cache.Get("s", 1).status().code(), absl::StatusCode::kNotFound);
}

TEST(BoundaryCacheTest, NoFolderForTheFileIsAnError) {
  setenv("TMPDIR", "/no/such/folder", 1);
  BoundaryCache cache(0);
  const absl::Status status = cache.Put("a", 0, Numbers(0));
  unsetenv("TMPDIR");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(cache.Has("a", 0));
}

}  // namespace
}  // namespace hone
