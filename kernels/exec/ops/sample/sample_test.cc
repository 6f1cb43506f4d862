#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

// complex64 has the bits of two floats, the real one below.
TEST(GridSample, ComplexPixelsArePartsApart) {
  // Between 1 + 2i and 3 lies 2 + i.
  ExpectOutputs(
      At(26, R"(net () => (int64[1, 1, 1, 2] y) {
    bits = constant int64[1, 1, 1, 2] {4611686019492741120, 1077936128}
    x = BitCast<to = 14>(bits)
    grid = constant float32[1, 1, 2, 2] {0, 0, -1, 0}
    z = GridSample<align_corners = 1>(x, grid)
    y = BitCast<to = 7>(z)
  })"),
      {"int64[1, 1, 1, 2] {4575657222482165760, 4611686019492741120}"});
}

TEST(GridSample, NearestPixelsAreCopiedExactly) {
  ExpectOutputs(At(22, R"(net () => (int64[1, 1, 3] a, string[1, 1, 3] b) {
    x = constant int64[1, 1, 2] {9007199254740993, -1}
    s = constant string[1, 1, 2] {"left", "right"}
    grid = constant float32[1, 3, 1] {-0.5, 0.5, 7}
    a = GridSample<mode = "nearest">(x, grid)
    b = GridSample<mode = "nearest">(s, grid)
  })"),
                {"int64[1, 1, 3] {9007199254740993, -1, 0}",
                 "string[1, 1, 3] {\"left\", \"right\", \"\"}"});
}

TEST(GridSample, NothingLiesBetweenStrings) {
  ExpectFailure(At(22, R"(net () => (string[1, 1, 1] y) {
    s = constant string[1, 1, 2] {"left", "right"}
    grid = constant float32[1, 1, 1] {0}
    y = GridSample(s, grid)
  })"),
                "what lies between strings");
}

TEST(GridSample, RefusesAGridOfOtherAxes) {
  ExpectFailure(At(22, R"(net () => (float32[1, 1, 1, 1] y) {
    x = constant float32[1, 1, 1, 2] {1, 2}
    grid = constant float32[1, 1, 1, 3] {0, 0, 0}
    y = GridSample(x, grid)
  })"),
                "extents");
}

TEST(Col2Im, IntegersWrapAndComplexNumbersAdd) {
  ExpectOutputs(
      At(26, R"(net () => (int8[1, 1, 3] a, int64[1, 1, 3] b) {
    image = constant int64[1] {3}
    block = constant int64[1] {2}
    x = constant int8[1, 2, 2] {1, 100, 100, 5}
    a = Col2Im(x, image, block)
    bits = constant int64[1, 2, 2] {4611686019492741120, 1077936128, 4611686019492741120, 0}
    z = BitCast<to = 14>(bits)
    sums = Col2Im(z, image, block)
    b = BitCast<to = 7>(sums)
  })"),
      {"int8[1, 1, 3] {1, -56, 5}",
       "int64[1, 1, 3] {4611686019492741120, 4611686019509518336, 0}"});
}

TEST(Col2Im, StringsGoWhereNoOtherGoes) {
  ExpectOutputs(At(18, R"(net () => (string[1, 1, 5] y) {
    image = constant int64[1] {5}
    block = constant int64[1] {2}
    x = constant string[1, 2, 2] {"a", "c", "b", "d"}
    y = Col2Im<strides = [3]>(x, image, block)
  })"),
                {"string[1, 1, 5] {\"a\", \"b\", \"\", \"c\", \"d\"}"});
  ExpectFailure(At(18, R"(net () => (string[1, 1, 3] y) {
    image = constant int64[1] {3}
    block = constant int64[1] {2}
    x = constant string[1, 2, 2] {"a", "c", "b", "d"}
    y = Col2Im(x, image, block)
  })"),
                "strings at a place: expected 1, found 2");
}

}  // namespace
}  // namespace hone
