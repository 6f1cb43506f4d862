#include "kernels/cpu/recurrent/recurrent.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "kernels/threads/thread_pool.h"

namespace hone {
namespace {

template <typename T>
std::vector<T> Wave(size_t n, double phase) {
  std::vector<T> values;
  for (size_t i = 0; i < n; ++i) {
    values.push_back(
        static_cast<T>(0.5 * std::sin(phase + 1.7 * static_cast<double>(i))));
  }
  return values;
}

RecurrentOptions OptionsOf(RecurrentCell cell) {
  RecurrentOptions options;
  options.cell = cell;
  const bool rnn = cell == RecurrentCell::kRnn;
  options.activations[0].function =
      rnn ? GateFunction::kTanh : GateFunction::kSigmoid;
  return options;
}

template <typename T>
std::vector<T> RunLayer(const RecurrentOptions& options, int64_t gates,
                        const std::vector<int64_t>& lengths) {
  ThreadPool pool(2);
  const RecurrentShape shape = {5, 2, 3, 4};
  const std::vector<T> x = Wave<T>(5 * 2 * 3, 0), w = Wave<T>(gates * 12, 1);
  const std::vector<T> r = Wave<T>(gates * 16, 2), b = Wave<T>(gates * 8, 3);
  const std::vector<T> p = Wave<T>(12, 4);
  RecurrentInputs<T> in;
  in.x = x.data();
  in.w = w.data();
  in.r = r.data();
  in.bias = b.data();
  in.peepholes = gates == 4 ? p.data() : nullptr;
  in.lengths = lengths.empty() ? nullptr : lengths.data();
  std::vector<T> h = Wave<T>(8, 5), c = Wave<T>(8, 6), y(5 * 2 * 4);
  Recurrent<T>(pool, shape, options, in, h.data(), c.data(), y.data());
  y.insert(y.end(), h.begin(), h.end());
  return y;
}

// One unit, one step, by hand: sigmoid(0) = 1/2.
TEST(Recurrent, LstmByHand) {
  ThreadPool pool(1);
  const double x[] = {1}, w[] = {0, 0, 0, 1}, r[] = {0, 0, 0, 0};
  RecurrentInputs<double> in;
  in.x = x;
  in.w = w;
  in.r = r;
  double h = 0, c = 2, y = 0;
  Recurrent<double>(pool, {1, 1, 1, 1}, OptionsOf(RecurrentCell::kLstm), in, &h,
                    &c, &y);
  EXPECT_DOUBLE_EQ(c, 0.5 * 2 + 0.5 * std::tanh(1.0));
  EXPECT_DOUBLE_EQ(y, 0.5 * std::tanh(c));
  EXPECT_EQ(h, y);
}

// One unit, one step: h = f(x).
TEST(Recurrent, GateFunctionsByHand) {
  ThreadPool pool(1);
  const auto run = [&](GateFunction function, double x) {
    const double w[] = {1}, r[] = {0};
    RecurrentInputs<double> in;
    in.x = &x;
    in.w = w;
    in.r = r;
    RecurrentOptions options;
    options.activations[0] = {function, 0.25f, 0.5f};
    double h = 0, y = 0;
    Recurrent<double>(pool, {1, 1, 1, 1}, options, in, &h, nullptr, &y);
    return y;
  };
  for (const double x : {-4.0, -0.5, 0.75, 4.0}) {
    SCOPED_TRACE(x);
    EXPECT_DOUBLE_EQ(run(GateFunction::kAffine, x), 0.25 * x + 0.5);
    EXPECT_DOUBLE_EQ(run(GateFunction::kHardSigmoid, x),
                     std::min(1.0, std::max(0.0, 0.25 * x + 0.5)));
    EXPECT_DOUBLE_EQ(run(GateFunction::kRelu, x), std::max(0.0, x));
    EXPECT_DOUBLE_EQ(run(GateFunction::kLeakyRelu, x), x < 0 ? 0.25 * x : x);
    EXPECT_DOUBLE_EQ(run(GateFunction::kThresholdedRelu, x),
                     x > 0.25 ? x : 0.0);
    EXPECT_DOUBLE_EQ(run(GateFunction::kScaledTanh, x),
                     0.25 * std::tanh(0.5 * x));
    EXPECT_DOUBLE_EQ(run(GateFunction::kElu, x),
                     x < 0 ? 0.25 * (std::exp(x) - 1) : x);
    EXPECT_DOUBLE_EQ(run(GateFunction::kSoftsign, x), x / (1 + std::fabs(x)));
    EXPECT_NEAR(run(GateFunction::kSoftplus, x), std::log(1 + std::exp(x)),
                1e-15);
  }
}

TEST(Recurrent, GruByHand) {
  ThreadPool pool(1);
  const double x[] = {1}, w[] = {0, 0, 1}, r[] = {0, 0, 3};
  RecurrentInputs<double> in;
  in.x = x;
  in.w = w;
  in.r = r;
  double h = 2, y = 0;
  Recurrent<double>(pool, {1, 1, 1, 1}, OptionsOf(RecurrentCell::kGru), in, &h,
                    nullptr, &y);
  EXPECT_DOUBLE_EQ(y, 0.5 * std::tanh(1 + 3 * 0.5 * 2) + 0.5 * 2);
}

class CellTest : public testing::TestWithParam<RecurrentCell> {
 protected:
  int64_t gates() const {
    return GetParam() == RecurrentCell::kRnn   ? 1
           : GetParam() == RecurrentCell::kGru ? 3
                                               : 4;
  }
};
INSTANTIATE_TEST_SUITE_P(Cells, CellTest,
                         testing::Values(RecurrentCell::kRnn,
                                         RecurrentCell::kGru,
                                         RecurrentCell::kLstm));

TEST_P(CellTest, Float32IsFloat64) {
  for (int mode = 0; mode < 4; ++mode) {
    RecurrentOptions options = OptionsOf(GetParam());
    options.reverse = mode % 2 == 1;
    options.linear_before_reset = options.input_forget = mode >= 2;
    if (mode == 3) options.clip = 0.3f;
    const std::vector<int64_t> lengths =
        mode == 0 ? std::vector<int64_t>() : std::vector<int64_t>{5, 3};
    const std::vector<float> y = RunLayer<float>(options, gates(), lengths);
    const std::vector<double> expected =
        RunLayer<double>(options, gates(), lengths);
    for (size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], expected[i], 1e-5);
  }
}

TEST_P(CellTest, ZeroPastTheLength) {
  const std::vector<double> y =
      RunLayer<double>(OptionsOf(GetParam()), gates(), {2, 0});
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(y[3 * 8 + i], 0);                       // sample 0, step 3
    EXPECT_EQ(y[4 + i], 0);                           // sample 1, step 0
    EXPECT_EQ(y[40 + i], y[8 + i]);                   // its last state: step 1
    EXPECT_EQ(y[44 + i], Wave<double>(8, 5)[4 + i]);  // the initial one
  }
}

}  // namespace
}  // namespace hone
