#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"\": 12]>\n" + body;
}

TEST(Einsum, BatchesByEllipsis) {
  ExpectOutputs(Body(R"(net () => (float32[2, 1, 1] y) {
    a = constant float32[2, 1, 2] {1, 2, 3, 4}
    b = constant float32[2, 1] {1, 10}
    y = Einsum<equation = "...ij, jk -> ...ik">(a, b)
  })"),
                {"float32[2, 1, 1] {21, 43}"}, 1e-6);
}

}  // namespace
}  // namespace hone
