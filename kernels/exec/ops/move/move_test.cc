#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string At(int opset, const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": " + std::to_string(opset) +
         "]>\n" + body;
}

TEST(Pad, EveryModeAndNegativePads) {
  ExpectOutputs(
      At(19, R"(net () => (float32[7] c, float32[7] r, float32[7] e,
                                     float32[7] w, float32[2] n) {
    x = constant float32[4] {1, 2, 3, 4}
    p = constant int64[2] {2, 1}
    v = constant float32[] {9}
    c = Pad(x, p, v)
    r = Pad<mode = "reflect">(x, p)
    e = Pad<mode = "edge">(x, p)
    w = Pad<mode = "wrap">(x, p)
    m = constant int64[2] {-1, -1}
    n = Pad(x, m)
  })"),
      {"float32[7] {9, 9, 1, 2, 3, 4, 9}", "float32[7] {3, 2, 1, 2, 3, 4, 3}",
       "float32[7] {1, 1, 1, 2, 3, 4, 4}", "float32[7] {3, 4, 1, 2, 3, 4, 1}",
       "float32[2] {2, 3}"});
}

TEST(Pad, SomeAxesOfBytes) {
  ExpectOutputs(At(18, R"(net () => (int8[2, 3] y) {
    x = constant int8[2, 1] {1, 2}
    p = constant int64[2] {1, 1}
    a = constant int64[1] {-1}
    y = Pad(x, p, , a)
  })"),
                {"int8[2, 3] {0, 1, 0, 0, 2, 0}"});
}

TEST(Slice, BackwardsAndBeyondTheEnds) {
  ExpectOutputs(At(13, R"(net () => (int64[2, 3] y) {
    x = constant int64[3, 4] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
    starts = constant int64[2] {-1, 1}
    ends = constant int64[2] {-1000, 1000}
    axes = constant int64[2] {0, 1}
    steps = constant int64[2] {-2, 1}
    y = Slice(x, starts, ends, axes, steps)
  })"),
                {"int64[2, 3] {9, 10, 11, 1, 2, 3}"});
}

TEST(DepthToSpace, InvertsSpaceToDepth) {
  ExpectOutputs(At(13, R"(net () => (float32[1, 2, 4, 2] y) {
    x = constant float32[1, 2, 4, 2] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
    d = SpaceToDepth<blocksize = 2>(x)
    y = DepthToSpace<blocksize = 2>(d)
  })"),
                {"float32[1, 2, 4, 2] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "
                 "12, 13, 14, 15}"});
}

TEST(ConcatAndSplit, OfEveryWidth) {
  for (const std::string type : {"int8", "float16", "float32", "double"}) {
    const std::string t = type == "double" ? "float64" : type;
    ExpectOutputs(At(13, "net () => (" + t + "[2, 1] a, " + t +
                             "[2, 2] b) {\n"
                             "x = constant " +
                             t +
                             "[2, 2] {1, 2, 4, 5}\n"
                             "y = constant " +
                             t +
                             "[2, 1] {3, 6}\n"
                             "c = Concat<axis = -1>(x, y)\n"
                             "s = constant int64[2] {1, 2}\n"
                             "a, b = Split<axis = 1>(c, s)\n}"),
                  {t + "[2, 1] {1, 4}", t + "[2, 2] {2, 3, 5, 6}"});
  }
}

TEST(Move, SaysWhatIsWrong) {
  ExpectFailure(At(13, R"(net () => (float32[2] y) {
    x = constant float32[3] {1, 2, 3}
    i = constant int64[2] {0, 3}
    [g1] y = Gather(x, i)
  })"),
                "node g1: an index out of range: expected [-3, 3), found 3");
  ExpectFailure(At(13, R"(net () => (float32[3] y) {
    x = constant float32[3] {1, 2, 3}
    i = constant int64[2, 1] {0, -4}
    u = constant float32[2] {9, 9}
    [s1] y = ScatterND(x, i, u)
  })"),
                "node s1: an index out of range: expected [-3, 3), found -4");
}

}  // namespace
}  // namespace hone
