#include "algorithms/comparison/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "algorithms/comparison/pair_values.h"
#include "algorithms/testing/array_source.h"
#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

Model Parse(const std::string& text) {
  const auto model = ParseModel(text);
  EXPECT_TRUE(model.ok()) << model.status();
  return *model;
}

// b = x + 1, c = 2 b, y = c + c.
Model Plain() {
  return Parse(R"(net (float32[2] x) => (float32[2] y) {
    one = constant float32[1] {1}
    two = constant float32[1] {2}
    [add] b = Add(x, one)
    [mul] c = Mul(b, two)
    [end] y = Add(c, c)
  })");
}

// The same with b quantized by a scale of 1, and c computed in integers alone,
// scale 4.
Model Quantized() {
  return Parse(R"(net (float32[2] x) => (float32[2] out) {
    one = constant float32[1] {1}
    unit = constant float32[] {1}
    four = constant float32[] {4}
    zero = constant uint8[] {0}
    [add] b = Add(x, one)
    b_quantized = QuantizeLinear(b, unit, zero)
    b_dequantized = DequantizeLinear(b_quantized, unit, zero)
    [mul] t = Add(b_dequantized, b_dequantized)
    c_quantized = QuantizeLinear(t, four, zero)
    c_dequantized = DequantizeLinear(c_quantized, four, zero)
    [end] out = Add(c_dequantized, c_dequantized)
  })");
}

ArraySource Samples(const std::vector<std::vector<float>>& rows) {
  std::vector<std::vector<Value>> samples;
  for (const std::vector<float>& row : rows) {
    samples.push_back({Tensor::FromVector<float>(
        {static_cast<int64_t>(row.size())}, absl::MakeConstSpan(row))});
  }
  return ArraySource(samples);
}

const ComparedValue& Find(const Comparison& comparison,
                          const std::string& name) {
  for (const ComparedValue& value : comparison.values) {
    if (value.value.name == name) return value;
  }
  ADD_FAILURE() << name;
  return comparison.values[0];
}

TEST(DistanceTest, KnownSums) {
  Distance d;
  const std::vector<float> x = {3, 4, 0, 1, 1}, y = {3, 3, 0, 1, 1};
  Add(absl::MakeConstSpan(x), absl::MakeConstSpan(y), &d);
  EXPECT_EQ(d.elements, 5);
  EXPECT_EQ(d.x_power, 27);
  EXPECT_EQ(d.noise, 1);
  EXPECT_EQ(d.max_abs_error, 1);
  EXPECT_NEAR(d.SqnrDb(), 10 * std::log10(27.0), 1e-12);
  EXPECT_NEAR(d.Cosine(), 23 / std::sqrt(27.0 * 20.0), 1e-12);
}

TEST(DistanceTest, ExtremesAreFinite) {
  Distance equal, noise, zero;
  const std::vector<double> a = {1e-200, 2}, b = {0, 0};
  Add(absl::MakeConstSpan(a), absl::MakeConstSpan(a), &equal);
  EXPECT_EQ(equal.SqnrDb(), kMostDb);
  EXPECT_EQ(equal.Cosine(), 1);
  Add(absl::MakeConstSpan(b), absl::MakeConstSpan(a), &noise);
  EXPECT_EQ(noise.SqnrDb(), -kMostDb);
  EXPECT_EQ(noise.Cosine(), 0);
  Add(absl::MakeConstSpan(b), absl::MakeConstSpan(b), &zero);
  EXPECT_EQ(zero.SqnrDb(), kMostDb);
}

TEST(DistanceTest, WhatIsNotFiniteCountsUnlessItIsTheSame) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Distance d;
  const std::vector<float> same = {inf, nan, -inf, 1};
  Add(absl::MakeConstSpan(same), absl::MakeConstSpan(same), &d);
  EXPECT_EQ(d.not_finite, 0);
  EXPECT_EQ(d.SqnrDb(), kMostDb);
  const std::vector<float> other = {-inf, 1, 1, 1};
  Add(absl::MakeConstSpan(same), absl::MakeConstSpan(other), &d);
  EXPECT_EQ(d.not_finite, 3);
  EXPECT_EQ(d.SqnrDb(), -kMostDb);
}

