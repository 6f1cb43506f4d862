#include "ir/ops/reshape_infer.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/ops/infer.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/reshape_view.h"
#include "ir/views/squeeze_view.h"

namespace hone {
namespace {

// Fills the extent at `inferred` (-1 in the shape) from what the other extents
// leave of the input's elements. Symbols that stand on both sides cancel.
void InferRest(const Shape& x, size_t inferred, Shape* y) {
  int64_t numerator = 1;
  int64_t denominator = 1;
  std::vector<const Dim*> left;
  for (const Dim& dim : x) {
    if (dim.known()) {
      if (__builtin_mul_overflow(numerator, dim.value, &numerator)) return;
    } else {
      if (!dim.symbolic()) return;
      left.push_back(&dim);
    }
  }
  for (size_t i = 0; i < y->size(); ++i) {
    if (i == inferred) continue;
    const Dim& dim = (*y)[i];
    if (dim.known()) {
      if (__builtin_mul_overflow(denominator, dim.value, &denominator)) return;
      continue;
    }
    bool cancelled = false;
    for (size_t j = 0; j < left.size() && !cancelled; ++j) {
      if (left[j]->symbol == dim.symbol && dim.symbolic()) {
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(j));
        cancelled = true;
      }
    }
    if (!cancelled) return;
  }
  if (denominator == 0 || numerator % denominator != 0) return;
  if (left.empty()) {
    (*y)[inferred] = Dim::Of(numerator / denominator);
  } else if (left.size() == 1 && numerator == denominator) {
    (*y)[inferred] = *left[0];
  }
}

}  // namespace

std::optional<Shape> ShapeFromInput(const InferInput& in, size_t index) {
  if (const PartialTensor* partial = InputPartial(in, index)) {
    Shape shape;
    for (const PartialElement& element : partial->elements)
      shape.push_back(element.ToDim());
    return shape;
  }
  const Shape* shape = InputShape(in, index);
  if (shape == nullptr || shape->size() != 1 || !(*shape)[0].known() ||
      (*shape)[0].value > PartialTensor::kMaxElements) {
    return std::nullopt;
  }
  return UnknownShape((*shape)[0].value);
}

