#include "ir/ops/select_infer.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/ops/infer.h"
#include "ir/ops/reshape_infer.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/pad_view.h"
#include "ir/views/slice_view.h"
#include "ir/views/split_view.h"

namespace hone {

absl::Status InferConcat(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const ConcatView view,
                        ConcatView::Of(*in.node, in.opset));
  DType dtype = DType::kUndefined;
  std::optional<Shape> y;
  bool all_known = true;
  for (size_t i = 0; i < in.inputs.size(); ++i) {
    if (dtype == DType::kUndefined) dtype = InputDType(in, i);
    const Shape* x = InputShape(in, i);
    if (x == nullptr) {
      all_known = false;
      continue;
    }
    HONE_ASSIGN_OR_RETURN(
        const int64_t front,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(x->size())));
    const auto axis = static_cast<size_t>(front);
    if (!y.has_value()) {
      y = *x;
      continue;
    }
    if (x->size() != y->size()) {
      return NodeError(*in.node, "inputs of different ranks", ShapeToString(*y),
                       ShapeToString(*x));
    }
    for (size_t d = 0; d < x->size(); ++d) {
      Dim& extent = (*y)[d];
      if (d == axis) {
        extent = AddDims(extent, (*x)[d]);
      } else if (extent.known() && (*x)[d].known() && extent != (*x)[d]) {
        return NodeError(*in.node, absl::StrCat("inputs differ on axis ", d),
                         ShapeToString(*y), ShapeToString(*x));
      } else {
        extent = MergeDims(extent, (*x)[d]);
      }
    }
  }
  if (y.has_value() && !all_known) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(y->size())));
    (*y)[static_cast<size_t>(axis)] = Dim::Unknown();
  }
  SetOutput(out, 0, dtype, std::move(y));
  return absl::OkStatus();
}

absl::Status InferSplit(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const SplitView view,
                        SplitView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  if (x == nullptr) {
    for (size_t i = 0; i < out->types.size(); ++i)
      SetOutput(out, i, InputDType(in, 0), std::nullopt);
    return absl::OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(
      const int64_t front,
      FrontAxis(*in.node, view.axis, static_cast<int64_t>(x->size())));
  const auto axis = static_cast<size_t>(front);
  std::vector<Dim> parts(out->types.size());
  if (view.sizes.has_value() && (*x)[axis].known()) {
    HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> sizes,
                          view.Resolve(*in.node, (*x)[axis].value));
    for (size_t i = 0; i < parts.size(); ++i) parts[i] = Dim::Of(sizes[i]);
  } else if (view.sizes.has_value() && !view.sizes->empty()) {
    for (size_t i = 0; i < parts.size() && i < view.sizes->size(); ++i) {
      if ((*view.sizes)[i] >= 0) parts[i] = Dim::Of((*view.sizes)[i]);
    }
  } else if (view.sizes.has_value() && parts.size() == 1) {
    parts[0] = (*x)[axis];
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    Shape part = *x;
    part[axis] = parts[i];
    SetOutput(out, i, InputDType(in, 0), std::move(part));
  }
  return absl::OkStatus();
}

