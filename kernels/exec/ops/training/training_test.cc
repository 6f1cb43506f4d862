#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"ai.onnx.preview.training\": 1, "
         "\"\": 17]>\n" +
         body;
}

TEST(Momentum, FirstStepHasNoBeta) {
  ExpectOutputs(Body(R"(net () => (float32[1] x1, float32[1] v1) {
    r = constant float32[] {0.1}
    t = constant int64[] {0}
    x = constant float32[1] {1}
    g = constant float32[1] {2}
    v = constant float32[1] {3}
    x1, v1 = ai.onnx.preview.training.Momentum<alpha = 0.5, beta = 0.25, mode = "standard", norm_coefficient = 0.0>(r, t, x, g, v)
  })"),
                {"float32[1] {0.65}", "float32[1] {3.5}"}, 1e-6);
}

}  // namespace
}  // namespace hone