TEST(PairValuesTest, QuantizedValuesAreSeenAsTheirReadersDo) {
  const Pairs pairs = PairValues(Plain().graph, Quantized().graph);
  ASSERT_EQ(pairs.values.size(), 2u);
  EXPECT_EQ(pairs.values[0].name, "b");
  EXPECT_EQ(pairs.values[0].first, "b");
  EXPECT_EQ(pairs.values[0].second, "b_dequantized");
  EXPECT_EQ(pairs.values[0].node, "add");
  EXPECT_EQ(pairs.values[1].second, "c_dequantized");
  EXPECT_TRUE(pairs.left_out.empty());
}

TEST(PairValuesTest, WhatHasNoPartnerIsTold) {
  const Pairs pairs = PairValues(Quantized().graph, Plain().graph);
  ASSERT_EQ(pairs.values.size(), 1u);
  EXPECT_EQ(pairs.values[0].first, "b_dequantized");
  EXPECT_EQ(pairs.values[0].second, "b");
  ASSERT_EQ(pairs.left_out.size(), 1u);
  EXPECT_EQ(pairs.left_out[0].name, "t");
  EXPECT_NE(pairs.left_out[0].why.find("folded"), std::string::npos);
}

TEST(PairValuesTest, InsidesOfControlFlowAreNamedOneByOne) {
  const auto model = ParseModel(R"(
net (bool[] c, float32[2] x) => (float32[2] y) {
  k = constant float32[2] {1, 2}
  [before] b = Neg(x)
  [choose] s = If<then_branch = graph () => (? a) {
      [plus] t = Add(b, k)
      [nested] a = If<then_branch = graph () => (? d) { [deep] d = Abs(t) },
                      else_branch = graph () => (? e) { [low] e = Neg(t) }>(c)
    },
    else_branch = graph () => (? f) { [other] f = Sub(b, k) }>(c)
  y = Neg(s)
})");
  ASSERT_TRUE(model.ok()) << model.status();
  const Pairs pairs = PairValues(model->graph, model->graph);
  std::vector<std::string> names, nodes;
  for (const LeftOut& value : pairs.left_out) {
    names.push_back(value.name);
    nodes.push_back(value.node);
    EXPECT_NE(value.why.find("only values of the main graph"),
              std::string::npos);
  }
  std::sort(nodes.begin(), nodes.end());
  EXPECT_EQ(nodes, (std::vector<std::string>{
                       "choose/else_branch/other", "choose/then_branch/nested",
                       "choose/then_branch/nested/else_branch/low",
                       "choose/then_branch/nested/then_branch/deep",
                       "choose/then_branch/plus"}));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"a", "d", "e", "f", "t"}));
  // What the main graph makes of them is compared.
  ASSERT_EQ(pairs.values.size(), 2u);
  EXPECT_EQ(pairs.values[0].name, "b");
  EXPECT_EQ(pairs.values[1].name, "s");
}

TEST(CompareTest, KnownErrorsWorstFirst) {
  // b: 2.25 -> 2, 7 -> 7; c: 4.5 -> 4 of 2 * 2 = 4, 14 -> 16 (half to even of
  // 3.5 is 4).
  ArraySource source = Samples({{1.25f, 6}});
  const auto found = Compare(Plain(), Quantized(), source, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->samples, 1u);
  const Distance& b = Find(*found, "b").distance;
  EXPECT_EQ(b.max_abs_error, 0.25);
  EXPECT_NEAR(b.SqnrDb(), 10 * std::log10((2.25 * 2.25 + 49) / 0.0625), 1e-9);
  EXPECT_EQ(Find(*found, "c").distance.max_abs_error, 2);
  const ComparedValue& y = Find(*found, "y");
  EXPECT_TRUE(y.output);
  EXPECT_EQ(y.value.second, "out");
  EXPECT_EQ(y.distance.max_abs_error, 4);
  EXPECT_EQ(found->values[2].value.name, "b");  // the least wrong
}

