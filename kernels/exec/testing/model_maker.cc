#include "kernels/exec/testing/model_maker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "ir/type/type.h"

namespace hone {

Tensor RandomTensor(Dims dims, uint32_t seed, float low, float high) {
  std::mt19937 random(seed);
  std::vector<float> values(*ElementCount(dims));
  for (float& value : values) {
    value = low + (high - low) * static_cast<float>(random() >> 8) /
                      static_cast<float>(1 << 24);
  }
  return Tensor::FromVector<float>(std::move(dims),
                                   absl::MakeConstSpan(values));
}

double LargestError(const Tensor& a, const Tensor& b) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (a.dims() != b.dims() || a.dtype() != DType::kF32 ||
      b.dtype() != DType::kF32) {
    return infinity;
  }
  double largest = 0;
  for (int64_t i = 0; i < a.size(); ++i) {
    const double x = a.Values<float>()[i];
    const double y = b.Values<float>()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    if (!std::isfinite(x) || !std::isfinite(y)) return infinity;
    largest = std::max(largest, std::abs(x - y) / std::max(1.0, std::abs(y)));
  }
  return largest;
}

ModelMaker& ModelMaker::Input(const std::string& name,
                              std::vector<Extent> extents, DType dtype) {
  Shape shape;
  for (const Extent& extent : extents) {
    if (const int* number = std::get_if<int>(&extent)) {
      shape.push_back(Dim::Of(*number));
    } else {
      shape.push_back(Dim::Symbol(std::get<const char*>(extent)));
    }
  }
  ValueInfo info;
  info.name = name;
  info.type = Type::OfTensor(dtype, std::move(shape));
  model_.graph.inputs.push_back(std::move(info));
  return *this;
}

ModelMaker& ModelMaker::Constant(const std::string& name, Tensor tensor) {
  model_.graph.SetInitializer(name, std::move(tensor));
  return *this;
}

ModelMaker& ModelMaker::Add(const std::string& op_type,
                            std::vector<std::string> inputs,
                            std::vector<std::string> outputs,
                            std::vector<Attribute> attributes) {
  Node node;
  node.op_type = op_type;
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  node.attributes = std::move(attributes);
  model_.graph.nodes.push_back(std::move(node));
  return *this;
}

ModelMaker& ModelMaker::Domain(const std::string& domain, int64_t opset) {
  model_.graph.nodes.back().domain = domain;
  model_.opsets[domain] = opset;
  return *this;
}

ModelMaker& ModelMaker::Output(const std::string& name) {
  ValueInfo info;
  info.name = name;
  model_.graph.outputs.push_back(std::move(info));
  return *this;
}

}  // namespace hone
