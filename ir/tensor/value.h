// What flows along an edge of an ONNX graph: a tensor, a sequence of values, or
// an optional (present: the value it holds; absent: none()).
#ifndef HONE_IR_TENSOR_VALUE_H_
#define HONE_IR_TENSOR_VALUE_H_

#include <memory>
#include <utility>
#include <vector>

#include "ir/tensor/tensor.h"

namespace hone {

class Value {
 public:
  enum class Kind : uint8_t { kNone, kTensor, kSequence };

  Value() = default;  // an absent optional
  Value(Tensor tensor)
      : kind_(Kind::kTensor), tensor_(std::move(tensor)) {}  // NOLINT
  static Value Sequence(std::vector<Value> values) {
    Value v;
    v.kind_ = Kind::kSequence;
    v.sequence_ = std::make_shared<const std::vector<Value>>(std::move(values));
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_tensor() const { return kind_ == Kind::kTensor; }
  const Tensor& tensor() const { return tensor_; }  // requires is_tensor()
  const std::vector<Value>& sequence() const {
    return *sequence_;
  }  // requires kSequence

 private:
  Kind kind_ = Kind::kNone;
  Tensor tensor_;
  std::shared_ptr<const std::vector<Value>> sequence_;
};

}  // namespace hone

#endif  // HONE_IR_TENSOR_VALUE_H_
