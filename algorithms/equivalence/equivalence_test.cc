#include "algorithms/equivalence/equivalence.h"

#include <string>

#include "absl/strings/match.h"
#include "algorithms/equivalence/invented_inputs.h"
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

Model Scale(const std::string& factor) {
  return Parse(
      "net (float32[N, 4] x) => (float32[N, 4] y) {\n"
      "k = constant float32[] {" +
      factor + "}\ny = Mul(x, k)\n}");
}

Equivalence Check(const Model& first, const Model& second) {
  const auto found = CheckEquivalence(first, second, nullptr, {});
  EXPECT_TRUE(found.ok()) << found.status();
  return *found;
}

TEST(EquivalenceTest, EqualAndNearlyEqual) {
  const Equivalence same = Check(Scale("2"), Scale("2"));
  EXPECT_EQ(same.samples, 3u);
  EXPECT_EQ(same.MaxAbsError(), 0);
  EXPECT_TRUE(same.Within(0));
  const Equivalence near = Check(Scale("2"), Scale("2.002"));
  EXPECT_NEAR(near.MaxRelativeError(), 1e-3, 1e-5);
  EXPECT_FALSE(near.Within(1e-4));
  EXPECT_TRUE(near.Within(2e-3));
  EXPECT_NEAR(near.MinCosine(), 1, 1e-9);
}

TEST(EquivalenceTest, WhatCannotBeNear) {
  const Equivalence infinite = Check(Scale("2"), Scale("inf"));
  EXPECT_FALSE(infinite.SameStructure());
  const Model wider = Parse(
      "net (float32[N, 4] x) => (float32[N, 8] y) {\n"
      "y = Concat<axis = 1>(x, x)\n}");
  EXPECT_TRUE(absl::StrContains(Check(Scale("1"), wider).outputs[0].structure,
                                "extents"));
  const Model top = Parse(
      "net (float32[N, 4] x) => (int64[N, 1] y) {\n"
      "y = ArgMax<axis = 1>(x)\n}");
  const Model bottom = Parse(
      "net (float32[N, 4] x) => (int64[N, 1] y) {\n"
      "y = ArgMin<axis = 1>(x)\n}");
  EXPECT_FALSE(Check(top, bottom).Within(10));
  EXPECT_TRUE(Check(top, top).Within(0));
}

TEST(EquivalenceTest, ExtentsThatTheModelRefusesAreReplaced) {
  // 64 and 96 are no multiples of 80; 320 is.
  const Model model = Parse(
      "net (float32[1, 1, 80, W] x) => (? y) {\n"
      "s = constant int64[3] {-1, 80, 320}\ny = Reshape(x, s)\n}");
  EXPECT_EQ(Check(model, model).samples, 3u);
  // Nothing fits.
  const Model never = Parse(
      "net (float32[W] x) => (? y) {\n"
      "s = constant int64[2] {7, 11}\ny = Reshape(x, s)\n}");
  const Equivalence none = Check(never, never);
  EXPECT_EQ(none.samples, 0u);
  EXPECT_FALSE(none.not_checked.empty());
}

TEST(EquivalenceTest, UnknownOperators) {
  const Model model = Parse(
      "<ir_version: 8, opset_import: [\"\": 17, \"my.own\": 1]>\n"
      "net (float32[2] x) => (float32[2] y) { y = my.own.Thing(x) }");
  EXPECT_TRUE(absl::StrContains(Check(model, model).not_checked, "Thing"));
}

TEST(InventedInputsTest, EqualSymbolsAreEqual) {
  const Model model = Parse(
      "net (float32[N, S] a, int64[N, S] b, bool[N] c, string[S] d) => "
      "(? y) { y = Identity(a) }");
  for (int choice = 0; choice < kInventedExtents; ++choice) {
    const auto values = InventInputs(model, 1, choice);
    ASSERT_TRUE(values.ok()) << values.status();
    ASSERT_EQ(values->size(), 4u);
    EXPECT_EQ((*values)[0].tensor().dims(), (*values)[1].tensor().dims());
    EXPECT_EQ((*values)[2].tensor().dims()[0], (*values)[0].tensor().dims()[0]);
    EXPECT_EQ((*values)[3].tensor().dims()[0], (*values)[0].tensor().dims()[1]);
    for (const int64_t id : (*values)[1].tensor().Values<int64_t>()) {
      EXPECT_TRUE(id == 0 || id == 1);
    }
  }
  const Model sequence =
      Parse("net (sequence(float32[2]) a) => (? y) { y = Identity(a) }");
  EXPECT_FALSE(InventInputs(sequence, 1, 0).ok());
}

}  // namespace
}  // namespace hone
