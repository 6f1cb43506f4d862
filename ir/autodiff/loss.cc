// Losses over classes on axis 1, with weights per class and a class to ignore.
// For the score s of class c where the target is t, with w = weight[t], 0 where
// t is ignored:
//   NegativeLogLikelihoodLoss  -w s[t]         ds = -w [c = t]
//   SoftmaxCrossEntropyLoss    -w log p[t]     ds = w (p[c] - [c = t])
// times dy, divided by the sum of w where the loss is a mean.
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"

namespace hone {

absl::Status GradientOfLoss(GradientMaker& make) {
  if (make.OutHasGradient(1)) {
    return make.Unimplemented("gradient of the logarithms");
  }
  if (make.Wants(2)) return make.Unimplemented("gradient of the weights");
  const std::string scores = make.In(0);
  std::string target = make.In(1);
  const auto like_target = [&](int64_t value) {
    return make.Add("CastLike",
                    {make.Constant(Tensor::Scalar<int64_t>(value)), target});
  };
  // w, in the target's extents.
  std::string kept;
  const Attribute* ignored = make.node().FindAttribute("ignore_index");
  if (ignored != nullptr) {
    kept = make.Add(
        "Not", {make.Add("Equal", {target, like_target(make.node().IntAttribute(
                                               "ignore_index", 0))})});
    target = make.Add("Where", {kept, target, like_target(0)});
  }
  std::string weight =
      make.In(2).empty()
          ? make.Add("Expand", {make.Number(1), make.ShapeOf(target)})
          : make.Add("Gather", {make.In(2), target});
  if (!kept.empty()) weight = make.Masked(kept, weight);

  std::string each = make.Mul(make.OutGradient(0), weight);
  if (make.node().StringAttribute("reduction", "mean") == "mean") {
    const std::string sum =
        make.Add("ReduceSum", {weight}, {Attribute::Int("keepdims", 0)});
    each = make.Add("Div", {each, sum});
  }
  each = make.Unsqueeze(each, 1);

  const std::string classes = make.Extents(scores, 1, 2);
  const std::string off_on =
      make.Add("Concat",
               {make.Add("Unsqueeze", {make.Number(0), make.Ints({0})}),
                make.Add("Unsqueeze", {make.Number(1), make.Ints({0})})},
               {Attribute::Int("axis", 0)});
  const std::string hit = make.Add("OneHot", {target, classes, off_on},
                                   {Attribute::Int("axis", 1)});
  if (make.node().op_type == "NegativeLogLikelihoodLoss") {
    make.Give(0, make.Add("Neg", {make.Mul(each, hit)}));
  } else {
    const std::string p =
        make.Add("Softmax", {scores}, {Attribute::Int("axis", 1)});
    make.Give(0, make.Mul(each, make.Add("Sub", {p, hit})));
  }
  return absl::OkStatus();
}

}  // namespace hone
