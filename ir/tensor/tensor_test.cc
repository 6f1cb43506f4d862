#include "ir/tensor/tensor.h"

#include <gtest/gtest.h>

#include <limits>

#include "ir/dtype/dtype.h"

namespace hone {
namespace {

TEST(ElementCountTest, MultipliesAndRefusesOverflow) {
  EXPECT_EQ(ElementCount({}), 1);
  EXPECT_EQ(ElementCount({2, 3, 4}), 24);
  EXPECT_EQ(ElementCount({int64_t{1} << 40, int64_t{1} << 40}), std::nullopt);
  EXPECT_EQ(ElementCount({int64_t{1} << 40, 0, int64_t{1} << 20}), 0);
  EXPECT_EQ(ElementCount({-1}), std::nullopt);
}

TEST(PackedBytesTest, RoundsSubByteTypesUp) {
  EXPECT_EQ(PackedBytes(DType::kS4, 3), size_t{2});
  EXPECT_EQ(PackedBytes(DType::kU2, 5), size_t{2});
  EXPECT_EQ(PackedBytes(DType::kF32, 3), size_t{12});
  EXPECT_EQ(PackedBytes(DType::kF32, std::numeric_limits<int64_t>::max()),
            std::nullopt);
  EXPECT_EQ(PackedBytes(DType::kString, 3), std::nullopt);
}

TEST(TensorTest, CopySharesStorage) {
  const Tensor a = Tensor::FromVector<float>({2, 2}, {1, 2, 3, 4});
  const Tensor b = a;
  EXPECT_EQ(a.bytes().data(), b.bytes().data());
  EXPECT_TRUE(a.SharesStorageWith(b));
  EXPECT_EQ(b.Values<float>()[3], 4.0f);
}

TEST(TensorTest, ViewChecksByteCount) {
  alignas(4) static const std::byte kBytes[8] = {};
  EXPECT_TRUE(Tensor::View(DType::kF32, {2}, kBytes, nullptr).ok());
  const auto wrong = Tensor::View(DType::kF32, {3}, kBytes, nullptr);
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.status().message().find("expected 12 bytes, found 8"),
            std::string::npos);
  EXPECT_FALSE(
      Tensor::View(DType::kF32, {int64_t{1} << 62, 8}, kBytes, nullptr).ok());
}

TEST(TensorTest, AlignedCopiesOnlyWhenNeeded) {
  alignas(8) static const std::byte kBytes[9] = {};
  const Tensor odd = *Tensor::View(
      DType::kF32, {2}, absl::MakeConstSpan(kBytes).subspan(1), nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(odd.Aligned().bytes().data()) % 4, 0u);
  const Tensor even = *Tensor::View(
      DType::kF32, {2}, absl::MakeConstSpan(kBytes).subspan(0, 8), nullptr);
  EXPECT_TRUE(even.Aligned().SharesStorageWith(even));
}

TEST(TensorTest, HashSeesTypeShapeAndContents) {
  const Tensor a = Tensor::FromVector<int32_t>({2}, {1, 2});
  EXPECT_EQ(a.ContentHash(),
            Tensor::FromVector<int32_t>({2}, {1, 2}).ContentHash());
  EXPECT_NE(a.ContentHash(),
            Tensor::FromVector<int32_t>({1, 2}, {1, 2}).ContentHash());
  EXPECT_NE(a.ContentHash(),
            Tensor::FromVector<uint32_t>({2}, {1, 2}).ContentHash());
  EXPECT_NE(Tensor::FromStrings({2}, {"ab", "c"}).ContentHash(),
            Tensor::FromStrings({2}, {"a", "bc"}).ContentHash());
}

}  // namespace
}  // namespace hone
