#include "ir/simplify/passes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "ir/graph/graph.h"
#include "ir/graph/validate.h"
#include "ir/rewrite/name_allocator.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/simplify/graph_edit.h"
#include "ir/text/parse_model.h"

namespace hone {
namespace {

struct Done {
  Model model;
  Report rows;
  std::string ops;  // the nodes' types in order
};

// The model after one pass and the removal of dead nodes.
Done Apply(SimplifyFn pass, const std::string& text) {
  const auto parsed = ParseModel(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  Done done;
  done.model = *parsed;
  InferOptions infer;
  infer.for_rewriting = true;
  const auto types = InferShapes(done.model, infer);
  EXPECT_TRUE(types.ok()) << types.status();
  NameAllocator names(done.model.graph);
  GraphEdit::Surroundings surroundings;
  surroundings.model = &done.model;
  surroundings.types = &*types;
  surroundings.names = &names;
  surroundings.rows = &done.rows;
  GraphEdit edit(surroundings, &done.model.graph);
  edit.BeginPass("pass");
  pass(edit);
  edit.Finish();
  EXPECT_TRUE(Validate(done.model).ok()) << Validate(done.model);
  std::vector<std::string> ops;
  for (const Node& node : done.model.graph.nodes) ops.push_back(node.op_type);
  done.ops = absl::StrJoin(ops, " ");
  return done;
}

// y = Neg(f(x)) with the middle given, so that y keeps its name.
std::string Unary(const std::string& type, const std::string& constants,
                  const std::string& call) {
  return absl::StrCat("net (", type, " x) => (", type, " y) {\n", constants,
                      "\n[it] t = ", call, "\ny = Tanh(t)\n}");
}

TEST(RemoveNoOpsTest, WhatChangesNothingGoes) {
  const char* const kGone[][2] = {
      {"", "Identity(x)"},
      {"", "Dropout(x)"},
      {"", "Cast<to = 1>(x)"},
      {"", "Transpose<perm = [0, 1]>(x)"},
      {"", "Concat<axis = 0>(x)"},
      {"", "Sum(x)"},
      {"s = constant int64[2] {2, 3}", "Reshape(x, s)"},
      {"s = constant int64[2] {0, -1}", "Reshape(x, s)"},
      {"s = constant int64[2] {2, 3}", "Expand(x, s)"},
      {"s = constant int64[1] {3}", "Expand(x, s)"},
      {"s = constant int64[2] {1, 1}", "Tile(x, s)"},
      {"s = constant int64[4] {0, 0, 0, 0}", "Pad(x, s)"},
      {"b = constant int64[1] {0}\ne = constant int64[1] {9}",
       "Slice(x, b, e)"},
      {"c = constant float32[] {1}", "Mul(x, c)"},
      {"c = constant float32[1, 3] {1, 1, 1}", "Mul(c, x)"},
      {"c = constant float32[] {1}", "Div(x, c)"},
      {"c = constant float32[] {0}", "Sub(x, c)"},
      {"c = constant float32[] {-0.0}", "Add(x, c)"},
      {"c = constant float32[] {1}", "Pow(x, c)"},
      {"c = constant bool[] {1}\nz = constant float32[] {5}", "Where(c, x, z)"},
  };
  for (const auto& [constants, call] : kGone) {
    const Done done =
        Apply(RemoveNoOps, Unary("float32[2, 3]", constants, call));
    EXPECT_EQ(done.ops, "Tanh") << call;
    ASSERT_EQ(done.rows.size(), 1u) << call;
    EXPECT_EQ(done.rows[0].node, "it");
    EXPECT_EQ(done.rows[0].done, "removed");
  }
}

TEST(RemoveNoOpsTest, WhatOnlyLooksSoStays) {
  const char* const kStay[][2] = {
      // x + 0.0 is 0.0 for x = -0.0, and x - -0.0 too.
      {"c = constant float32[] {0}", "Add(x, c)"},
      {"c = constant float32[] {-0.0}", "Sub(x, c)"},
      // Broadcasting grows the result.
      {"c = constant float32[2, 1, 1] {1, 1}", "Mul(x, c)"},
      {"c = constant float32[] {1}", "Div(c, x)"},
      {"c = constant float32[] {1}", "Pow(c, x)"},
      {"c = constant float32[] {0}", "Sub(c, x)"},
      {"c = constant float32[3] {1, 1, 2}", "Mul(x, c)"},
      {"", "Cast<to = 10>(x)"},
      {"", "Transpose(x)"},
      {"s = constant int64[2] {3, 2}", "Reshape(x, s)"},
      {"s = constant int64[4] {0, 0, 0, 1}", "Pad(x, s)"},
      {"b = constant int64[1] {1}\ne = constant int64[1] {9}",
       "Slice(x, b, e)"},
      {"b = constant int64[1] {-1}\ne = constant int64[1] {-9}\n"
       "a = constant int64[1] {0}\ns = constant int64[1] {-1}",
       "Slice(x, b, e, a, s)"},
      {"c = constant bool[3] {1, 1, 0}\nz = constant float32[] {5}",
       "Where(c, x, z)"},
  };
  for (const auto& [constants, call] : kStay) {
    std::string text = Unary("float32[2, 3]", constants, call);
    text = absl::StrReplaceAll(text, {{"=> (float32[2, 3] y)", "=> (? y)"}});
    const Done done = Apply(RemoveNoOps, text);
    EXPECT_TRUE(done.rows.empty()) << call;
  }
}

TEST(RemoveNoOpsTest, GraphOutputsKeepTheirNames) {
  // The maker takes the output's name; a graph input cannot.
  Done done = Apply(RemoveNoOps, R"(
net (float32[2] x) => (float32[2] y, float32[2] z) {
  t = Tanh(x)
  y = Identity(t)
  z = Identity(x)
})");
  EXPECT_EQ(done.ops, "Tanh Identity");
  EXPECT_EQ(done.model.graph.nodes[0].outputs[0], "y");
  // One value cannot have two outputs' names.
  done = Apply(RemoveNoOps, R"(
net (float32[2] x) => (float32[2] y, float32[2] z) {
  t = Tanh(x)
  y = Identity(t)
  z = Identity(t)
})");
  EXPECT_EQ(done.ops, "Tanh Identity");
}

TEST(RemoveNoOpsTest, ReadersInSubgraphsFollow) {
  const Done done = Apply(RemoveNoOps, R"(
net (bool[] c, float32[2] x) => (float32[2] y) {
  t = Identity(x)
  y = If<then_branch = graph () => (float32[2] a) { a = Neg(t) },
         else_branch = graph () => (float32[2] b) { b = Abs(t) }>(c)
})");
  EXPECT_EQ(done.ops, "If");
  ForEachRead(done.model.graph.nodes[0],
              [](absl::string_view name) { EXPECT_NE(name, "t"); });
}

TEST(RemoveNoOpsTest, OppositesAndRepetitions) {
  EXPECT_EQ(Apply(RemoveNoOps, R"(
net (float32[2] x) => (float32[2] y) {
  a = Neg(x)
  b = Neg(a)
  c = Relu(b)
  d = Relu(c)
  y = Tanh(d)
})")
                .ops,
            "Relu Tanh");
}

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

TEST(FuseGemmTest, BiasAndTransposes) {
  const Done done = Apply(FuseGemm, R"(
net (float32[M, 3] x, float32[4, 3] w) => (? y) {
  b = constant float32[4] random(1)
  t = Transpose<perm = [1, 0]>(w)
  p = MatMul(x, t)
  y = Add(b, p)
})");
  ASSERT_EQ(done.ops, "Gemm");
  EXPECT_EQ(done.model.graph.nodes[0].inputs,
            (std::vector<std::string>{"x", "w", "b"}));
  EXPECT_EQ(done.model.graph.nodes[0].IntAttribute("transB", 0), 1);
}

TEST(FuseGemmTest, WhatGemmCannotSayStays) {
  for (const char* types :
       {"float32[2, 5, 3] x, float32[3, 4] w, float32[4] b",
        "float32[5, 3] x, float32[3, 4] w, float32[2, 5, 4] b",
        "float32[1, 3] x, float32[3, 4] w, float32[5, 4] b"}) {
    EXPECT_EQ(Apply(FuseGemm, absl::StrCat("net (", types, R"() => (? y) {
  p = MatMul(x, w)
  y = Add(p, b)
})"))
                  .ops,
              "MatMul Add")
        << types;
  }
}

TEST(FusePadTest, ZerosBecomePads) {
  const std::string text = R"(
net (float32[1, 2, 6, 6] x) => (? y) {
  w = constant float32[3, 2, 3, 3] random(1)
  p = constant int64[8] {PADS}
  v = constant float32[] {VALUE}
  t = Pad(x, p, v)
  y = Conv<pads = [1, 1, 1, 1]>(t, w)
})";
  const auto with = [&](const char* pads, const char* value) {
    return Apply(FusePad,
                 absl::StrReplaceAll(text, {{"PADS", pads}, {"VALUE", value}}));
  };
  const Done done = with("0, 0, 1, 2, 0, 0, 3, 4", "0");
  ASSERT_EQ(done.ops, "Conv");
  EXPECT_EQ(done.model.graph.nodes[0].IntsAttribute("pads"),
            (std::vector<int64_t>{2, 3, 4, 5}));
  EXPECT_EQ(with("0, 0, 1, 1, 0, 0, 1, 1", "1").ops, "Pad Conv");
  EXPECT_EQ(with("1, 0, 1, 1, 0, 0, 1, 1", "0").ops, "Pad Conv");
  EXPECT_EQ(with("0, 0, -1, 1, 0, 0, 1, 1", "0").ops, "Pad Conv");
}

TEST(MergeDuplicatesTest, EqualConstantsAndNodes) {
  const Done done = Apply(MergeDuplicates, R"(
net (float32[2, 2] x) => (float32[2, 2] y, float32[2, 2] z) {
  a = constant float32[2, 2] {1, 2, 3, 4}
  b = constant float32[2, 2] {1, 2, 3, 4}
  c = constant float32[2, 2] {1, 2, 3, 5}
  p = Mul(x, a)
  q = Mul(b, x)
  r = Mul(x, c)
  y = Add(p, q)
  z = Add(p, r)
})");
  EXPECT_EQ(done.ops, "Mul Mul Add Add");
  EXPECT_EQ(done.model.graph.initializers.size(), 2u);
  EXPECT_EQ(done.model.graph.nodes[2].inputs,
            (std::vector<std::string>{"p", "p"}));
}

TEST(MergeDuplicatesTest, DifferentAttributesAndRandomNodesStay) {
  const Done done = Apply(MergeDuplicates, R"(
net (float32[2, 2] x) => (? y, ? z, ? u, ? v) {
  y = Softmax<axis = 0>(x)
  z = Softmax<axis = 1>(x)
  u = RandomNormalLike(x)
  v = RandomNormalLike(x)
})");
  EXPECT_TRUE(done.rows.empty());
}

TEST(MergeDuplicatesTest, ReplaceableInitializersAreNoConstants) {
  const Done done = Apply(MergeDuplicates, R"(
net (float32[2] x, float32[2] a, float32[2] b) => (float32[2] y) {
  a = constant float32[2] {1, 2}
  b = constant float32[2] {1, 2}
  p = Mul(x, a)
  y = Add(p, b)
})");
  EXPECT_TRUE(done.rows.empty());
}

TEST(SimplifyExtentsTest, AReshapeIsSettled) {
  const Done done = Apply(SimplifyExtents, R"(
net (float32[N, 6, M] x) => (? y) {
  s = Shape(x)
  zero = constant int64[] {0}
  two = constant int64[1] {2}
  axes = constant int64[1] {0}
  n = Gather(s, zero)
  u = Unsqueeze(n, axes)
  rest = constant int64[2] {3, -1}
  t = Concat<axis = 0>(u, rest)
  y = Reshape(x, t)
})");
  ASSERT_EQ(done.ops, "Reshape");
  EXPECT_TRUE(BitwiseEqual(
      done.model.graph.FindInitializer(done.model.graph.nodes[0].inputs[1])
          ->tensor,
      Tensor::FromVector<int64_t>({3}, {0, 3, -1})));
}

TEST(SimplifyExtentsTest, TwoOpenExtentsStay) {
  const Done done = Apply(SimplifyExtents, R"(
net (float32[N, M] x) => (? y) {
  s = Shape(x)
  b = constant int64[2] {1, 0}
  t = Gather(s, b)
  y = Reshape(x, t)
})");
  EXPECT_EQ(done.ops, "Shape Gather Reshape");
}

TEST(SimplifyExtentsTest, EqualExtentsAreOne) {
  const Done done = Apply(SimplifyExtents, R"(
net (float32[N, 2] x, int64[N] k) => (? y, ? z) {
  i = constant int64[1] {0}
  a = Shape(x)
  b = Gather(a, i)
  c = Shape(k)
  y = ConstantOfShape(b)
  z = ConstantOfShape(c)
})");
  EXPECT_EQ(done.model.graph.nodes.back().inputs,
            done.model.graph.nodes[done.model.graph.nodes.size() - 2].inputs);
}

TEST(InlineConstantIfTest, TheTakenBranchStands) {
  const Done done = Apply(InlineConstantIf, R"(
net (float32[2] x) => (float32[2] y) {
  c = constant bool[] {1}
  t = Tanh(x)
  y = If<then_branch = graph () => (float32[2] a) {
           k = constant float32[2] {1, 2}
           m = Mul(t, k)
           a = Neg(m)
         },
         else_branch = graph () => (float32[2] b) { b = Abs(t) }>(c)
})");
  EXPECT_EQ(done.ops, "Tanh Mul Neg Identity");
  EXPECT_EQ(done.model.graph.nodes.back().outputs[0], "y");
}

TEST(DropZeroStatesTest, OnlyZeros) {
  const std::string text = R"(
net (float32[5, B, 3] x, int64[3] s) => (? y) {
  w = constant float32[1, 16, 3] random(1)
  r = constant float32[1, 16, 4] random(2)
  h = ConstantOfShape<value = float32[1] {FILL}>(s)
  y = LSTM<hidden_size = 4>(x, w, r, , , h, h)
})";
  Done done = Apply(DropZeroStates, absl::StrReplaceAll(text, {{"FILL", "0"}}));
  EXPECT_EQ(done.ops, "LSTM");
  EXPECT_EQ(done.model.graph.nodes[0].inputs.size(), 3u);
  done = Apply(DropZeroStates, absl::StrReplaceAll(text, {{"FILL", "1"}}));
  EXPECT_EQ(done.ops, "ConstantOfShape LSTM");
}

TEST(RemoveDeadTest, SaysWhatWent) {
  const Done done = Apply(RemoveDead, R"(
net (float32[2] x) => (float32[2] y) {
  [a] t = Tanh(x)
  [b] u = Neg(t)
  y = Abs(x)
})");
  EXPECT_EQ(done.ops, "Abs");
  EXPECT_EQ(done.rows.size(), 2u);
}

}  // namespace
}  // namespace hone