TEST(CompareTest, GroupsAndThreadsChangeNothing) {
  std::vector<std::vector<float>> rows;
  for (int i = 0; i < 40; ++i) rows.push_back({0.37f * i, 0.91f * i});
  std::vector<Comparison> found;
  for (const int threads : {1, 3}) {
    for (const uint64_t waiting : {0, 1}) {
      ArraySource source = Samples(rows);
      CompareOptions options;
      options.threads = threads;
      options.waiting_bytes = waiting;
      const auto one = Compare(Plain(), Quantized(), source, options);
      ASSERT_TRUE(one.ok()) << one.status();
      EXPECT_EQ(one->groups, waiting == 0 ? 1 : 2);
      found.push_back(*one);
    }
  }
  for (const Comparison& one : found) {
    ASSERT_EQ(one.values.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(one.values[i].value.name, found[0].values[i].value.name);
      EXPECT_EQ(one.values[i].distance.noise,
                found[0].values[i].distance.noise);
      EXPECT_EQ(one.values[i].distance.dot, found[0].values[i].distance.dot);
    }
  }
}

TEST(CompareTest, OutputsAloneRunTheModelsAsTheyAre) {
  ArraySource source = Samples({{1, 2}, {3, 4}});
  CompareOptions options;
  options.outputs_only = true;
  const auto found = Compare(Plain(), Quantized(), source, options);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->values.size(), 1u);
  EXPECT_TRUE(found->values[0].output);
}

TEST(CompareTest, AModelEqualsItself) {
  ArraySource source = Samples({{1, -2}, {0.5f, 3}});
  const auto found = Compare(Quantized(), Quantized(), source, {});
  ASSERT_TRUE(found.ok()) << found.status();
  for (const ComparedValue& value : found->values) {
    EXPECT_EQ(value.distance.SqnrDb(), kMostDb) << value.value.name;
  }
}

TEST(CompareTest, DtypesAndExtentsThatDifferAreLeftOut) {
  const Model first = Parse(R"(net (float32[2] x) => (float32[2] y) {
    [cast] i = Cast<to = 7>(x)
    [shape] s = Reshape(x, t)
    t = constant int64[2] {2, 1}
    [back] y = Cast<to = 1>(i)
  })");
  const Model second = Parse(R"(net (float32[2] x) => (float32[2] y) {
    [cast] i = Cast<to = 6>(x)
    [shape] s = Reshape(x, t)
    t = constant int64[2] {1, 2}
    [back] y = Cast<to = 1>(i)
  })");
  ArraySource source = Samples({{1, 2}});
  const auto found = Compare(first, second, source, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->values.size(), 1u);
  ASSERT_EQ(found->left_out.size(), 2u);
  EXPECT_EQ(found->left_out[0].why, "dtypes differ: int64 and int32");
  EXPECT_EQ(found->left_out[1].why, "extents differ: [2, 1] and [1, 2]");
}

TEST(CompareTest, ModelsThatTakeOrGiveSomethingElseAreErrors) {
  ArraySource source = Samples({{1, 2}});
  const Model other = Parse(R"(net (float32[2] z) => (float32[2] y) {
    y = Relu(z)
  })");
  const auto inputs = Compare(Plain(), other, source, {});
  EXPECT_EQ(inputs.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(inputs.status().message().find("expected x, found z"),
            std::string::npos)
      << inputs.status();
  const Model two =
      Parse(R"(net (float32[2] x) => (float32[2] y, float32[2] u) {
    y = Relu(x)
    u = Neg(x)
  })");
  EXPECT_NE(Compare(Plain(), two, source, {})
                .status()
                .message()
                .find("number of outputs"),
            std::string::npos);
  ArraySource wrong = Samples({{1, 2}, {1, 2, 3}});
  EXPECT_NE(
      Compare(Plain(), Plain(), wrong, {}).status().message().find("sample 1"),
      std::string::npos);
  std::atomic<bool> cancel{true};
  CompareOptions options;
  options.cancel = &cancel;
  EXPECT_EQ(Compare(Plain(), Plain(), source, options).status().code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace hone
