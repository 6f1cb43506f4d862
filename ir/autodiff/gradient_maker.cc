#include "ir/autodiff/gradient_maker.h"

#include <algorithm>
#include <utility>

#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"

namespace hone {

void GradientMaker::Give(size_t index, std::string gradient) {
  if (Wants(index)) given_[index] = std::move(gradient);
}

std::optional<GradientMaker::Broadcast> GradientMaker::BroadcastOf(
    const std::string& like) const {
  const Type& from = TypeOf(like);
  const Type& to = TypeOf(Out(0));
  if (!from.is_tensor() || !to.is_tensor() || !from.shape.has_value() ||
      !to.shape.has_value() || from.shape->size() > to.shape->size()) {
    return std::nullopt;
  }
  Broadcast found;
  found.leading = static_cast<int64_t>(to.shape->size() - from.shape->size());
  for (int64_t i = 0; i < static_cast<int64_t>(to.shape->size()); ++i) {
    if (i < found.leading) {
      found.axes.push_back(i);
      continue;
    }
    const Dim& own = (*from.shape)[static_cast<size_t>(i - found.leading)];
    const Dim& all = (*to.shape)[static_cast<size_t>(i)];
    if (own.known() && own.value == 1) {
      if (!all.known() || all.value != 1) found.axes.push_back(i);
    } else if (!own.known() && !(own.symbolic() && own == all)) {
      return std::nullopt;
    }
  }
  return found;
}

std::string GradientMaker::SumTo(const std::string& x,
                                 const std::string& like) {
  const std::optional<Broadcast> broadcast = BroadcastOf(like);
  if (broadcast.has_value()) {
    if (broadcast->axes.empty()) return x;
    const std::string sum = KeptSum(x, broadcast->axes);
    return broadcast->leading == 0 ? sum : ReshapedLike(sum, like);
  }
  return SumAcross(x, like);
}

std::string GradientMaker::SumAcross(const std::string& x,
                                     const std::string& like) {
  // Where the extents, behind as many ones as are missing, differ.
  const std::string all = ShapeOf(x);
  const std::string own = ShapeOf(like);
  const std::string missing = Add("Sub", {ShapeOf(all), ShapeOf(own)});
  const std::string ones = Add(
      "ConstantOfShape", {missing},
      {Attribute::OfTensor("value", Tensor::FromVector<int64_t>({1}, {1}))});
  const std::string padded =
      Add("Concat", {ones, own}, {Attribute::Int("axis", 0)});
  const std::string differ = Add("Not", {Add("Equal", {padded, all})});
  const std::string axes = Reshaped(Add("NonZero", {differ}), Ints({-1}));
  return Reshaped(
      Add("ReduceSum", {x, axes}, {Attribute::Int("noop_with_empty_axes", 1)}),
      own);
}

std::string GradientMaker::Number(double value) {
  const DType dtype = DTypeOf(Out(0));
  if (dtype == DType::kF32) {
    return Constant(Tensor::Scalar<float>(static_cast<float>(value)));
  }
  const std::string number = Constant(Tensor::Scalar<double>(value));
  return dtype == DType::kF64 ? number : Add("CastLike", {number, Out(0)});
}

std::string GradientMaker::Filled(double value, const std::string& like) {
  return Add("Expand", {Number(value), ShapeOf(like)});
}

std::string GradientMaker::Extents(const std::string& x, int64_t begin,
                                   std::optional<int64_t> end) {
  Attributes range = {Attribute::Int("start", begin)};
  if (end.has_value()) range.push_back(Attribute::Int("end", *end));
  return Add("Shape", {x}, std::move(range));
}

std::string GradientMaker::Reshaped(const std::string& x,
                                    const std::string& shape) {
  // An extent of 0 is meant as one.
  return Add("Reshape", {x, shape}, {Attribute::Int("allowzero", 1)});
}

std::string GradientMaker::KeptSum(const std::string& x,
                                   std::vector<int64_t> axes) {
  return Add("ReduceSum", {x, Ints(std::move(axes))});
}

std::string GradientMaker::KeptMean(const std::string& x,
                                    std::vector<int64_t> axes) {
  return Add("ReduceMean", {x, Ints(std::move(axes))});
}

}  // namespace hone
