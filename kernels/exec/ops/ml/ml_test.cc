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

TEST(Classifier, GivesLabelsAndScores) {
  ExpectOutputs(
      Body(R"(net () => (string[2] y, float32[2, 2] z) {
    x = constant float32[2, 1] {2, -3}
    y, z = ai.onnx.ml.LinearClassifier<coefficients = [1.0, -1.0], intercepts = [0.0, 1.0],
        classlabels_strings = ["up", "down"]>(x)
  })"),
      {"string[2] {\"up\", \"down\"}", "float32[2, 2] {2, -1, -3, 4}"}, 1e-6);
}

TEST(Classifier, TreesVote) {
  const auto tree = [](const std::string& first_child) {
    return Body(R"(net () => (int64[3] y, float32[3, 2] z) {
    x = constant float32[3, 1] {0, 1, 2}
    [tree] y, z = ai.onnx.ml.TreeEnsembleClassifier<nodes_treeids = [0, 0, 0],
        nodes_nodeids = [0, 1, 2], nodes_featureids = [0, 0, 0],
        nodes_values = [1.0, 0.0, 0.0], nodes_modes = ["BRANCH_LT", "LEAF", "LEAF"],
        nodes_truenodeids = [)" +
                first_child + R"(, 0, 0], nodes_falsenodeids = [2, 0, 0],
        class_treeids = [0, 0], class_nodeids = [1, 2], class_ids = [0, 1],
        class_weights = [0.75, 0.5], classlabels_int64s = [10, 20]>(x)
  })");
  };
  ExpectOutputs(
      tree("1"),
      {"int64[3] {10, 20, 20}", "float32[3, 2] {0.75, 0, 0, 0.5, 0, 0.5}"},
      1e-6);
  ExpectFailure(tree("7"), "node tree: a branch");
  ExpectFailure(tree("0"), "node tree: a tree");
}

TEST(Regressor, NeedsCoefficientsOfEveryTarget) {
  ExpectFailure(Body(R"(net () => (float32[1, 2] y) {
    x = constant float32[1, 1] {2}
    [line] y = ai.onnx.ml.LinearRegressor<coefficients = [1.0], targets = 2>(x)
  })"),
                "node line: coefficients and intercepts");
}

TEST(OneHotEncoder, RefusesWhatIsNoCategory) {
  const auto model = [](const std::string& zeros) {
    return Body(R"(net () => (float32[2, 2] y) {
    x = constant int64[2] {7, 9}
    [hot] y = ai.onnx.ml.OneHotEncoder<cats_int64s = [5, 7], zeros = )" +
                zeros + R"(>(x)
  })");
  };
  ExpectOutputs(model("1"), {"float32[2, 2] {0, 1, 0, 0}"});
  ExpectFailure(model("0"),
                "node hot: an element: expected one of the "
                "categories, found 9");
}

}  // namespace
}  // namespace hone
