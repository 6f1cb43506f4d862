#include "kernels/exec/ops/adapter/stand_ins.h"

#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

// One output y.
void ExpectMoved(const std::string& body, const std::string& output) {
  ExpectOutputs(
      "<ir_version: 11, opset_import: [\"\": 24]>\nnet () => (? y) {\n" + body +
          "\n}",
      {output});
}

constexpr char kWords[] =
    "x = constant string[2, 3] {\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"}\n";

TEST(StandIns, StringsOfOneHotAndOfTheNearestPixels) {
  ExpectMoved(R"(i = constant int64[2] {1, 5}
    depth = constant int64[] {2}
    v = constant string[2] {"off", "on"}
    y = OneHot(i, depth, v))",
              R"(string[2, 2] {"off", "on", "off", "off"})");
  ExpectMoved(R"(x = constant string[1, 1, 2] {"a", "b"}
    scales = constant float32[3] {1, 1, 2}
    y = Resize(x, , scales))",
              R"(string[1, 1, 4] {"a", "a", "b", "b"})");
}

TEST(StandIns, NothingLiesBetweenStrings) {
  ExpectFailure(R"(<ir_version: 11, opset_import: ["": 24]>
  net () => (string[1, 1, 4] y) {
    x = constant string[1, 1, 2] {"a", "b"}
    scales = constant float32[3] {1, 1, 2}
    y = Resize<mode = "linear">(x, , scales)
  })",
                "string");
}

TEST(StandIns, SixBitElementsMoveOverTheEdgesOfBytes) {
  ExpectMoved(R"(f = constant float32[5] {1, -1.5, 7.5, 0.125, -7}
    x = Cast<to = 27>(f)
    i = constant int64[7] {4, 3, 2, 1, 0, 2, 2}
    g = Gather(x, i)
    y = Cast<to = 1>(g))",
              "float32[7] {-7, 0.125, 7.5, -1.5, 1, 7.5, 7.5}");
}

TEST(StandIns, StringsMove) {
  const std::string x = kWords;
  ExpectMoved(x + "y = Transpose(x)",
              R"(string[3, 2] {"a", "d", "b", "e", "c", "f"})");
  ExpectMoved(x + R"(z = constant string[2, 1] {"", "z"}
    y = Concat<axis = 1>(x, z))",
              R"(string[2, 4] {"a", "b", "c", "", "d", "e", "f", "z"})");
  ExpectMoved(x + R"(i = constant int64[2] {2, -3}
    y = Gather<axis = 1>(x, i))",
              R"(string[2, 2] {"c", "a", "f", "d"})");
  ExpectMoved(x + R"(s = constant int64[1] {1}
    e = constant int64[1] {9}
    y = Slice(x, s, e))",
              R"(string[1, 3] {"d", "e", "f"})");
  ExpectMoved(
      x + R"(r = constant int64[2] {1, 2}
    t = Tile(x, r)
    s = constant int64[2] {1, 5}
    p, y = Split<axis = 1>(t, s))",
      R"(string[2, 5] {"b", "c", "a", "b", "c", "e", "f", "d", "e", "f"})");
  ExpectMoved(R"(x = constant string[2, 1] {"a", "b"}
    s = constant int64[2] {2, 2}
    y = Expand(x, s))",
              R"(string[2, 2] {"a", "a", "b", "b"})");
}

TEST(StandIns, StringsAreChosenAndPlaced) {
  const std::string x = kWords;
  ExpectMoved(x + R"(c = constant bool[3] {1, 0, 1}
    y = Compress<axis = 1>(x, c))",
              R"(string[2, 2] {"a", "c", "d", "f"})");
  ExpectMoved(x + R"(c = constant bool[3] {1, 0, 1}
    z = constant string[] {"z"}
    y = Where(c, x, z))",
              R"(string[2, 3] {"a", "z", "c", "d", "z", "f"})");
  ExpectMoved(x + R"(i = constant int64[2, 1] {1, 0}
    u = constant string[2, 1] {"u", "v"}
    y = ScatterElements<axis = 1>(x, i, u))",
              R"(string[2, 3] {"a", "u", "c", "v", "e", "f"})");
  ExpectMoved(x + R"(i = constant int64[1, 2] {1, 2}
    y = GatherND(x, i))",
              R"(string[1] {"f"})");
}

TEST(StandIns, WhatIsFilledIsEmptyOrGiven) {
  const std::string x = kWords;
  ExpectMoved(x + R"(p = constant int64[4] {0, 1, 0, 0}
    y = Pad(x, p))",
              R"(string[2, 4] {"", "a", "b", "c", "", "d", "e", "f"})");
  ExpectMoved(x + R"(p = constant int64[4] {0, 0, 0, 1}
    v = constant string[] {"-"}
    y = Pad(x, p, v))",
              R"(string[2, 4] {"a", "b", "c", "-", "d", "e", "f", "-"})");
}

TEST(StandIns, NarrowIntegersMove) {
  const std::string x =
      "x = constant int4[3, 3] {1, -2, 3, -4, 5, -6, 7, -8, 0}\n";
  ExpectMoved(x + "y = Transpose(x)",
              "int4[3, 3] {1, -4, 7, -2, 5, -8, 3, -6, 0}");
  ExpectMoved(x + R"(i = constant int64[2] {2, 0}
    y = Gather(x, i))",
              "int4[2, 3] {7, -8, 0, 1, -2, 3}");
  ExpectMoved(x + "y = Concat<axis = 1>(x, x)",
              "int4[3, 6] {1, -2, 3, 1, -2, 3, -4, 5, -6, -4, 5, -6, 7, -8, 0, "
              "7, -8, 0}");
}

TEST(StandIns, OnlyMovements) {
  ExpectFailure(
      "<ir_version: 11, opset_import: [\"\": 24]>\nnet () => (? y) {\n" +
          std::string(kWords) + R"(    i = constant int64[2, 1] {1, 0}
    u = constant string[2, 1] {"u", "v"}
    y = ScatterElements<axis = 1, reduction = "max">(x, i, u)
  })",
      "reduction max");
}

}  // namespace
}  // namespace hone
