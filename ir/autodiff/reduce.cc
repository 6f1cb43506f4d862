// Reductions, and softmaxes, which divide by one.
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/autodiff/gradient_maker.h"
#include "ir/autodiff/rules.h"
#include "ir/error/error.h"
#include "ir/views/softmax_view.h"

namespace hone {
namespace {

// The reduction once more, with its axes kept (extent 1).
std::string Kept(GradientMaker& make) {
  if (make.node().op_type.rfind("Global", 0) == 0 ||
      make.node().IntAttribute("keepdims", 1) != 0) {
    return make.Out(0);
  }
  return make.Add(make.node().op_type, {make.In(0), make.In(1)},
                  make.Keep({"axes", "noop_with_empty_axes"}));
}

}  // namespace

absl::Status GradientOfReduce(GradientMaker& make) {
  const absl::string_view op = make.node().op_type;
  const std::string x = make.In(0);
  const std::string y = Kept(make);
  std::string dy = make.OutGradient(0);
  if (y != make.Out(0)) dy = make.ReshapedLike(dy, y);
  if (op == "ReduceSum") {
    make.Give(0, make.Add("Expand", {dy, make.ShapeOf(x)}));
  } else if (op == "ReduceMean" || op == "GlobalAveragePool") {
    const auto size = [&](const std::string& of) {
      return make.Add("CastLike", {make.Add("Size", {of}), x});
    };
    const std::string part = make.Add("Div", {size(y), size(x)});
    make.Give(0, make.Add("Expand", {make.Mul(dy, part), make.ShapeOf(x)}));
  } else if (op == "ReduceSumSquare") {
    make.Give(0, make.Mul(make.Scaled(dy, 2), x));
  } else if (op == "ReduceL1") {
    make.Give(0, make.Mul(dy, make.Add("Sign", {x})));
  } else if (op == "ReduceL2") {
    make.Give(0, make.Mul(dy, make.Add("Div", {x, y})));
  } else if (op == "ReduceLogSum") {
    const std::string sum = make.Add("Exp", {y});
    make.Give(
        0, make.Add("Expand", {make.Add("Div", {dy, sum}), make.ShapeOf(x)}));
  } else if (op == "ReduceLogSumExp") {
    const std::string share = make.Add("Exp", {make.Add("Sub", {x, y})});
    make.Give(0, make.Mul(dy, share));
  } else {  // ReduceMax, ReduceMin, GlobalMaxPool
    const std::string equal = make.Add("Equal", {x, y});
    const std::string hits =
        make.Add("Where", {equal, make.Number(1), make.Number(0)});
    // Of the kept axes: the sum over what was reduced.
    std::string count;
    if (op == "GlobalMaxPool") {
      const std::string rank = make.Add("Size", {make.ShapeOf(x)});
      const auto scalar = [&](int64_t value) {
        return make.Constant(Tensor::Scalar<int64_t>(value));
      };
      count = make.Add("ReduceSum",
                       {hits, make.Add("Range", {scalar(2), rank, scalar(1)})});
    } else {
      count = make.Add("ReduceSum", {hits, make.In(1)},
                       make.Keep({"noop_with_empty_axes"}));
    }
    make.Give(0, make.Mul(make.Add("Div", {dy, count}), hits));
  }
  return absl::OkStatus();
}

absl::Status GradientOfSoftmax(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const SoftmaxView view,
                        SoftmaxView::Of(make.node(), make.opset()));
  const std::string y = make.Out(0);
  const std::string each = make.Mul(make.OutGradient(0), y);
  const std::string sum = make.KeptSum(each, {view.axis});
  make.Give(0, make.Add("Sub", {each, make.Mul(y, sum)}));
  return absl::OkStatus();
}

absl::Status GradientOfLogSoftmax(GradientMaker& make) {
  HONE_ASSIGN_OR_RETURN(const SoftmaxView view,
                        SoftmaxView::Of(make.node(), make.opset()));
  const std::string dy = make.OutGradient(0);
  const std::string sum = make.KeptSum(dy, {view.axis});
  const std::string share = make.Add("Exp", {make.Out(0)});
  make.Give(0, make.Add("Sub", {dy, make.Mul(share, sum)}));
  return absl::OkStatus();
}

}  // namespace hone
