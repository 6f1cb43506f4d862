#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/simplify/apply_pass.h"
#include "ir/simplify/passes.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

TEST(MergeMovementTest, TransposesBecomeOne) {
  Done done = Apply(MergeMovement, R"(
net (float32[2, 3, 4] x) => (float32[4, 2, 3] y) {
  a = Transpose<perm = [1, 0, 2]>(x)
  y = Transpose<perm = [2, 1, 0]>(a)
})");
  EXPECT_EQ(done.ops, "Transpose");
  EXPECT_EQ(done.model.graph.nodes[0].IntsAttribute("perm"),
            (std::vector<int64_t>{2, 0, 1}));
  // Undone, also where the first has another reader.
  done = Apply(MergeMovement, R"(
net (float32[2, 3, 4] x) => (float32[3, 2, 4] z, float32[2, 3, 4] y) {
  z = Transpose<perm = [1, 0, 2]>(x)
  b = Transpose<perm = [1, 0, 2]>(z)
  y = Tanh(b)
})");
  EXPECT_EQ(done.ops, "Transpose Tanh");
}

TEST(MergeMovementTest, ReshapesBecomeOne) {
  const Done done = Apply(MergeMovement, R"(
net (float32[N, 3, 4] x) => (? y) {
  s = constant int64[2] {0, 12}
  a = Reshape(x, s)
  axes = constant int64[1] {2}
  y = Unsqueeze(a, axes)
})");
  EXPECT_EQ(done.ops, "Reshape");
  const Tensor& target =
      done.model.graph.FindInitializer(done.model.graph.nodes[0].inputs[1])
          ->tensor;
  EXPECT_TRUE(
      BitwiseEqual(target, Tensor::FromVector<int64_t>({3}, {0, 12, 1})));
}

TEST(MergeMovementTest, ATargetThatCopiesExtentsIsResolved) {
  // The second 0 copies the extent of 1 that the first Reshape makes.
  const Done done = Apply(MergeMovement, R"(
net (float32[N, M] x) => (? y) {
  s = constant int64[3] {0, 1, -1}
  a = Reshape(x, s)
  t = constant int64[2] {-1, 0}
  y = Reshape(a, t)
})");
  ASSERT_EQ(done.ops, "Reshape");
  EXPECT_TRUE(BitwiseEqual(
      done.model.graph.FindInitializer(done.model.graph.nodes[0].inputs[1])
          ->tensor,
      Tensor::FromVector<int64_t>({2}, {-1, 1})));
}

TEST(MergeMovementTest, TwoOpenExtentsAreNoTarget) {
  const Done done = Apply(MergeMovement, R"(
net (float32[N, M, 2] x) => (? y) {
  s = constant int64[3] {2, 0, -1}
  a = Reshape(x, s)
  t = constant int64[1] {0}
  y = Unsqueeze(a, t)
})");
  EXPECT_EQ(done.ops, "Reshape Unsqueeze");
}

TEST(MergeMovementTest, CastsMergeWhereNothingIsLost) {
  EXPECT_EQ(Apply(MergeMovement, R"(
net (float16[2] x) => (float64[2] y) {
  a = Cast<to = 1>(x)
  y = Cast<to = 11>(a)
})")
                .ops,
            "Cast");
  EXPECT_EQ(Apply(MergeMovement, R"(
net (float32[2] x) => (float32[2] y) {
  a = Cast<to = 10>(x)
  y = Cast<to = 1>(a)
})")
                .ops,
            "Cast Cast");
}

TEST(MergeMovementTest, SlicesConcatsReductionsExpands) {
  EXPECT_EQ(Apply(MergeMovement, R"(
net (float32[4, 6] x) => (float32[2, 3] y) {
  zero = constant int64[1] {0}
  one = constant int64[1] {1}
  two = constant int64[1] {2}
  three = constant int64[1] {3}
  a = Slice(x, zero, two, zero)
  y = Slice(a, zero, three, one)
})")
                .ops,
            "Slice");
  // The same axis twice: starts count from the first slice's.
  EXPECT_EQ(Apply(MergeMovement, R"(
net (float32[6] x) => (float32[2] y) {
  zero = constant int64[1] {0}
  one = constant int64[1] {1}
  three = constant int64[1] {3}
  a = Slice(x, one, three, zero)
  y = Slice(a, zero, three, zero)
})")
                .ops,
            "Slice Slice");
  const Done concat = Apply(MergeMovement, R"(
net (float32[2] a, float32[2] b, float32[2] c) => (float32[6] y) {
  t = Concat<axis = 0>(a, b)
  y = Concat<axis = -1>(t, c)
})");
  ASSERT_EQ(concat.ops, "Concat");
  EXPECT_EQ(concat.model.graph.nodes[0].inputs,
            (std::vector<std::string>{"a", "b", "c"}));
  const Done reduce = Apply(MergeMovement, R"(
net (float32[2, 3, 4] x) => (float32[2, 4] y) {
  a = ReduceMean<axes = [1], keepdims = 1>(x)
  s = constant int64[1] {1}
  y = Squeeze(a, s)
})");
  ASSERT_EQ(reduce.ops, "ReduceMean");
  EXPECT_EQ(reduce.model.graph.nodes[0].IntAttribute("keepdims", 1), 0);
  const std::string expand = R"(
net (float32[1, 4] x, float32[3, 4] z) => (? y) {
  s = constant int64[2] {3, 4}
  a = Expand(x, s)
  y = Add(a, OTHER)
})";
  EXPECT_EQ(
      Apply(MergeMovement, absl::StrReplaceAll(expand, {{"OTHER", "z"}})).ops,
      "Add");
  // Only the Expand gives the result its extents.
  EXPECT_EQ(
      Apply(MergeMovement, absl::StrReplaceAll(expand, {{"OTHER", "x"}})).ops,
      "Expand Add");
}

}  // namespace
}  // namespace hone
