// Small models for tests.
//
//   const Model m = ModelMaker(17)
//                       .Input("x", {"N", 4})
//                       .Constant("w", RandomTensor({4, 2}, 1))
//                       .Add("MatMul", {"x", "w"}, {"y"})
//                       .Output("y")
//                       .Build();
#ifndef HONE_KERNELS_EXEC_TESTING_MODEL_MAKER_H_
#define HONE_KERNELS_EXEC_TESTING_MODEL_MAKER_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

// Uniform in [low, high), the same for the same seed on every machine.
Tensor RandomTensor(Dims dims, uint32_t seed, float low = -1, float high = 1);

// The largest |a - b| / max(1, |b|); infinity for other extents, or where one
// side alone is not finite. Requires float32.
double LargestError(const Tensor& a, const Tensor& b);

class ModelMaker {
 public:
  using Extent = std::variant<int, const char*>;  // a number or a symbol

  explicit ModelMaker(int64_t opset) { model_.opsets[""] = opset; }
  ModelMaker& Input(const std::string& name, std::vector<Extent> extents,
                    DType dtype = DType::kF32);
  ModelMaker& Constant(const std::string& name, Tensor tensor);
  ModelMaker& Add(const std::string& op_type, std::vector<std::string> inputs,
                  std::vector<std::string> outputs,
                  std::vector<Attribute> attributes = {});
  ModelMaker& Domain(const std::string& domain, int64_t opset);  // of the last
  ModelMaker& Output(const std::string& name);
  Model Build() const { return model_; }

 private:
  Model model_;
};

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_TESTING_MODEL_MAKER_H_
