#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 20]>\n" + body;
}

TEST(Dft, OfOneSide) {
  ExpectOutputs(Body(R"(net () => (float32[1, 3, 2] y) {
    x = constant float32[1, 4, 1] {1, 0, -1, 0}
    y = DFT<onesided = 1>(x)
  })"),
                {"float32[1, 3, 2] {0, 0, 2, 0, 0, 0}"}, 1e-6);
}

TEST(Window, Hann) {
  ExpectOutputs(Body(R"(net () => (float32[4] y) {
    n = constant int64[] {4}
    y = HannWindow(n)
  })"),
                {"float32[4] {0, 0.5, 1, 0.5}"}, 1e-6);
}

}  // namespace
}  // namespace hone
