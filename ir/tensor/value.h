// What flows along an edge of an ONNX graph: a tensor, a sequence of values, a
// map, or an optional (present: the value it holds; absent: none()).
#ifndef HONE_IR_TENSOR_VALUE_H_
#define HONE_IR_TENSOR_VALUE_H_

#include <memory>
#include <utility>
#include <vector>

#include "ir/tensor/tensor.h"

namespace hone {

class Value {
 public:
  enum class Kind : uint8_t { kNone, kTensor, kSequence, kMap };

  Value() = default;  // an absent optional
  Value(Tensor tensor)
      : kind_(Kind::kTensor), tensor_(std::move(tensor)) {}  // NOLINT
  static Value Sequence(std::vector<Value> values) {
    Value v;
    v.kind_ = Kind::kSequence;
    v.sequence_ = std::make_shared<const std::vector<Value>>(std::move(values));
    return v;
  }
  // keys: [n], integers of 8 to 64 bits or strings, ascending, none twice.
  // values: a tensor [n] of whole bytes or strings, one scalar for each key; or
  // a sequence of n values, for values that are no scalars. ir/map's MakeMap
  // checks and sorts.
  static Value Map(Tensor keys, Value values) {
    Value v;
    v.kind_ = Kind::kMap;
    v.tensor_ = std::move(keys);
    v.sequence_ =
        std::make_shared<const std::vector<Value>>(1, std::move(values));
    return v;
  }

  Kind kind() const { return kind_; }
  bool is_tensor() const { return kind_ == Kind::kTensor; }
  const Tensor& tensor() const { return tensor_; }  // requires is_tensor()
  const std::vector<Value>& sequence() const {
    return *sequence_;
  }  // requires kSequence
  const Tensor& map_keys() const { return tensor_; }  // requires kMap
  const Value& map_values() const {
    return sequence_->front();
  }  // requires kMap

 private:
  Kind kind_ = Kind::kNone;
  Tensor tensor_;  // of a map: its keys
  std::shared_ptr<const std::vector<Value>>
      sequence_;  // of a map: one, its values
};

}  // namespace hone

#endif  // HONE_IR_TENSOR_VALUE_H_
