#include "kernels/opencl/elementwise/elementwise.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/cpu/unary/unary.h"
#include "kernels/cpu/unary/unary_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

struct UnaryCase {
  UnaryFunction function;
  UnaryOp definition;
  float p = 0, q = 0;
};

constexpr UnaryCase kUnary[] = {
    {UnaryFunction::kAbs, UnaryOp::kAbs},
    {UnaryFunction::kNeg, UnaryOp::kNeg},
    {UnaryFunction::kReciprocal, UnaryOp::kReciprocal},
    {UnaryFunction::kSqrt, UnaryOp::kSqrt},
    {UnaryFunction::kExp, UnaryOp::kExp},
    {UnaryFunction::kLog, UnaryOp::kLog},
    {UnaryFunction::kRelu, UnaryOp::kRelu},
    {UnaryFunction::kClip, UnaryOp::kClip, -1, 2},
    {UnaryFunction::kLeakyRelu, UnaryOp::kLeakyRelu, 0.1f},
    {UnaryFunction::kElu, UnaryOp::kElu, 1.5f},
    {UnaryFunction::kHardSigmoid, UnaryOp::kHardSigmoid, 0.2f, 0.5f},
    {UnaryFunction::kHardSwish, UnaryOp::kHardSwish},
    {UnaryFunction::kSigmoid, UnaryOp::kSigmoid},
    {UnaryFunction::kSwish, UnaryOp::kSwish, 1.25f},
    {UnaryFunction::kTanh, UnaryOp::kTanh},
    {UnaryFunction::kSoftplus, UnaryOp::kSoftplus},
    {UnaryFunction::kErf, UnaryOp::kErf},
    {UnaryFunction::kGelu, UnaryOp::kGelu},
    {UnaryFunction::kGeluTanh, UnaryOp::kGeluTanh},
};

TEST(UnaryTest, EveryFunctionEqualsItsDefinition) {
  HONE_REQUIRE_OPENCL();
  for (const UnaryCase& c : kUnary) {
    SCOPED_TRACE(static_cast<int>(c.function));
    const bool positive =
        c.function == UnaryFunction::kSqrt || c.function == UnaryFunction::kLog;
    std::vector<float> x = TestFloats(301, 1, positive ? 0.01f : -6, 6);
    x[0] = NAN;
    UnaryParams params;
    params.a = c.p;
    params.b = c.q;
    std::vector<float> expected(x.size());
    UnaryRef(c.definition, params, x.data(), x.size(), expected.data());
    const BufferPtr y = Room(x.size());
    const absl::Status status =
        Unary(*TestContext(), c.function, c.p, c.q, OnDevice(x), 301, y);
    ASSERT_TRUE(status.ok()) << status;
    const std::vector<float> found = FloatsOf(y);
    for (size_t i = 0; i < x.size(); ++i) {
      if (std::isnan(expected[i])) {
        EXPECT_TRUE(std::isnan(found[i])) << x[i];
      } else {
        EXPECT_NEAR(found[i], expected[i], 2e-6 * (1 + std::fabs(expected[i])))
            << x[i];
      }
    }
  }
}

TEST(UnaryTest, EveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const size_t n : {0, 1, 127, 128, 129}) {
    const std::vector<float> x = TestFloats(n, 2);
    const BufferPtr y = Room(n);
    ASSERT_TRUE(Unary(*TestContext(), UnaryFunction::kNeg, 0, 0, OnDevice(x),
                      static_cast<int64_t>(n), y)
                    .ok());
    const std::vector<float> found = FloatsOf(y);
    for (size_t i = 0; i < n; ++i) EXPECT_EQ(found[i], -x[i]);
  }
}

struct BinaryCase {
  BinaryFunction function;
  BinaryOp definition;
};

constexpr BinaryCase kBinary[] = {
    {BinaryFunction::kAdd, BinaryOp::kAdd},
    {BinaryFunction::kSub, BinaryOp::kSub},
    {BinaryFunction::kMul, BinaryOp::kMul},
    {BinaryFunction::kDiv, BinaryOp::kDiv},
    {BinaryFunction::kPow, BinaryOp::kPow},
    {BinaryFunction::kPRelu, BinaryOp::kPRelu},
    {BinaryFunction::kMin, BinaryOp::kMin},
    {BinaryFunction::kMax, BinaryOp::kMax},
};

