// Small tensors of which each element is a number, a symbol or unknown.
//
// Models compute extents with tensors: Shape, Gather, Mul, Concat, Reshape. For
// an input float32[batch, 3, 8, 8], Shape gives [batch, 3, 8, 8], and a Concat
// of its first element with -1 is [batch, -1], which is all that Reshape needs.
#ifndef HONE_IR_OPS_PARTIAL_TENSOR_H_
#define HONE_IR_OPS_PARTIAL_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

struct PartialElement {
  static PartialElement Of(int64_t value);
  static PartialElement OfFloat(float value);
  static PartialElement Unknown() { return {}; }
  static PartialElement OfDim(const Dim& dim);

  // The extent that this element says; unknown for a negative number.
  Dim ToDim() const;

  bool known = false;
  int64_t value = 0;   // of an integer or boolean tensor
  float real = 0;      // of a float32 tensor
  std::string symbol;  // an extent's, when not known; "" otherwise
};

struct PartialTensor {
  static constexpr int64_t kMaxElements = 64;

  // nullopt: too large, or neither int64, int32, bool nor float32.
  static std::optional<PartialTensor> Of(const Tensor& tensor);
  // All elements unknown. nullopt as above, or extents that are not known.
  static std::optional<PartialTensor> OfType(const Type& type);

  // nullopt unless every element is known.
  std::optional<Tensor> ToTensor() const;
  bool AnyKnown() const;  // some element is a number or a symbol

  DType dtype = DType::kS64;
  Dims dims;
  std::vector<PartialElement> elements;  // row-major
};

}  // namespace hone

#endif  // HONE_IR_OPS_PARTIAL_TENSOR_H_
