#include "kernels/cpu/fourier/fourier.h"

#include <cmath>
#include <complex>
#include <cstddef>

#include "gtest/gtest.h"

namespace hone {
namespace {

class FourierTest : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Lengths, FourierTest,
                         testing::Values(1, 2, 3, 4, 5, 7, 8, 12, 16, 25, 97,
                                         128, 400));

TEST_P(FourierTest, IsItsDefinition) {
  const size_t n = GetParam();
  Fourier::Signal x;
  for (size_t i = 0; i < n; ++i) {
    x.emplace_back(std::sin(1.0 + static_cast<double>(i * i)),
                   std::cos(static_cast<double>(3 * i)));
  }
  Fourier::Signal y = x;
  const Fourier transform(n);
  transform.Run(false, y);
  for (size_t k = 0; k < n; ++k) {
    std::complex<double> sum = 0;
    for (size_t i = 0; i < n; ++i) {
      sum += x[i] * std::polar(1.0, -2 * 3.14159265358979323846 *
                                        static_cast<double>(k * i % n) /
                                        static_cast<double>(n));
    }
    EXPECT_NEAR(std::abs(y[k] - sum), 0, 1e-11 * static_cast<double>(n + 1));
  }
  transform.Run(true, y);
  for (size_t i = 0; i < n; ++i) EXPECT_NEAR(std::abs(y[i] - x[i]), 0, 1e-12);
}

}  // namespace
}  // namespace hone
