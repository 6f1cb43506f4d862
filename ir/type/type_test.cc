#include "ir/type/type.h"

#include <gtest/gtest.h>

#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

TEST(TypeTest, PrintsWhatIsKnown) {
  EXPECT_EQ(Type::OfTensor(DType::kF32, Shape{Dim::Symbol("batch"), Dim::Of(3),
                                              Dim::Unknown()})
                .ToString(),
            "float32[batch, 3, ?]");
  EXPECT_EQ(Type::OfTensor(DType::kS8).ToString(), "int8[...]");
  EXPECT_EQ(Type::SequenceOf(Type::OfTensor(DType::kS64, Shape{})).ToString(),
            "sequence(int64[])");
  EXPECT_EQ(
      Type::SequenceOf(Type::MapOf(DType::kString, Type::OfTensor(DType::kF32)))
          .ToString(),
      "sequence(map(string, float32[...]))");
}

TEST(TypeTest, ComparesDeeply) {
  const Type a = Type::OptionalOf(Type::OfTensor(DType::kF32, Shape{}));
  EXPECT_EQ(a, Type::OptionalOf(Type::OfTensor(DType::kF32, Shape{})));
  EXPECT_NE(a, Type::OptionalOf(Type::OfTensor(DType::kF16, Shape{})));
  EXPECT_NE(a, Type::SequenceOf(Type::OfTensor(DType::kF32, Shape{})));
  const Type map = Type::MapOf(DType::kS64, a);
  EXPECT_EQ(map, Type::MapOf(DType::kS64, a));
  EXPECT_NE(map, Type::MapOf(DType::kString, a));
  EXPECT_NE(map, Type::MapOf(DType::kS64, map));
}

TEST(TypeTest, KnownDimsNeedsEveryNumber) {
  EXPECT_EQ(KnownDims(ShapeOf({2, 3})), (Dims{2, 3}));
  EXPECT_FALSE(KnownDims({Dim::Of(2), Dim::Symbol("n")}).has_value());
}

}  // namespace
}  // namespace hone
