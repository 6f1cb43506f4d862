#include "algorithms/statistics/value_hash.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

Node Make(const std::string& op, std::vector<std::string> inputs,
          const std::string& output) {
  Node node;
  node.op_type = op;
  node.inputs = std::move(inputs);
  node.outputs = {output};
  return node;
}

Model Chain() {
  Model model;
  model.opsets[""] = 17;
  model.graph.inputs.push_back({"x", Type::OfTensor(DType::kF32), {}, {}, {}});
  model.graph.SetInitializer("w", Tensor::FromVector<float>({2}, {1, 2}));
  model.graph.nodes = {Make("Mul", {"x", "w"}, "a"), Make("Relu", {"a"}, "b")};
  return model;
}

TEST(ValueHashTest, NamesOfInnerValuesDoNotCount) {
  Model renamed = Chain();
  renamed.graph.nodes[0].outputs[0] = "other";
  renamed.graph.nodes[0].name = "n";
  renamed.graph.nodes[1].inputs[0] = "other";
  EXPECT_EQ(HashValues(Chain()).at("b"), HashValues(renamed).at("b"));
}

TEST(ValueHashTest, WeightsAttributesAndOpsetCount) {
  const auto hashes = HashValues(Chain());
  Model weights = Chain();
  weights.graph.SetInitializer("w", Tensor::FromVector<float>({2}, {1, 3}));
  EXPECT_NE(HashValues(weights).at("b"), hashes.at("b"));
  Model attribute = Chain();
  attribute.graph.nodes[1].SetAttribute(Attribute::Float("alpha", 0.5f));
  EXPECT_NE(HashValues(attribute).at("b"), hashes.at("b"));
  EXPECT_EQ(HashValues(attribute).at("a"), hashes.at("a"));
  Model opset = Chain();
  opset.opsets[""] = 13;
  EXPECT_NE(HashValues(opset).at("a"), hashes.at("a"));
}

TEST(ValueHashTest, AConstantNodeEqualsAnInitializer) {
  Model model = Chain();
  model.graph.initializers.clear();
  Node constant = Make("Constant", {}, "w");
  constant.SetAttribute(
      Attribute::OfTensor("value", Tensor::FromVector<float>({2}, {1, 2})));
  model.graph.nodes.insert(model.graph.nodes.begin(), constant);
  EXPECT_EQ(HashValues(model).at("b"), HashValues(Chain()).at("b"));
}

}  // namespace
}  // namespace hone
