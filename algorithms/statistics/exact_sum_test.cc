#include "algorithms/statistics/exact_sum.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace hone {
namespace {

TEST(ExactSumTest, AddsWithoutRounding) {
  ExactSum sum;
  sum.Add(1e30);
  sum.Add(1.0);
  sum.Add(-1e30);
  EXPECT_EQ(sum.Value(), 1.0);  // double arithmetic would give 0
}

TEST(ExactSumTest, NegativeTotals) {
  ExactSum sum;
  sum.Add(0.25);
  sum.Add(-3.5);
  EXPECT_EQ(sum.Value(), -3.25);
  ExactSum zero;
  zero.Add(-3.5);
  zero.Add(3.5);
  EXPECT_EQ(zero.Value(), 0.0);
}

TEST(ExactSumTest, TermsBelowTheUnitAreCut) {
  ExactSum sum;
  sum.Add(std::ldexp(1.0, -300));
  EXPECT_EQ(sum.Value(), 0.0);
  sum.Add(std::ldexp(1.5, -256));
  EXPECT_EQ(sum.Value(), std::ldexp(1.0, -256));
}

TEST(ExactSumTest, OrderAndDivisionDoNotMatter) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> mantissa(-1, 1);
  std::uniform_int_distribution<int> exponent(-80, 80);
  std::vector<double> terms;
  for (int i = 0; i < 1000; ++i) {
    terms.push_back(std::ldexp(mantissa(random), exponent(random)));
  }
  ExactSum forward, backward, first, second;
  for (size_t i = 0; i < terms.size(); ++i) {
    forward.Add(terms[i]);
    backward.Add(terms[terms.size() - 1 - i]);
    (i % 3 == 0 ? first : second).Add(terms[i]);
  }
  first.Add(second);
  EXPECT_EQ(forward.words(), backward.words());
  EXPECT_EQ(forward.words(), first.words());
  EXPECT_EQ(forward.Value(), ExactSum::FromWords(forward.words()).Value());
}

}  // namespace
}  // namespace hone
