#include <string>
#include <vector>

#include "absl/status/status.h"
#include "algorithms/subgraph/extract.h"
#include "algorithms/subgraph/segments.h"
#include "algorithms/testing/same_outputs.h"
#include "gtest/gtest.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

constexpr char kNet[] = R"(
net (float32[1, 4] x) => (float32[1, 4] y) {
  w = constant float32[4, 4] random(1)
  c = constant float32[4] random(2)
  d = Neg(c)
  a = MatMul(x, w)
  b = Add(a, d)
  e = Relu(b)
  y = Mul(e, a)
})";

TEST(ExtractSubgraphTest, TwoPartsGiveWhatTheWholeGives) {
  const auto model = ParseModel(kNet);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto types = InferShapes(*model, {});
  ASSERT_TRUE(types.ok());
  const std::vector<std::string> cut = {"b", "a"};
  const auto head = ExtractSubgraph(*model, *types, {"x"}, cut);
  const auto tail = ExtractSubgraph(*model, *types, cut, {"y"});
  ASSERT_TRUE(head.ok()) << head.status();
  ASSERT_TRUE(tail.ok()) << tail.status();
  EXPECT_EQ(head->graph.nodes.size(), 3u);  // the constant's Neg too
  EXPECT_EQ(tail->graph.nodes.size(), 2u);
  EXPECT_TRUE(tail->graph.initializers.empty());
  EXPECT_EQ(tail->graph.inputs[0].type.ToString(), "float32[1, 4]");
  const auto inputs = RandomInputs(*model, 1);
  const auto whole = RunPlainly(*model, inputs);
  const auto parts = RunPlainly(*tail, RunPlainly(*head, inputs));
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_TRUE(BitwiseEqual(whole[0].tensor(), parts[0].tensor()));
}

TEST(ExtractSubgraphTest, WhatIsNotGivenIsNamed) {
  const auto model = ParseModel(kNet);
  ASSERT_TRUE(model.ok());
  const auto types = InferShapes(*model, {});
  const auto missing = ExtractSubgraph(*model, *types, {"b"}, {"y"});
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(missing.status().message()).find("x"),
            std::string::npos);
  EXPECT_FALSE(ExtractSubgraph(*model, *types, {"x"}, {"nothing"}).ok());
}

TEST(SegmentsTest, ValuesThatCross) {
  const auto model = ParseModel(kNet);
  ASSERT_TRUE(model.ok());
  // Neg, MatMul | Add, Relu; Mul is in no segment.
  const std::vector<Segment> segments = CutAfter(model->graph, {1, 3});
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].inputs, std::vector<std::string>{"x"});
  EXPECT_EQ(segments[0].outputs, std::vector<std::string>{"a"});
  EXPECT_EQ(segments[1].begin, 2);
  EXPECT_EQ(segments[1].end, 4);
  // d is computed from a constant alone, so it crosses nothing.
  EXPECT_EQ(segments[1].inputs, std::vector<std::string>{"a"});
  EXPECT_EQ(segments[1].outputs, std::vector<std::string>{"e"});
  const auto lives = Lifetimes(model->graph);
  EXPECT_EQ(lives.at("a").last, 4);
  EXPECT_EQ(lives.at("y").last, 5);
  EXPECT_EQ(lives.count("d"), 0u);
}

}  // namespace
}  // namespace hone
