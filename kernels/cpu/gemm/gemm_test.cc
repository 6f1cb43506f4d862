#include "kernels/cpu/gemm/gemm.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/gemm_ref.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> Random(size_t n, uint32_t seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(n);
  for (float& value : values) value = uniform(engine);
  return values;
}

struct Case {
  int64_t m, n, k;
  bool transpose_a = false;
  bool transpose_b = false;
  float scale = 1;
  GemmEpilogue epilogue = {};
};

void Check(const Case& t, int threads) {
  const std::vector<float> a = Random(t.m * t.k, 1);
  const std::vector<float> b = Random(t.k * t.n, 2);
  const StridedMatrix at = t.transpose_a ? StridedMatrix{a.data(), 1, t.m}
                                         : StridedMatrix{a.data(), t.k, 1};
  const StridedMatrix bt = t.transpose_b ? StridedMatrix{b.data(), 1, t.k}
                                         : StridedMatrix{b.data(), t.n, 1};
  const int64_t stride = t.n + 3;  // C is a part of something wider
  constexpr float kUntouched = 1234;
  std::vector<float> expected(t.m * stride, kUntouched);
  GemmRef(t.m, t.n, t.k, at, t.scale, bt, t.epilogue, expected.data(), stride);

  ThreadPool pool(threads);
  std::vector<std::byte> scratch(GemmScratchBytes(threads));
  std::vector<std::byte> columns(GemmColumnsBytes(t.k, t.n));
  std::vector<float> packed_now(t.m * stride, kUntouched);
  Gemm(t.m, t.n, t.k, at, t.scale, bt, t.epilogue, packed_now.data(), stride,
       scratch.data(), columns.data(), pool);
  std::vector<float> packed_before(t.m * stride, kUntouched);
  const PackedColumns packed(bt, t.k, t.n);
  std::vector<std::byte> rows(GemmScratchBytes(t.m, t.k));
  Gemm(t.m, at, t.scale, packed, t.epilogue, packed_before.data(), stride,
       rows.data(), pool);

  const float tolerance = 4e-7f * (4 + std::sqrt(static_cast<float>(t.k)) * 2);
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(packed_now[i], expected[i], tolerance)
        << t.m << "x" << t.n << "x" << t.k << " at " << i;
    ASSERT_EQ(packed_before[i], packed_now[i]) << i;
  }
}

TEST(GemmTest, EveryTileHeightAndColumnTail) {
  ForEachTarget([] {
    const TileShape tile = CurrentTileShape();
    for (int64_t m = 1; m <= tile.rows + 1; ++m) {
      for (int64_t n = 1; n <= 2 * tile.columns + 1; ++n) {
        Check({m, n, 5}, 1);
      }
    }
  });
}

TEST(GemmTest, DepthsAroundTheBlockEdge) {
  ForEachTarget([] {
    for (int64_t k : {0, 1, 2, 255, 256, 257, 512, 700}) Check({9, 35, k}, 2);
  });
}

TEST(GemmTest, ManyBlocksOfRowsAndColumns) {
  ForEachTarget([] {
    Check({300, 77, 40}, 2);
    Check({3, 1100, 40}, 2);
    Check({260, 1061, 33}, 2);
  });
}

TEST(GemmTest, EmptyProductsWriteNothing) {
  ForEachTarget([] {
    Check({0, 5, 3}, 1);
    Check({5, 0, 3}, 1);
  });
}

TEST(GemmTest, TransposedOperands) {
  ForEachTarget([] {
    Check({37, 41, 300, true, false}, 2);
    Check({37, 41, 300, false, true}, 2);
    Check({37, 41, 300, true, true, 0.5f}, 2);
  });
}

TEST(GemmTest, InitialValuesAndBiases) {
  const std::vector<float> matrix = Random(50 * 70, 3);
  const std::vector<float> bias = Random(70, 4);
  ForEachTarget([&] {
    Case t{50, 70, 300};
    t.epilogue.initial = matrix.data();
    t.epilogue.initial_stride = 70;
    Check(t, 2);
    t.epilogue.row_bias = bias.data();
    Check(t, 2);
    t.epilogue.initial = bias.data();
    t.epilogue.initial_stride = 0;
    t.epilogue.row_bias = nullptr;
    Check(t, 2);
  });
}

TEST(GemmTest, Activations) {
  const std::vector<float> bias = Random(50, 5);
  using Kind = Activation::Kind;
  for (const Activation& f :
       {Activation::Clamp(0, kInfinity), Activation::Clamp(-0.5f, 0.25f),
        Activation{Kind::kLeakyRelu, 0.1f, 0},
        Activation{Kind::kHardSigmoid, 0.2f, 0.5f},
        Activation{Kind::kHardSwish}, Activation{Kind::kSigmoid},
        Activation{Kind::kSilu}, Activation{Kind::kGelu},
        Activation{Kind::kTanh}}) {
    ForEachTarget([&] {
      SCOPED_TRACE(static_cast<int>(f.kind));
      for (int64_t k : {3, 300}) {
        Case t{20, 43, k};
        t.epilogue.row_bias = bias.data();
        t.epilogue.activation = f;
        Check(t, 2);
      }
    });
  }
}

TEST(GemmTest, NotANumberPassesThroughClamp) {
  ForEachTarget([] {
    const float a[] = {std::numeric_limits<float>::quiet_NaN(), kInfinity, -2};
    const float b[] = {1};
    float c[3];
    ThreadPool pool(1);
    std::vector<std::byte> scratch(GemmScratchBytes(1));
    std::vector<std::byte> columns(GemmColumnsBytes(1, 1));
    GemmEpilogue epilogue;
    epilogue.activation = Activation::Clamp(0, 6);
    Gemm(3, 1, 1, {a, 1, 1}, 1, {b, 1, 1}, epilogue, c, 1, scratch.data(),
         columns.data(), pool);
    EXPECT_TRUE(std::isnan(c[0]));
    EXPECT_EQ(c[1], 6);
    EXPECT_EQ(c[2], 0);
  });
}

TEST(GemmTest, SameBitsForAnyNumberOfThreads) {
  const int64_t m = 150, n = 517, k = 530;
  const std::vector<float> a = Random(m * k, 1);
  const std::vector<float> b = Random(k * n, 2);
  ForEachTarget([&] {
    std::vector<float> first;
    for (int threads : {1, 2, 3, 8}) {
      ThreadPool pool(threads);
      std::vector<std::byte> scratch(GemmScratchBytes(threads));
      std::vector<std::byte> columns(GemmColumnsBytes(k, n));
      std::vector<float> c(m * n);
      Gemm(m, n, k, {a.data(), k, 1}, 1, {b.data(), n, 1}, {}, c.data(), n,
           scratch.data(), columns.data(), pool);
      if (first.empty()) first = c;
      EXPECT_EQ(c, first) << threads;
    }
  });
}

TEST(RowPanelsTest, DividesEvenly) {
  const RowPanels panels(64, 14);
  ASSERT_EQ(panels.count(), 5);
  EXPECT_EQ(panels.Rows(0), 13);
  EXPECT_EQ(panels.Rows(3), 13);
  EXPECT_EQ(panels.Rows(4), 12);
  EXPECT_EQ(panels.Begin(4), 52);
}

}  // namespace
}  // namespace hone
