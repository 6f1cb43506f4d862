#define HWY_WANT_AVX3_DL  // ForEachTarget tries it too
#include "kernels/cpu/int8/matmul/matmul.h"

#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "gtest/gtest.h"
#include "hwy/aligned_allocator.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/int8/matmul/matmul_ref.h"
#include "kernels/cpu/testing/for_each_target.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

enum class Zeros { kNone, kOne, kEach };

template <typename T>
T Any(std::mt19937& random, bool extreme) {
  const int most = std::numeric_limits<T>::max();
  const int least = std::numeric_limits<T>::min();
  if (extreme) return static_cast<T>(random() % 4 == 0 ? least : most);
  return static_cast<T>(random());
}

// One product and its definition.
template <typename A, typename B>
class Problem {
 public:
  Problem(int64_t rows, int64_t depth, int64_t columns, Zeros za, Zeros zb,
          bool extreme = false)
      : rows_(rows), depth_(depth), columns_(columns) {
    std::mt19937 random(static_cast<uint32_t>(rows * 131 + depth + columns));
    for (int64_t i = 0; i < rows * depth; ++i) {
      a_.push_back(Any<A>(random, extreme));
    }
    for (int64_t i = 0; i < depth * columns; ++i) {
      b_.push_back(Any<B>(random, extreme));
    }
    const auto zeros = [&](Zeros kind, int64_t each, auto any) {
      std::vector<int32_t> values;
      const int64_t count = kind == Zeros::kNone  ? 0
                            : kind == Zeros::kOne ? 1
                                                  : each;
      for (int64_t i = 0; i < count; ++i) values.push_back(any());
      return values;
    };
    za_ = zeros(za, rows, [&] { return Any<A>(random, extreme); });
    zb_ = zeros(zb, columns, [&] { return Any<B>(random, extreme); });
    sums_.resize(static_cast<size_t>(rows * columns));
    const auto zero = [](const std::vector<int32_t>& of, int64_t i) {
      return of.empty() ? 0 : of[of.size() == 1 ? 0 : static_cast<size_t>(i)];
    };
    Int8MatMulRef(
        rows, depth, columns, a_.data(),
        [&](int64_t r) { return zero(za_, r); }, b_.data(),
        [&](int64_t c) { return zero(zb_, c); }, sums_.data());
  }

  // b packed from its matrix, or from int8 columns as a plan packs them.
  template <typename Y>
  std::vector<Y> Run(const Int8Epilogue& epilogue, bool columns, int threads) {
    ThreadPool pool(threads);
    const Int8Layout layout = CurrentInt8Layout();
    const auto storage = hwy::AllocateAligned<std::byte>(
        PackedInt8::StorageBytes(depth_, columns_, layout) + 1);
    const PackedInt8 b =
        columns
            ? Columns(layout)
            : PackedInt8::OfMatrix(b_.data(), std::is_signed<B>::value, depth_,
                                   columns_, layout, storage.get(), pool);
    const auto scratch = hwy::AllocateAligned<std::byte>(
        Int8MatMulScratchBytes(rows_, depth_, columns_, threads) + 1);
    std::vector<Y> y(sums_.size() + 1, Y{77});
    Int8MatMulProblem p;
    p.rows = rows_;
    p.depth = depth_;
    p.columns = columns_;
    p.a = a_.data();
    p.a_signed = std::is_signed<A>::value;
    p.a_zero = {za_.data(), static_cast<int64_t>(za_.size())};
    p.b = &b;
    p.b_signed = std::is_signed<B>::value;
    p.b_zero = {zb_.data(), static_cast<int64_t>(zb_.size())};
    p.epilogue = epilogue;
    p.y = y.data();
    Int8MatMul(p, scratch.get(), pool);
    EXPECT_EQ(y.back(), Y{77});  // what is written past the end
    y.pop_back();
    return y;
  }

  void Check() {
    Int8Epilogue epilogue;
    epilogue.to_sums = true;
    for (const bool columns : {false, true}) {
      for (const int threads : {1, 3}) {
        ASSERT_EQ(Run<int32_t>(epilogue, columns, threads), sums_)
            << rows_ << " " << depth_ << " " << columns_ << " " << columns
            << " " << threads;
      }
    }
  }

  const std::vector<int32_t>& sums() const { return sums_; }

