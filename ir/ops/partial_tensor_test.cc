#include "ir/ops/partial_tensor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {
namespace {

TEST(PartialTensorTest, HoldsSmallTensorsBothWays) {
  for (const Tensor& tensor :
       {Tensor::FromVector<int64_t>({2, 1}, {-1, 7}),
        Tensor::FromVector<int32_t>({2}, {3, -4}), Tensor::Scalar<bool>(true),
        Tensor::FromVector<float>({1}, {0.5f}),
        Tensor::FromVector<int64_t>({0}, {})}) {
    const std::optional<PartialTensor> partial = PartialTensor::Of(tensor);
    ASSERT_TRUE(partial.has_value());
    EXPECT_TRUE(partial->AnyKnown());
    EXPECT_TRUE(BitwiseEqual(*partial->ToTensor(), tensor));
  }
}

TEST(PartialTensorTest, RefusesWhatItCannotHold) {
  EXPECT_FALSE(PartialTensor::Of(Tensor::Scalar<double>(1)).has_value());
  EXPECT_FALSE(PartialTensor::Of(Tensor::FromVector<int64_t>(
                                     {65}, std::vector<int64_t>(65, 1)))
                   .has_value());
  EXPECT_FALSE(
      PartialTensor::OfType(Type::OfTensor(DType::kS64, Shape{Dim::Unknown()}))
          .has_value());
  EXPECT_FALSE(PartialTensor::OfType(
                   Type::OfTensor(DType::kS64, ShapeOf({int64_t{1} << 62, 8})))
                   .has_value());
}

TEST(PartialTensorTest, SymbolsAreExtents) {
  std::optional<PartialTensor> partial =
      PartialTensor::OfType(Type::OfTensor(DType::kS64, ShapeOf({2})));
  ASSERT_TRUE(partial.has_value());
  EXPECT_FALSE(partial->AnyKnown());
  partial->elements[0] = PartialElement::OfDim(Dim::Symbol("N"));
  EXPECT_TRUE(partial->AnyKnown());
  EXPECT_FALSE(partial->ToTensor().has_value());
  EXPECT_EQ(partial->elements[0].ToDim(), Dim::Symbol("N"));
  EXPECT_EQ(PartialElement::Of(-1).ToDim(), Dim::Unknown());
  EXPECT_EQ(PartialElement::Of(4).ToDim(), Dim::Of(4));
}

}  // namespace
}  // namespace hone
