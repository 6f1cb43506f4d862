// float64 is computed as such; float32 is what the backend tests of ONNX are
// for.
#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

void ExpectWide(const std::string& body, const std::string& output) {
  ExpectOutputs(
      "<ir_version: 10, opset_import: [\"\": 21]>\n"
      "net () => (? y) {\n" +
          body + "\n}",
      {output}, 1e-14);
}

TEST(WideNormalization, Batch) {
  ExpectWide(R"(x = constant float64[1, 2, 2] {1, 2, 3, 4}
    s = constant float64[2] {0.1, 0.7}
    b = constant float64[2] {0.3, 0}
    m = constant float64[2] {1, 3.5}
    v = constant float64[2] {4, 0.25}
    y = BatchNormalization<epsilon = 0.0>(x, s, b, m, v))",
             "float64[1, 2, 2] {0.3, 0.35, -0.7, 0.7}");
}

TEST(WideNormalization, GroupsAndInstances) {
  const std::string common = R"(x = constant float64[1, 4, 1] {1, 3, 10, 30}
    s = constant float64[4] {0.1, 0.2, 0.3, 0.7}
    b = constant float64[4] {0, 0.1, 0, 0}
    )";
  ExpectWide(common +
                 "y = GroupNormalization<num_groups = 2, epsilon = 0.0>("
                 "x, s, b)",
             "float64[1, 4, 1] {-0.1, 0.3, -0.3, 0.7}");
  ExpectWide(common + R"(r = constant int64[3] {1, 2, 2}
    p = Reshape(x, r)
    s2 = constant float64[2] {0.1, 0.7}
    b2 = constant float64[2] {0, 0.3}
    y = InstanceNormalization<epsilon = 0.0>(p, s2, b2))",
             "float64[1, 2, 2] {-0.1, 0.1, -0.4, 1}");
}

TEST(WideNormalization, AlongAnAxis) {
  ExpectWide(R"(x = constant float64[1, 2] {3, 4}
    y = LpNormalization(x))",
             "float64[1, 2] {0.6, 0.8}");
  // Divided by (0 + 1.5 / 3 * (9 + 16))^1 = 12.5.
  ExpectWide(R"(x = constant float64[1, 2, 1] {3, 4}
    y = LRN<alpha = 1.5, beta = 1.0, bias = 0.0, size = 3>(x))",
             "float64[1, 2, 1] {0.24, 0.32}");
  // 0.1 / (0.1 + 1e-9)
  ExpectWide(R"(x = constant float64[1, 2] {0.5, 0.7}
    y = MeanVarianceNormalization<axes = [1]>(x))",
             "float64[1, 2] {-0.9999999900000001, 0.9999999900000001}");
}

}  // namespace
}  // namespace hone
