#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 14]>\n" + body;
}

TEST(Rnn, BothDirections) {
  ExpectOutputs(
      Body(R"(net () => (float32[2, 2, 1, 1] y, float32[2, 1, 1] h) {
    x = constant float32[2, 1, 1] {1, 2}
    w = constant float32[2, 1, 1] {1, 1}
    r = constant float32[2, 1, 1] {10, 10}
    y, h = RNN<hidden_size = 1, direction = "bidirectional", activations = ["Relu", "Relu"]>(x, w, r)
  })"),
      {"float32[2, 2, 1, 1] {1, 21, 12, 2}", "float32[2, 1, 1] {12, 21}"},
      1e-5);
}

TEST(Rnn, AnActivationThatIsNone) {
  ExpectFailure(Body(R"(net () => (float32[1, 1, 1, 1] y) {
    x = constant float32[1, 1, 1] {1}
    [rnn] y = RNN<hidden_size = 1, activations = ["Foo"]>(x, x, x)
  })"),
                "rnn");
}

}  // namespace
}  // namespace hone
