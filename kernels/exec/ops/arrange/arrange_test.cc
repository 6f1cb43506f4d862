#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 24]>\n" + body;
}

TEST(Unique, SortedOrByAppearance) {
  ExpectOutputs(
      Body(
          R"(net () => (int32[?] a, int64[?] f, int64[?] i, int64[?] n, int32[?] b) {
    x = constant int32[4] {2, 1, 2, 0}
    a, f, i, n = Unique(x)
    b = Unique<sorted = 0>(x)
  })"),
      {"int32[3] {0, 1, 2}", "int64[3] {3, 1, 0}", "int64[4] {2, 1, 2, 0}",
       "int64[3] {1, 1, 2}", "int32[3] {2, 1, 0}"});
}

TEST(Unique, ComplexNumbersByTheirRealParts) {
  // 1 + 2i, 1 + i, 1 + 2i, i, as the bits of two floats, the real one below.
  ExpectOutputs(R"(<ir_version: 11, opset_import: ["": 26]>
  net () => (int64[3] y, int64[4] inverse) {
    bits = constant int64[4] {4611686019492741120, 4575657222473777152,
                              4611686019492741120, 4575657221408423936}
    x = BitCast<to = 14>(bits)
    u, first, inverse = Unique(x)
    y = BitCast<to = 7>(u)
  })",
                {"int64[3] {4575657221408423936, 4575657222473777152, "
                 "4611686019492741120}",
                 "int64[4] {2, 1, 2, 0}"});
}

TEST(ReverseSequence, EachByItsLength) {
  ExpectOutputs(Body(R"(net () => (int8[3, 2] y) {
    x = constant int8[3, 2] {1, 2, 3, 4, 5, 6}
    n = constant int64[2] {3, 2}
    y = ReverseSequence(x, n)
  })"),
                {"int8[3, 2] {5, 4, 3, 2, 1, 6}"});
}

TEST(CenterCropPad, CropsAndPads) {
  ExpectOutputs(Body(R"(net () => (int8[1, 4] y) {
    x = constant int8[3, 2] {1, 2, 3, 4, 5, 6}
    n = constant int64[2] {1, 4}
    y = CenterCropPad(x, n)
  })"),
                {"int8[1, 4] {0, 3, 4, 0}"});
}

TEST(TensorScatter, WritesACache) {
  ExpectOutputs(
      Body(R"(net () => (int8[2, 3, 1] y, int8[2, 3, 1] z) {
    x = constant int8[2, 3, 1] {1, 2, 3, 4, 5, 6}
    u = constant int8[2, 1, 1] {8, 9}
    i = constant int64[2] {1, 2}
    v = constant int8[2, 2, 1] {7, 8, 9, 0}
    j = constant int64[2] {2, 0}
    y = TensorScatter(x, u, i)
    z = TensorScatter<mode = "circular">(x, v, j)
  })"),
      {"int8[2, 3, 1] {1, 8, 3, 4, 5, 9}", "int8[2, 3, 1] {8, 2, 7, 9, 0, 6}"});
}

TEST(MaxUnpool, AnIndexOutside) {
  ExpectFailure(Body(R"(net () => (float32[1, 1, 4] y) {
    x = constant float32[1, 1, 2] {1, 2}
    i = constant int64[1, 1, 2] {1, 9}
    [up] y = MaxUnpool<kernel_shape = [2], strides = [2]>(x, i)
  })"),
                "up");
}

}  // namespace
}  // namespace hone
