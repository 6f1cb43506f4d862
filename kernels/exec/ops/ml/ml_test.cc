#include <string>

#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Body(const std::string& body) {
  return "<ir_version: 10, opset_import: [\"ai.onnx.ml\": 4, \"\": 17]>\n" +
         body;
}

TEST(LabelEncoder, NamesToNumbers) {
  ExpectOutputs(Body(R"(net () => (int64[3] y) {
    x = constant string[3] {"b", "a", "z"}
    y = ai.onnx.ml.LabelEncoder<keys_strings = ["a", "b"], values_int64s = [5, 6], default_int64 = 9>(x)
  })"),
                {"int64[3] {6, 5, 9}"});
}

TEST(Scaler, EachFeature) {
  ExpectOutputs(Body(R"(net () => (float32[1, 2] y) {
    x = constant float32[1, 2] {3, 4}
    y = ai.onnx.ml.Scaler<offset = [1.0, 0.0], scale = [2.0, 0.5]>(x)
  })"),
                {"float32[1, 2] {4, 2}"}, 1e-6);
}

TEST(LabelEncoder, AsManyKeysAsValues) {
  ExpectFailure(Body(R"(net () => (int64[1] y) {
    x = constant string[1] {"b"}
    [enc] y = ai.onnx.ml.LabelEncoder<keys_strings = ["a", "b"], values_int64s = [5]>(x)
  })"),
                "enc");
}

}  // namespace
}  // namespace hone