TEST(BinaryTest, EveryFunctionOfDenseArraysAndOfOneElement) {
  HONE_REQUIRE_OPENCL();
  const std::vector<float> a = TestFloats(203, 1, 0.1f, 3);
  const std::vector<float> b = TestFloats(203, 2, -2, 2);
  for (const BinaryCase& c : kBinary) {
    for (const int step : {0, 1}) {
      SCOPED_TRACE(testing::Message()
                   << static_cast<int>(c.function) << " step " << step);
      std::vector<float> expected(a.size());
      BinaryRowRef(c.definition, a.data(), 1, b.data(), step, a.size(),
                   expected.data());
      Nest nest;
      nest.loops = 1;
      nest.extents[0] = 203;
      nest.first[0] = 1;
      nest.second[0] = step;
      const BufferPtr y = Room(a.size());
      const absl::Status status =
          Binary(*TestContext(), c.function, nest, OnDevice(a), OnDevice(b), y);
      ASSERT_TRUE(status.ok()) << status;
      const std::vector<float> found = FloatsOf(y);
      for (size_t i = 0; i < a.size(); ++i) {
        EXPECT_NEAR(found[i], expected[i], 4e-6 * (1 + std::fabs(expected[i])));
      }
    }
  }
}

// y[i, j, k] = a[i, k] - b[j, 0].
TEST(BinaryTest, BroadcastsByStrides) {
  HONE_REQUIRE_OPENCL();
  constexpr int kI = 3, kJ = 5, kK = 29;
  const std::vector<float> a = TestFloats(kI * kK, 1);
  const std::vector<float> b = TestFloats(kJ, 2);
  Nest nest;
  nest.loops = 3;
  nest.extents = {kI, kJ, kK};
  nest.first = {kK, 0, 1};
  nest.second = {0, 1, 0};
  const BufferPtr y = Room(kI * kJ * kK);
  ASSERT_TRUE(Binary(*TestContext(), BinaryFunction::kSub, nest, OnDevice(a),
                     OnDevice(b), y)
                  .ok());
  const std::vector<float> found = FloatsOf(y);
  for (int i = 0; i < kI * kJ * kK; ++i) {
    EXPECT_EQ(found[i], a[i / (kJ * kK) * kK + i % kK] - b[i / kK % kJ]);
  }
}

// y[i, j] = condition[j] ? a[i, j] : b[0].
TEST(SelectTest, PicksByCondition) {
  HONE_REQUIRE_OPENCL();
  constexpr int kI = 4, kJ = 67;
  const std::vector<float> a = TestFloats(kI * kJ, 1);
  std::vector<uint8_t> condition(kJ);
  for (int j = 0; j < kJ; ++j) condition[j] = j % 3 == 0;
  Nest nest;
  nest.loops = 2;
  nest.extents = {kI, kJ};
  nest.first = {0, 1};
  nest.second = {kJ, 1};
  nest.third = {0, 0};
  const BufferPtr y = Room(kI * kJ);
  ASSERT_TRUE(Select(*TestContext(), nest, OnDevice(condition.data(), kJ),
                     OnDevice(a), OnDevice({-7.0f}), y)
                  .ok());
  const std::vector<float> found = FloatsOf(y);
  for (int i = 0; i < kI * kJ; ++i) {
    EXPECT_EQ(found[i], condition[i % kJ] != 0 ? a[i] : -7);
  }
}

TEST(CopyTest, TransposesIntoAPartOfAnArray) {
  HONE_REQUIRE_OPENCL();
  const std::vector<float> x = TestFloats(7 * 5 + 2, 1);
  Nest nest;  // y[3 + j * 10 + i] = x[2 + i * 5 + j]
  nest.loops = 2;
  nest.extents = {7, 5};
  nest.first = {5, 1};
  nest.second = {1, 10};
  const BufferPtr y = OnDevice(std::vector<float>(60, -9));
  ASSERT_TRUE(Copy(*TestContext(), nest, OnDevice(x), 2, y, 3).ok());
  std::vector<float> expected(60, -9);
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 5; ++j) expected[3 + j * 10 + i] = x[2 + i * 5 + j];
  }
  EXPECT_EQ(FloatsOf(y), expected);
}

TEST(CopyTest, OfNoLoopsIsOneElement) {
  HONE_REQUIRE_OPENCL();
  const BufferPtr y = Room(1);
  ASSERT_TRUE(Copy(*TestContext(), {}, OnDevice({1.0f, 2.0f}), 1, y, 0).ok());
  EXPECT_EQ(FloatsOf(y)[0], 2);
}

}  // namespace
}  // namespace hone::opencl
