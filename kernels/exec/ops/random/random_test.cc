#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 13]>\n" + body;
}

TEST(Dropout, TrainingScalesWhatStays) {
  ExpectOutputs(Body(R"(net () => (float32[4] y, bool[4] m) {
    x = constant float32[4] {1, 1, 1, 1}
    r = constant float32[] {0.6}
    t = constant bool[] {1}
    y, m = Dropout<seed = 0>(x, r, t)
  })"),
                {"float32[4] {0, 2.5, 2.5, 0}", "bool[4] {0, 1, 1, 0}"}, 1e-6);
}

TEST(Dropout, ARatioOfOne) {
  ExpectFailure(Body(R"(net () => (float32[1] y) {
    x = constant float32[1] {1}
    r = constant float32[] {1}
    t = constant bool[] {1}
    [drop] y = Dropout<seed = 0>(x, r, t)
  })"),
                "drop");
}

}  // namespace
}  // namespace hone
