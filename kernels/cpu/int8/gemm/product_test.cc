#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include "kernels/cpu/int8/gemm/product.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/testing/for_each_target.h"

namespace hone {
namespace {

struct Case {
  int64_t groups, columns, taps, depth, rows;
};

// One product of random or extreme numbers, beside its definition.
class Problem {
 public:
  Problem(const Case& c, uint32_t seed, bool extreme)
      : c_(c),
        x_(static_cast<size_t>(c.taps * c.rows * c.depth)),
        w_(static_cast<size_t>(c.groups * c.columns * c.taps * c.depth)),
        bias_(static_cast<size_t>(c.groups * PaddedInt8Columns(c.columns))),
        multiplier_(bias_.size()) {
    std::mt19937 random(seed);
    for (uint8_t& x : x_) x = extreme ? 255 : static_cast<uint8_t>(random());
    for (int8_t& w : w_) {
      w = extreme ? (random() % 2 != 0 ? 127 : -128)
                  : static_cast<int8_t>(random());
    }
    for (size_t i = 0; i < bias_.size(); ++i) {
      bias_[i] = static_cast<int32_t>(random() % 20001) - 10000;
      multiplier_[i] = static_cast<float>(random() % 1000 + 1) * 1e-6f;
    }
    epilogue_.bias = bias_.data();
    epilogue_.multiplier = multiplier_.data();
    for (int64_t t = 0; t < c.taps; ++t) {
      for (int64_t r = 0; r < c.rows; ++r) {
        rows_.push_back(x_.data() + (t * c.rows + r) * c.depth);
      }
    }
  }

  int32_t Sum(int64_t group, int64_t row, int64_t column) const {
    int64_t sum = bias_[group * PaddedInt8Columns(c_.columns) + column];
    for (int64_t t = 0; t < c_.taps; ++t) {
      for (int64_t k = 0; k < c_.depth; ++k) {
        sum += int64_t{rows_[t * c_.rows + row][k]} *
               w_[((group * c_.columns + column) * c_.taps + t) * c_.depth + k];
      }
    }
    return static_cast<int32_t>(sum);
  }

  template <typename T>
  std::vector<T> Product() const {
    const PackedInt8 packed(w_.data(), c_.groups, c_.columns, c_.taps, c_.depth,
                            CurrentInt8Layout());
    // One more than the columns, to see what is written past them.
    const int64_t stride = c_.groups * c_.columns + 1;
    std::vector<T> y(static_cast<size_t>(c_.rows * stride), T{77});
    for (int64_t g = 0; g < c_.groups; ++g) {
      Int8Product p;
      p.rows = rows_.data();
      p.row_stride = c_.rows;
      p.row_count = c_.rows;
      p.weights = &packed;
      p.group = g;
      p.vector_end = packed.vectors();
      p.epilogue = epilogue_;
      p.y = y.data() + g * c_.columns;
      p.y_stride = stride;
      MultiplyInt8(p);
    }
    return y;
  }

  void Check() {
    const int64_t stride = c_.groups * c_.columns + 1;
    epilogue_.to_float = true;
    const std::vector<float> f = Product<float>();
    epilogue_.to_float = false;
    epilogue_.zero_point = 100;
    epilogue_.low = 3;
    epilogue_.high = 250;
    const std::vector<uint8_t> u = Product<uint8_t>();
    epilogue_.zero_point = -7;
    epilogue_.low = -128;
    epilogue_.high = 120;
    const std::vector<int8_t> s = Product<int8_t>();
    for (int64_t r = 0; r < c_.rows; ++r) {
      for (int64_t g = 0; g < c_.groups; ++g) {
        for (int64_t c = 0; c < c_.columns; ++c) {
          const int64_t at = r * stride + g * c_.columns + c;
          const float m = multiplier_[g * PaddedInt8Columns(c_.columns) + c];
          const int32_t sum = Sum(g, r, c);
          ASSERT_EQ(f[at], static_cast<float>(sum) * m)
              << r << " " << g << " " << c;
          ASSERT_EQ(u[at], RequantizeRef(sum, m, 100, 3, 250));
          ASSERT_EQ(s[at], RequantizeRef(sum, m, -7, -128, 120));
        }
      }
      ASSERT_EQ(u[r * stride + stride - 1], 77);
      ASSERT_EQ(f[r * stride + stride - 1], 77);
    }
  }