 private:
  PackedInt8 Columns(const Int8Layout& layout) const {
    const int64_t stride = (depth_ + 3) / 4 * 4;
    std::vector<int8_t> w(static_cast<size_t>(columns_ * stride));
    for (int64_t c = 0; c < columns_; ++c) {
      for (int64_t k = 0; k < depth_; ++k) {
        w[c * stride + k] = static_cast<int8_t>(
            b_[k * columns_ + c] - (std::is_signed<B>::value ? 0 : 128));
      }
    }
    return PackedInt8(w.data(), 1, columns_, 1, stride, layout);
  }

  const int64_t rows_, depth_, columns_;
  std::vector<A> a_;
  std::vector<B> b_;
  std::vector<int32_t> za_, zb_, sums_;
};

template <typename A, typename B>
void CheckTypes() {
  ForEachTarget([] {
    for (int64_t columns : {1, 7, 16, 17, 70}) {
      for (int64_t rows : {1, 3, 13}) {
        for (int64_t depth : {1, 4, 6, 37}) {
          Problem<A, B>(rows, depth, columns, Zeros::kNone, Zeros::kNone)
              .Check();
          Problem<A, B>(rows, depth, columns, Zeros::kOne, Zeros::kEach)
              .Check();
          Problem<A, B>(rows, depth, columns, Zeros::kEach, Zeros::kOne)
              .Check();
        }
      }
    }
    Problem<A, B>(5, 0, 3, Zeros::kOne, Zeros::kOne).Check();
    Problem<A, B>(0, 4, 3, Zeros::kOne, Zeros::kOne).Check();
    Problem<A, B>(5, 4, 0, Zeros::kOne, Zeros::kOne).Check();
    Problem<A, B>(200, 64, 130, Zeros::kOne, Zeros::kOne).Check();
    // Every product as large as it gets.
    Problem<A, B>(9, 1024, 33, Zeros::kEach, Zeros::kEach, true).Check();
  });
}

TEST(Int8MatMul, Uint8ByInt8) { CheckTypes<uint8_t, int8_t>(); }
TEST(Int8MatMul, Uint8ByUint8) { CheckTypes<uint8_t, uint8_t>(); }
TEST(Int8MatMul, Int8ByInt8) { CheckTypes<int8_t, int8_t>(); }
TEST(Int8MatMul, Int8ByUint8) { CheckTypes<int8_t, uint8_t>(); }

TEST(Int8MatMul, SumsWrapAround) {
  ForEachTarget([] {
    // 40,000 * 255 * 255 leaves int32.
    Problem<uint8_t, uint8_t>(2, 40000, 3, Zeros::kNone, Zeros::kNone, true)
        .Check();
  });
}

TEST(Int8MatMul, FloatsHaveABias) {
  ForEachTarget([] {
    Problem<int8_t, uint8_t> problem(7, 20, 37, Zeros::kOne, Zeros::kEach);
    std::vector<float> multiplier(48), bias(48);
    for (size_t c = 0; c < 48; ++c) {
      multiplier[c] = 0.001f * static_cast<float>(c + 1);
      bias[c] = static_cast<float>(c) - 11.3f;
    }
    Int8Epilogue epilogue;
    epilogue.multiplier = multiplier.data();
    epilogue.float_bias = bias.data();
    epilogue.to_float = true;
    const std::vector<float> y = problem.Run<float>(epilogue, false, 2);
    for (size_t i = 0; i < y.size(); ++i) {
      ASSERT_EQ(y[i],
                static_cast<float>(problem.sums()[i]) * multiplier[i % 37] +
                    bias[i % 37]);
    }
  });
}

TEST(Int8MatMul, BytesAreRequantized) {
  ForEachTarget([] {
    Problem<uint8_t, uint8_t> problem(9, 33, 21, Zeros::kOne, Zeros::kOne);
    const std::vector<float> multiplier(32, 0.0017f);
    Int8Epilogue epilogue;
    epilogue.multiplier = multiplier.data();
    epilogue.zero_point = 101;
    const std::vector<uint8_t> y = problem.Run<uint8_t>(epilogue, true, 2);
    for (size_t i = 0; i < y.size(); ++i) {
      ASSERT_EQ(y[i], RequantizeRef(problem.sums()[i], 0.0017f, 101, 0, 255));
    }
  });
}

}  // namespace
}  // namespace hone