absl::Status InferSlice(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const SliceView view,
                        SliceView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y = CopyOf(x);
  if (x != nullptr && view.known()) {
    HONE_ASSIGN_OR_RETURN(const std::vector<SliceView::Axis> axes,
                          view.Resolve(*in.node, [&] {
                            std::vector<int64_t> extents = NumbersOf(x);
                            for (int64_t& e : extents) {
                              if (e < 0) e = 0;
                            }
                            return extents;
                          }()));
    for (size_t i = 0; i < view.axes->size(); ++i) {
      HONE_ASSIGN_OR_RETURN(const int64_t front,
                            FrontAxis(*in.node, (*view.axes)[i],
                                      static_cast<int64_t>(x->size())));
      const auto axis = static_cast<size_t>(front);
      if ((*x)[axis].known()) {
        (*y)[axis] = Dim::Of(axes[axis].count);
        continue;
      }
      // All of an unknown extent is that extent.
      const bool whole = (*view.starts)[i] == 0 && (*view.steps)[i] == 1 &&
                         (*view.ends)[i] >= (int64_t{1} << 31) - 1;
      if (!whole) (*y)[axis] = Dim::Unknown();
    }
  } else if (x != nullptr && view.axes.has_value()) {
    for (int64_t axis : *view.axes) {
      HONE_ASSIGN_OR_RETURN(
          const int64_t front,
          FrontAxis(*in.node, axis, static_cast<int64_t>(x->size())));
      (*y)[static_cast<size_t>(front)] = Dim::Unknown();
    }
  } else if (x != nullptr) {
    y = UnknownShape(static_cast<int64_t>(x->size()));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferPad(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const PadView view,
                        PadView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  std::optional<Shape> y;
  if (x != nullptr && view.pads.has_value() && view.axes.has_value()) {
    HONE_ASSIGN_OR_RETURN(
        const std::vector<PadView::Axis> pads,
        view.Resolve(*in.node, static_cast<int64_t>(x->size())));
    y = *x;
    for (size_t i = 0; i < pads.size(); ++i) {
      if (pads[i].begin == 0 && pads[i].end == 0) continue;
      int64_t extent = 0;
      if (!(*x)[i].known() ||
          __builtin_add_overflow((*x)[i].value, pads[i].begin, &extent) ||
          __builtin_add_overflow(extent, pads[i].end, &extent)) {
        (*y)[i] = Dim::Unknown();
        continue;
      }
      if (extent < 0) {
        return NodeError(*in.node, "pads crop more than there is",
                         (*x)[i].ToString(),
                         absl::StrCat(pads[i].begin, " and ", pads[i].end));
      }
      (*y)[i] = Dim::Of(extent);
    }
  } else if (x != nullptr) {
    y = UnknownShape(static_cast<int64_t>(x->size()));
    for (size_t i = 0;
         view.axes.has_value() && !view.axes->empty() && i < x->size(); ++i) {
      (*y)[i] = (*x)[i];
    }
    for (int64_t axis : view.axes.value_or(std::vector<int64_t>())) {
      HONE_ASSIGN_OR_RETURN(
          const int64_t front,
          FrontAxis(*in.node, axis, static_cast<int64_t>(x->size())));
      (*y)[static_cast<size_t>(front)] = Dim::Unknown();
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferGather(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const GatherView view,
                        GatherView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  const Shape* indices = InputShape(in, 1);
  std::optional<Shape> y;
  if (x != nullptr) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, view.axis, static_cast<int64_t>(x->size())));
    if (indices != nullptr) {
      y.emplace(x->begin(), x->begin() + axis);
      y->insert(y->end(), indices->begin(), indices->end());
      y->insert(y->end(), x->begin() + axis + 1, x->end());
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferGatherElements(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, InputDType(in, 0), CopyOf(InputShape(in, 1)));
  return absl::OkStatus();
}

absl::Status InferGatherND(const InferInput& in, InferOutput* out) {
  const Shape* x = InputShape(in, 0);
  const Shape* indices = InputShape(in, 1);
  std::optional<Shape> y;
  if (x != nullptr && indices != nullptr && !indices->empty() &&
      indices->back().known()) {
    const int64_t depth = indices->back().value;
    const int64_t batch = in.node->IntAttribute("batch_dims", 0);
    const auto rank = static_cast<int64_t>(x->size());
    if (batch < 0 || batch >= rank || depth < 1 || depth > rank - batch) {
      return NodeError(*in.node, "last extent of the indices",
                       absl::StrCat("in [1, ", rank - batch, "]"),
                       absl::StrCat(depth));
    }
    y.emplace(indices->begin(), indices->end() - 1);
    y->insert(y->end(), x->begin() + batch + depth, x->end());
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferCompress(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y;
  if (in.node->FindAttribute("axis") == nullptr) {
    y = UnknownShape(1);
  } else if ((y = CopyOf(InputShape(in, 0))).has_value()) {
    HONE_ASSIGN_OR_RETURN(const int64_t axis,
                          FrontAxis(*in.node, in.node->IntAttribute("axis", 0),
                                    static_cast<int64_t>(y->size())));
    (*y)[static_cast<size_t>(axis)] = Dim::Unknown();
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferCenterCropPad(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) {
    AttributeReader read(*in.node);
    std::vector<int64_t> axes = read.Ints("axes");
    for (size_t i = 0; !read.Has("axes") && i < y->size(); ++i)
      axes.push_back(static_cast<int64_t>(i));
    const std::optional<Shape> target = ShapeFromInput(in, 1);
    if (target.has_value() && target->size() != axes.size()) {
      read.Fail("shape", absl::StrCat(axes.size(), " numbers"),
                absl::StrCat(target->size()));
    }
    HONE_RETURN_IF_ERROR(read.Finish(0).status());
    for (size_t i = 0; i < axes.size(); ++i) {
      HONE_ASSIGN_OR_RETURN(
          const int64_t axis,
          FrontAxis(*in.node, axes[i], static_cast<int64_t>(y->size())));
      (*y)[static_cast<size_t>(axis)] =
          target.has_value() ? (*target)[i] : Dim::Unknown();
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

}  // namespace hone
