#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 26]>\n" + body;
}

TEST(Det, OfSquares) {
  ExpectOutputs(Body(R"(net () => (float32[2] y) {
    x = constant float32[2, 2, 2] {1, 2, 3, 4, 0, 2, 3, 0}
    y = Det(x)
  })"),
                {"float32[2] {-2, -6}"}, 1e-6);
}

TEST(CumProd, ExclusiveAndReversed) {
  ExpectOutputs(Body(R"(net () => (int32[3] a, int32[3] b) {
    x = constant int32[3] {1, 2, 3}
    axis = constant int64[] {0}
    a = CumProd(x, axis)
    b = CumProd<exclusive = 1, reverse = 1>(x, axis)
  })"),
                {"int32[3] {1, 2, 6}", "int32[3] {6, 3, 1}"});
}

}  // namespace
}  // namespace hone
