#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

TEST(TopK, EqualElementsKeepTheirOrder) {
  ExpectOutputs(At(13, R"(net () => (float32[2, 2] v, int64[2, 2] i) {
    x = constant float32[2, 4] {1, 3, 3, 2, -1, -1, -5, -1}
    k = constant int64[1] {2}
    v, i = TopK(x, k)
  })"),
                {"float32[2, 2] {3, 3, -1, -1}", "int64[2, 2] {1, 2, 0, 1}"});
  ExpectFailure(At(13, R"(net () => (float32[5] v, int64[5] i) {
    x = constant float32[4] {1, 3, 3, 2}
    k = constant int64[1] {5}
    [t1] v, i = TopK(x, k)
  })"),
                "t1");
}

TEST(NonZero, ListsIndicesByAxis) {
  ExpectOutputs(At(13, R"(net () => (int64[2, ?] y) {
    x = constant float32[2, 3] {0, 1, 0, 2, 0, 3}
    y = NonZero(x)
  })"),
                {"int64[2, 3] {0, 1, 1, 1, 0, 2}"});
}

TEST(NonZero, ComplexNumbersAndStrings) {
  // The bits of two floats, the real one below: 1 + 2i, 0, 2i.
  ExpectOutputs(At(26, R"(net () => (int64[1, 2] a, int64[2, 1] b) {
    bits = constant int64[3] {4611686019492741120, 0, 4611686018427387904}
    x = BitCast<to = 14>(bits)
    a = NonZero(x)
    s = constant string[1, 2] {"", "zero"}
    b = NonZero(s)
  })"),
                {"int64[1, 2] {0, 2}", "int64[2, 1] {0, 1}"});
}

TEST(IsNaN, FloatsOfEightBits) {
  // E5M2 has infinities; E4M3FN and the FNUZ types have none.
  ExpectOutputs(
      At(20, R"(net () => (bool[4] a, bool[4] b, bool[4] c, bool[4] d) {
    one = constant float32[4] {0, 1, -1, 0}
    zero = constant float32[4] {0, 0, 0, 5}
    f = Div(one, zero)
    x = Cast<to = 19, saturate = 0>(f)
    a = IsNaN(x)
    b = IsInf(x)
    c = IsInf<detect_negative = 0>(x)
    y = Cast<to = 18, saturate = 0>(f)
    d = IsNaN(y)
  })"),
      {"bool[4] {1, 0, 0, 0}", "bool[4] {0, 1, 1, 0}", "bool[4] {0, 1, 0, 0}",
       "bool[4] {1, 1, 1, 0}"});
}

TEST(ReduceMin, OfNoBooleansIsTrue) {
  ExpectOutputs(At(20, R"(net () => (bool[2] least, bool[2] most) {
    dims = constant int64[2] {2, 0}
    t = constant bool[] {1}
    x = Expand(t, dims)
    axis = constant int64[1] {1}
    least = ReduceMin<keepdims = 0>(x, axis)
    most = ReduceMax<keepdims = 0>(x, axis)
  })"),
                {"bool[2] {1, 1}", "bool[2] {0, 0}"});
}

TEST(CumSum, ExclusiveAndReversed) {
  ExpectOutputs(At(14, R"(net () => (int32[4] a, int32[4] b) {
    x = constant int32[4] {1, 2, 3, 4}
    axis = constant int64[] {0}
    a = CumSum<exclusive = 1>(x, axis)
    b = CumSum<reverse = 1>(x, axis)
  })"),
                {"int32[4] {0, 1, 3, 6}", "int32[4] {10, 9, 7, 4}"});
}

TEST(Trilu, FarDiagonals) {
  ExpectOutputs(
      At(14, R"(net () => (int8[2, 3] a, int8[2, 3] b, int8[2, 3] c) {
    x = constant int8[2, 3] {1, 2, 3, 4, 5, 6}
    one = constant int64[] {1}
    far = constant int64[] {-9223372036854775807}
    a = Trilu(x, one)
    b = Trilu<upper = 0>(x, one)
    c = Trilu(x, far)
  })"),
      {"int8[2, 3] {0, 2, 3, 0, 0, 6}", "int8[2, 3] {1, 2, 0, 4, 5, 6}",
       "int8[2, 3] {1, 2, 3, 4, 5, 6}"});
}

TEST(OneHot, NegativeAndForeignIndices) {
  ExpectOutputs(At(11, R"(net () => (float32[3, 2] y) {
    i = constant int64[3] {1, -2, 7}
    depth = constant int64[] {2}
    values = constant float32[2] {0, 5}
    y = OneHot(i, depth, values)
  })"),
                {"float32[3, 2] {0, 5, 5, 0, 0, 0}"});
}

}  // namespace
}  // namespace hone
