// Reductions along axes.
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/reduce_view.h"

namespace hone {
namespace {

// `shape` with the front axes `axes` (ascending) reduced to 1 or left out.
Shape Reduced(const Shape& shape, absl::Span<const int64_t> axes,
              bool keepdims) {
  Shape reduced;
  size_t next = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (next < axes.size() && axes[next] == static_cast<int64_t>(i)) {
      ++next;
      if (keepdims) reduced.push_back(Dim::Of(1));
    } else {
      reduced.push_back(shape[i]);
    }
  }
  return reduced;
}

absl::Status InferReduce(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const ReduceView view,
                        ReduceView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y;
  if (view.axes.has_value() && view.axes->empty() &&
      !view.noop_with_empty_axes && !view.keepdims) {
    y = Shape();
  } else if (x != nullptr && view.axes.has_value()) {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<int64_t> axes,
        view.Resolve(*in.node, static_cast<int64_t>(x->size())));
    y = Reduced(*x, axes, view.keepdims);
  } else if (x != nullptr && view.keepdims) {
    y = UnknownShape(static_cast<int64_t>(x->size()));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferArgReduce(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const ArgReduceView view,
                        ArgReduceView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y;
  if (x != nullptr) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(x->size())));
    y = Reduced(*x, {axis}, view.keepdims);
  }
  SetOutput(out, 0, DType::kS64, std::move(y));
  return absl::OkStatus();
}

absl::Status InferTopK(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const TopKView view,
                        TopKView::Of(*in.node, in.opset, in.contents));
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(y->size())));
    Dim& extent = (*y)[static_cast<size_t>(axis)];
    if (view.k.has_value() && extent.known() && *view.k > extent.value) {
      return NodeError(*in.node, "K larger than the axis", extent.ToString(),
                       Dim::Of(*view.k).ToString());
    }
    const PartialTensor* k = InputPartial(in, 1);
    extent = view.k.has_value()                        ? Dim::Of(*view.k)
             : k != nullptr && k->elements.size() == 1 ? k->elements[0].ToDim()
                                                       : Dim::Unknown();
  }
  SetOutput(out, 1, DType::kS64, y);
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kArgMax1Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"keepdims", Attribute::Kind::kInt},
};
constexpr AttributeInfo kArgMax12Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"keepdims", Attribute::Kind::kInt},
    {"select_last_index", Attribute::Kind::kInt},
};
constexpr AttributeInfo kCumProdAttributes[] = {
    {"exclusive", Attribute::Kind::kInt},
    {"reverse", Attribute::Kind::kInt},
};
constexpr AttributeInfo kReduceL11Attributes[] = {
    {"axes", Attribute::Kind::kInts},
    {"keepdims", Attribute::Kind::kInt},
};
constexpr AttributeInfo kReduceL118Attributes[] = {
    {"keepdims", Attribute::Kind::kInt},
    {"noop_with_empty_axes", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTopK1Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"k", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kTopK10Attributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTopK11Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"largest", Attribute::Kind::kInt},
    {"sorted", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"", "ArgMax", 1, 1, 1, 1, 1, kArgMax1Attributes, InferArgReduce},
    {"", "ArgMax", 12, 1, 1, 1, 1, kArgMax12Attributes, InferArgReduce},
    {"", "ArgMin", 1, 1, 1, 1, 1, kArgMax1Attributes, InferArgReduce},
    {"", "ArgMin", 12, 1, 1, 1, 1, kArgMax12Attributes, InferArgReduce},
    {"", "CumProd", 26, 2, 2, 1, 1, kCumProdAttributes, InferSame},
    {"", "CumSum", 11, 2, 2, 1, 1, kCumProdAttributes, InferSame},
    {"", "ReduceL1", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceL1", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"", "ReduceL2", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceL2", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"", "ReduceLogSum", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceLogSum", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"", "ReduceLogSumExp", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceLogSumExp", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"", "ReduceMax", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce,
     Agnostic(), nullptr, FoldReduce},
    {"", "ReduceMax", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce,
     Agnostic(), nullptr, FoldReduce},
    {"", "ReduceMean", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceMean", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"",
     "ReduceMin",
     1,
     1,
     1,
     1,
     1,
     kReduceL11Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"",
     "ReduceMin",
     18,
     1,
     2,
     1,
     1,
     kReduceL118Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"",
     "ReduceProd",
     1,
     1,
     1,
     1,
     1,
     kReduceL11Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"",
     "ReduceProd",
     18,
     1,
     2,
     1,
     1,
     kReduceL118Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"",
     "ReduceSum",
     1,
     1,
     1,
     1,
     1,
     kReduceL11Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"",
     "ReduceSum",
     13,
     1,
     2,
     1,
     1,
     kReduceL118Attributes,
     InferReduce,
     {},
     nullptr,
     FoldReduce},
    {"", "ReduceSumSquare", 1, 1, 1, 1, 1, kReduceL11Attributes, InferReduce},
    {"", "ReduceSumSquare", 18, 1, 2, 1, 1, kReduceL118Attributes, InferReduce},
    {"", "TopK", 1, 1, 1, 2, 2, kTopK1Attributes, InferTopK},
    {"", "TopK", 10, 2, 2, 2, 2, kTopK10Attributes, InferTopK},
    {"", "TopK", 11, 2, 2, 2, 2, kTopK11Attributes, InferTopK},
};

}  // namespace

absl::Span<const OpInfo> ReduceOps() { return kOps; }

}  // namespace hone
