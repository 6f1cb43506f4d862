#include "kernels/opencl/gemm/gemm.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/gemm_ref.h"
#include "kernels/opencl/context/testing.h"

namespace hone::opencl {
namespace {

struct Case {
  int64_t m, n, k;
  bool trans_a = false, trans_b = false;
  bool bias = false, residual = false;
  int64_t batch = 1;
  bool shared_b = false;
  int per_item = 0;
};

void Expect(const Case& c, const Activation& f = {},
            GemmActivation kind = GemmActivation::kNone) {
  SCOPED_TRACE(testing::Message()
               << c.batch << " times " << c.m << " x " << c.n << " x " << c.k
               << ", transposed " << c.trans_a << c.trans_b);
  const int64_t a_size = c.m * c.k, b_size = c.k * c.n, y_size = c.m * c.n;
  const std::vector<float> a = TestFloats(c.batch * a_size, 1);
  const std::vector<float> b =
      TestFloats((c.shared_b ? 1 : c.batch) * b_size, 2);
  const std::vector<float> bias = TestFloats(c.n, 3);
  const std::vector<float> residual = TestFloats(c.batch * y_size, 4);
  constexpr float kAlpha = 0.5f, kBeta = 2.0f;

  GemmCall call;
  call.batch = c.batch;
  call.m = c.m;
  call.n = c.n;
  call.k = c.k;
  call.a = {OnDevice(a), c.trans_a ? 1 : c.k, c.trans_a ? c.m : 1, 0, a_size};
  call.b = {OnDevice(b), c.trans_b ? 1 : c.n, c.trans_b ? c.k : 1, 0,
            c.shared_b ? 0 : b_size};
  call.alpha = kAlpha;
  call.beta = kBeta;
  if (c.bias) call.bias = OnDevice(bias);
  if (c.residual) call.residual = OnDevice(residual);
  call.activation = kind;
  call.p = f.a;
  call.q = f.b;
  call.per_item = c.per_item;
  const BufferPtr y = Room(c.batch * y_size);
  const absl::Status status = Gemm(*TestContext(), call, y);
  ASSERT_TRUE(status.ok()) << status;
  const std::vector<float> found = FloatsOf(y);

  for (int64_t p = 0; p < c.batch; ++p) {
    const float* from = a.data() + p * a_size;
    const float* to = b.data() + (c.shared_b ? 0 : p) * b_size;
    std::vector<float> product(y_size);
    MatMulRef<float>(c.m, c.n, c.k, from, call.a.row, call.a.column, to,
                     call.b.row, call.b.column, product.data(), c.n);
    const double bound = static_cast<double>(c.k + 8) * 0x1p-23 *
                         std::sqrt(static_cast<double>(c.k) + 4);
    for (int64_t i = 0; i < y_size; ++i) {
      float expected = kAlpha * product[i];
      if (c.bias) expected += kBeta * bias[i % c.n];
      if (c.residual) expected += residual[p * y_size + i];
      expected = Activate(f, expected);
      ASSERT_NEAR(found[p * y_size + i], expected, bound) << p << ", " << i;
    }
  }
}

TEST(GemmTest, EqualsTheDefinitionAtEveryTail) {
  HONE_REQUIRE_OPENCL();
  for (const int64_t m : {1, 3, 64, 65}) {
    for (const int64_t n : {1, 63, 64, 67}) {
      for (const int64_t k : {1, 16, 17, 40}) Expect({m, n, k});
    }
  }
}

TEST(GemmTest, WithNothingToAddUpIsZero) {
  HONE_REQUIRE_OPENCL();
  Expect({5, 6, 0});
  Expect({0, 6, 3});
  Expect({5, 0, 3});
}

TEST(GemmTest, TakesTransposedMatrices) {
  HONE_REQUIRE_OPENCL();
  Expect({70, 45, 33, true, false});
  Expect({70, 45, 33, false, true});
  Expect({70, 45, 33, true, true});
}

TEST(GemmTest, LargeTilesGiveTheSame) {
  HONE_REQUIRE_OPENCL();
  Case c = {131, 140, 37};
  c.per_item = 8;
  Expect(c);
  c.trans_b = c.bias = c.residual = true;
  Expect(c);
}

TEST(GemmTest, AddsABiasAndAResidual) {
  HONE_REQUIRE_OPENCL();
  Expect({33, 70, 20, false, false, true, false});
  Expect({33, 70, 20, false, false, false, true});
  Expect({33, 70, 20, false, false, true, true});
}

TEST(GemmTest, MultipliesBatches) {
  HONE_REQUIRE_OPENCL();
  Expect({17, 30, 21, false, false, true, true, 5});
  Expect({17, 30, 21, false, true, false, true, 3, true});
}

TEST(GemmTest, AppliesEveryActivation) {
  HONE_REQUIRE_OPENCL();
  using Kind = Activation::Kind;
  struct Pair {
    Activation definition;
    GemmActivation kind;
  };
  const Pair all[] = {
      {Activation::Clamp(-1, 2), GemmActivation::kClamp},
      {{Kind::kLeakyRelu, 0.1f}, GemmActivation::kLeakyRelu},
      {{Kind::kHardSigmoid, 0.2f, 0.5f}, GemmActivation::kHardSigmoid},
      {{Kind::kHardSwish}, GemmActivation::kHardSwish},
      {{Kind::kSigmoid}, GemmActivation::kSigmoid},
      {{Kind::kSilu}, GemmActivation::kSilu},
      {{Kind::kTanh}, GemmActivation::kTanh},
      {{Kind::kGelu}, GemmActivation::kGelu},
  };
  for (const Pair& pair : all) {
    Expect({9, 10, 60, false, false, true}, pair.definition, pair.kind);
  }
}

TEST(GemmTest, HasTheSameBitsTwice) {
  HONE_REQUIRE_OPENCL();
  GemmCall call;
  call.m = call.n = call.k = 100;
  call.a = {OnDevice(TestFloats(10000, 1)), 100, 1};
  call.b = {OnDevice(TestFloats(10000, 2)), 100, 1};
  const BufferPtr first = Room(10000), second = Room(10000);
  ASSERT_TRUE(Gemm(*TestContext(), call, first).ok());
  ASSERT_TRUE(Gemm(*TestContext(), call, second).ok());
  EXPECT_EQ(FloatsOf(first), FloatsOf(second));
}

}  // namespace
}  // namespace hone::opencl