absl::Status InferReshape(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const ReshapeView view,
                        ReshapeView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  const std::optional<Dims> x_dims =
      x == nullptr ? std::nullopt : KnownDims(*x);
  if (view.shape.has_value() && x_dims.has_value()) {
    HONE_ASSIGN_OR_RETURN(const Dims y, view.Resolve(*in.node, *x_dims));
    SetOutput(out, 0, InputDType(in, 0), ShapeOf(y));
    return absl::OkStatus();
  }
  std::optional<Shape> y = ShapeFromInput(in, 1);
  const PartialTensor* target = InputPartial(in, 1);
  if (y.has_value() && target != nullptr) {
    std::optional<size_t> inferred;
    bool open = false;  // an element that may be 0 or -1 as well
    for (size_t i = 0; i < y->size(); ++i) {
      const PartialElement& element = target->elements[i];
      if (!element.known) {
        open = open || element.symbol.empty();
      } else if (element.value == 0 && !view.allow_zero) {
        (*y)[i] = x != nullptr && i < x->size() ? (*x)[i] : Dim::Unknown();
      } else if (element.value == -1) {
        if (inferred.has_value()) {
          return NodeError(*in.node, "shape", "at most one -1", "two");
        }
        inferred = i;
      } else if (element.value < -1) {
        return NodeError(*in.node, "shape", "extents of at least -1",
                         absl::StrCat(element.value));
      }
    }
    if (x != nullptr && inferred.has_value() && !open)
      InferRest(*x, *inferred, &*y);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferFlatten(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const FlattenView view,
                        FlattenView::Of(*in.node, in.opset));
  Shape y(2);
  if (const Shape* x = InputShape(in, 0)) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        view.Resolve(*in.node, static_cast<int64_t>(x->size())));
    y[0] = ProductOf(*x, 0, static_cast<size_t>(axis));
    y[1] = ProductOf(*x, static_cast<size_t>(axis), x->size());
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferSqueeze(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const SqueezeView view,
                        SqueezeView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  if (x == nullptr || (!view.all && !view.axes.has_value())) {
    SetOutput(out, 0, InputDType(in, 0), std::nullopt);
    return absl::OkStatus();
  }
  std::vector<bool> dropped(x->size(), false);
  if (view.all) {
    for (size_t i = 0; i < x->size(); ++i) {
      if (!(*x)[i].known()) {
        SetOutput(out, 0, InputDType(in, 0), std::nullopt);
        return absl::OkStatus();
      }
      dropped[i] = (*x)[i].value == 1;
    }
  } else {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<int64_t> axes,
        FrontAxes(*in.node, *view.axes, static_cast<int64_t>(x->size())));
    for (int64_t axis : axes) {
      const Dim& dim = (*x)[static_cast<size_t>(axis)];
      if (dim.known() && dim.value != 1) {
        return NodeError(*in.node, "extent of a squeezed axis", "1",
                         dim.ToString());
      }
      dropped[static_cast<size_t>(axis)] = true;
    }
  }
  Shape y;
  for (size_t i = 0; i < x->size(); ++i) {
    if (!dropped[i]) y.push_back((*x)[i]);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferUnsqueeze(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const UnsqueezeView view,
                        UnsqueezeView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y;
  if (x != nullptr && view.axes.has_value()) {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<int64_t> axes,
        view.Resolve(*in.node, static_cast<int64_t>(x->size())));
    y.emplace();
    size_t next = 0;
    for (size_t i = 0; i < x->size() + axes.size(); ++i) {
      const bool added =
          next < axes.size() && axes[next] == static_cast<int64_t>(i);
      y->push_back(added ? Dim::Of(1) : (*x)[i - next]);
      if (added) ++next;
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferTranspose(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const TransposeView view,
                        TransposeView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y;
  if (x != nullptr) {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<int64_t> perm,
        view.Resolve(*in.node, static_cast<int64_t>(x->size())));
    y.emplace();
    for (int64_t from : perm) y->push_back((*x)[static_cast<size_t>(from)]);
  } else if (!view.perm.empty()) {
    y = UnknownShape(static_cast<int64_t>(view.perm.size()));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferExpand(const InferInput& in, InferOutput* out) {
  const std::optional<Shape> target = ShapeFromInput(in, 1);
  HONE_ASSIGN_OR_RETURN(
      std::optional<Shape> y,
      BroadcastShapes(*in.node, InputShape(in, 0),
                      target.has_value() ? &*target : nullptr));
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferTile(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const std::optional<Shape> repeats = ShapeFromInput(in, 1);
  if (y.has_value() && repeats.has_value() && repeats->size() != y->size()) {
    return NodeError(*in.node, "repeats", absl::StrCat(y->size(), " numbers"),
                     absl::StrCat(repeats->size()));
  }
  for (size_t i = 0; y.has_value() && i < y->size(); ++i) {
    (*y)[i] =
        MulDims((*y)[i], repeats.has_value() ? (*repeats)[i] : Dim::Unknown());
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

namespace {

absl::StatusOr<int64_t> BlockSize(const InferInput& in) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 4, 4));
  AttributeReader read(*in.node);
  return read.Finish(read.IntIn("blocksize", 0, 1, 1 << 15));
}

// dim / divisor; InvalidArgument when it does not divide.
absl::StatusOr<Dim> DivideExactly(const InferInput& in, const Dim& dim,
                                  int64_t divisor) {
  if (!dim.known()) return divisor == 1 ? dim : Dim::Unknown();
  if (dim.value % divisor != 0) {
    return NodeError(*in.node, "extent",
                     absl::StrCat("a multiple of ", divisor), dim.ToString());
  }
  return Dim::Of(dim.value / divisor);
}

}  // namespace

absl::Status InferDepthToSpace(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const int64_t block, BlockSize(in));
  Shape y(4);
  if (const Shape* x = InputShape(in, 0)) {
    y[0] = (*x)[0];
    HONE_ASSIGN_OR_RETURN(y[1], DivideExactly(in, (*x)[1], block * block));
    y[2] = MulDims((*x)[2], Dim::Of(block));
    y[3] = MulDims((*x)[3], Dim::Of(block));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferSpaceToDepth(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const int64_t block, BlockSize(in));
  Shape y(4);
  if (const Shape* x = InputShape(in, 0)) {
    y[0] = (*x)[0];
    y[1] = MulDims((*x)[1], Dim::Of(block * block));
    HONE_ASSIGN_OR_RETURN(y[2], DivideExactly(in, (*x)[2], block));
    HONE_ASSIGN_OR_RETURN(y[3], DivideExactly(in, (*x)[3], block));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

}  // namespace hone
