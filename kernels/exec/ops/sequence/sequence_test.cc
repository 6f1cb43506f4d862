#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 18]>\n" + body;
}

TEST(Sequence, InsertsErasesAndCounts) {
  ExpectOutputs(Body(R"(net () => (float32[1] a, float32[1] b, int64[] n) {
    x = constant float32[1] {1}
    y = constant float32[1] {2}
    z = constant float32[1] {3}
    front = constant int64[] {0}
    last = constant int64[] {-1}
    s = SequenceConstruct(x, y)
    t = SequenceInsert(s, z, front)
    u = SequenceErase(t, last)
    a = SequenceAt(u, front)
    b = SequenceAt(u, last)
    n = SequenceLength(u)
  })"),
                {"float32[1] {3}", "float32[1] {1}", "int64[] {2}"});
  ExpectFailure(Body(R"(net () => (float32[1] a) {
    x = constant float32[1] {1}
    at = constant int64[] {1}
    s = SequenceConstruct(x)
    [far] a = SequenceAt(s, at)
  })"),
                "far");
}

TEST(Sequence, SplitsAndJoins) {
  ExpectOutputs(Body(R"(net () => (int32[2, 3] a, int64[] n, int32[2, 3] b) {
    x = constant int32[2, 3] {1, 2, 3, 4, 5, 6}
    two = constant int64[] {2}
    s = SplitToSequence<axis = 1>(x, two)
    n = SequenceLength(s)
    a = ConcatFromSequence<axis = -1>(s)
    t = SplitToSequence<axis = 0, keepdims = 0>(x)
    b = ConcatFromSequence<axis = 0, new_axis = 1>(t)
  })"),
                {"int32[2, 3] {1, 2, 3, 4, 5, 6}", "int64[] {2}",
                 "int32[2, 3] {1, 2, 3, 4, 5, 6}"});
  ExpectFailure(Body(R"(net () => (int64[] n) {
    x = constant int32[3] {1, 2, 3}
    sizes = constant int64[2] {2, 2}
    [bad] s = SplitToSequence(x, sizes)
    n = SequenceLength(s)
  })"),
                "bad");
}

TEST(Optional, KnowsWhetherItHolds) {
  ExpectOutputs(Body(R"(net () => (bool[] a, float32[1] b) {
    x = constant float32[1] {7}
    o = Optional(x)
    a = OptionalHasElement(o)
    b = OptionalGetElement(o)
  })"),
                {"bool[] {1}", "float32[1] {7}"});
}

}  // namespace
}  // namespace hone
