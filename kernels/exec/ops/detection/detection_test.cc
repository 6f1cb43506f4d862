#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 16]>\n" + body;
}

TEST(NonMaxSuppression, KeepsTheBest) {
  ExpectOutputs(Body(R"(net () => (int64[?, 3] y) {
    b = constant float32[1, 3, 4] {0, 0, 1, 1, 0, 0, 1, 1.1, 5, 5, 6, 6}
    s = constant float32[1, 1, 3] {0.5, 0.9, 0.1}
    n = constant int64[] {3}
    o = constant float32[] {0.5}
    y = NonMaxSuppression(b, s, n, o)
  })"),
                {"int64[2, 3] {0, 0, 1, 0, 0, 2}"});
}

TEST(RoiAlign, ABatchThatIsNot) {
  ExpectFailure(Body(R"(net () => (float32[1, 1, 1, 1] y) {
    x = constant float32[1, 1, 1, 1] {1}
    r = constant float32[1, 4] {0, 0, 1, 1}
    b = constant int64[1] {3}
    [roi] y = RoiAlign(x, r, b)
  })"),
                "roi");
}

}  // namespace
}  // namespace hone