 private:
  Case c_;
  std::vector<uint8_t> x_;
  std::vector<int8_t> w_;
  std::vector<int32_t> bias_;
  std::vector<float> multiplier_;
  std::vector<const uint8_t*> rows_;
  Int8Epilogue epilogue_;
};

TEST(MultiplyInt8, LargestNumbersDoNotSaturate) {
  ForEachTarget([] {
    const std::vector<uint8_t> x(64, 255);
    const std::vector<int8_t> w(64, 127);
    const PackedInt8 packed(w.data(), 1, 1, 1, 64, CurrentInt8Layout());
    const std::vector<int32_t> bias(16);
    const std::vector<float> one(16, 1.0f);
    const uint8_t* const row = x.data();
    float y = 0;
    Int8Product p;
    p.rows = &row;
    p.row_stride = p.row_count = p.vector_end = p.y_stride = 1;
    p.weights = &packed;
    p.epilogue.bias = bias.data();
    p.epilogue.multiplier = one.data();
    p.epilogue.to_float = true;
    p.y = &y;
    MultiplyInt8(p);
    EXPECT_EQ(y, 2072640.0f);
    EXPECT_EQ(packed.column_sum(0, 0), 64 * 127);
  });
}

TEST(MultiplyInt8, EqualsTheDefinition) {
  ForEachTarget([] {
    uint32_t seed = 1;
    for (int64_t columns : {1, 3, 8, 15, 16, 17, 33, 64, 70, 100}) {
      for (int64_t rows : {1, 2, 5, 6, 7, 13, 25}) {
        const int64_t depth = 4 * (1 + (columns + rows) % 5);
        Problem({1, columns, 1 + rows % 3, depth, rows}, ++seed, false).Check();
      }
    }
  });
}

TEST(MultiplyInt8, GroupsAndExtremes) {
  ForEachTarget([] {
    Problem({3, 5, 2, 8, 9}, 1, false).Check();
    Problem({2, 40, 1, 4, 3}, 2, true).Check();
    Problem({1, 37, 9, 64, 11}, 3, true).Check();
    Problem({1, 16, 1, 2048, 2}, 4, true).Check();
  });
}

TEST(MultiplyInt8, RoundsHalvesToEven) {
  ForEachTarget([] {
    const std::vector<int8_t> w(4, 0);
    const PackedInt8 packed(w.data(), 1, 1, 1, 4, CurrentInt8Layout());
    const std::vector<float> half(16, 0.5f);
    const uint8_t zeros[4] = {0, 0, 0, 0};
    const uint8_t* const row = zeros;
    const auto y = [&](int32_t sum) {
      const std::vector<int32_t> bias(16, sum);
      uint8_t byte = 0;
      Int8Product p;
      p.rows = &row;
      p.row_stride = p.row_count = p.vector_end = p.y_stride = 1;
      p.weights = &packed;
      p.epilogue.bias = bias.data();
      p.epilogue.multiplier = half.data();
      p.epilogue.zero_point = 128;
      p.y = &byte;
      MultiplyInt8(p);
      return int{byte};
    };
    EXPECT_EQ(y(1), 128);  // 0.5 to 0
    EXPECT_EQ(y(3), 130);  // 1.5 to 2
    EXPECT_EQ(y(5), 130);  // 2.5 to 2
    EXPECT_EQ(y(-1), 128);
    EXPECT_EQ(y(-3), 126);
    EXPECT_EQ(y(2000000000), 255);
    EXPECT_EQ(y(-2000000000), 0);
  });
}

TEST(PackedInt8, SplitsPairsThatWouldSaturate) {
  const Int8Layout layout{Int8Layout::Kind::kSaturating4, 8};
  // Only the last group of four has a pair beyond 128.
  const std::vector<int8_t> w = {64, 64,   -128, 0, 127, -128,
                                 1,  -100, 1,    2, 100, 29};
  const PackedInt8 packed(w.data(), 1, 1, 1, 12, layout);
  const PackedInt8::Extras& extras = *packed.extras(0, 0);
  ASSERT_EQ(extras.places.size(), 1u);
  EXPECT_EQ(extras.places[0].tap, 0);
  EXPECT_EQ(extras.places[0].offset, 8);
  const int8_t* const four = packed.data(0, 0) + 2 * 8 * 4;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(four[i] + extras.weights[i], w[8 + i]);
  }
  EXPECT_EQ(four[2] + four[3], 128);
  EXPECT_EQ(packed.column_sum(0, 0), 64 + 64 - 128 + 127 - 128 + 1 - 100 + 132);
}

TEST(PackedInt8, NoPairSaturatesAfterSplitting) {
  const Int8Layout layout{Int8Layout::Kind::kSaturating4, 8};
  std::vector<int8_t> w;
  for (int a = -128; a < 128; ++a) {
    for (int b = -128; b < 128; ++b) {
      w.push_back(static_cast<int8_t>(a));
      w.push_back(static_cast<int8_t>(b));
    }
  }
  const int64_t depth = static_cast<int64_t>(w.size());
  const PackedInt8 packed(w.data(), 1, 1, 1, depth, layout);
  const auto safe = [](const int8_t* pair) {
    const int high =
        255 * (std::max<int>(pair[0], 0) + std::max<int>(pair[1], 0));
    const int low =
        255 * (std::min<int>(pair[0], 0) + std::min<int>(pair[1], 0));
    return high <= 32767 && low >= -32768;
  };
  for (int64_t k = 0; k < depth; k += 2) {
    ASSERT_TRUE(safe(packed.data(0, 0) + k / 4 * 32 + k % 4)) << k;
  }
  const PackedInt8::Extras& extras = *packed.extras(0, 0);
  EXPECT_GT(extras.places.size(), 1000u);
  for (size_t i = 0; i < extras.weights.size(); i += 2) {
    ASSERT_TRUE(safe(extras.weights.data() + i));
  }
}

}  // namespace
}  // namespace hone
