// Images: resampling and detection.
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/reshape_infer.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"
#include "ir/views/resize_view.h"

namespace hone {
namespace {

absl::Status InferResize(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const ResizeView view,
                        ResizeView::Of(*in.node, in.opset, in.contents));
  const Shape* x = InputShape(in, 0);
  if (x == nullptr) {
    SetOutput(out, 0, InputDType(in, 0), std::nullopt);
    return absl::OkStatus();
  }
  Shape y = *x;
  std::vector<size_t> chosen;
  for (int64_t axis : view.axes) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t front,
        FrontAxis(*in.node, axis, static_cast<int64_t>(x->size())));
    chosen.push_back(static_cast<size_t>(front));
  }
  for (size_t i = 0; view.axes.empty() && i < x->size(); ++i)
    chosen.push_back(i);
  const std::optional<Dims> extents = KnownDims(*x);
  if (view.known() && extents.has_value() &&
      view.coordinates != ResizeView::Coordinates::kTfCropAndResize) {
    HONE_ASSIGN_OR_RETURN(const std::vector<ResizeView::Axis> axes,
                          view.Resolve(*in.node, *extents));
    for (size_t i = 0; i < axes.size(); ++i) y[i] = Dim::Of(axes[i].output);
  } else if (view.known()) {
    const size_t given =
        view.scales.empty() ? view.sizes.size() : view.scales.size();
    if (given != chosen.size()) {
      return NodeError(*in.node, "scales or sizes",
                       absl::StrCat(chosen.size(), " numbers"),
                       absl::StrCat(given));
    }
    for (size_t i = 0; i < given; ++i) {
      Dim& dim = y[chosen[i]];
      if (!view.scales.empty()) {
        const float scale = view.scales[i];
        const float scaled = static_cast<float>(dim.value) * scale;
        if (scale == 1) continue;
        dim = dim.known() && scaled >= 0 && scaled < 9e15f
                  ? Dim::Of(static_cast<int64_t>(scaled))
                  : Dim::Unknown();
      } else {
        const bool stretch =
            view.aspect_ratio == ResizeView::AspectRatio::kStretch;
        dim = stretch && view.sizes[i] >= 0 ? Dim::Of(view.sizes[i])
                                            : Dim::Unknown();
      }
    }
  } else {
    // Sizes that were computed from symbols.
    const std::optional<Shape> sizes = ShapeFromInput(in, 3);
    const bool usable = sizes.has_value() && sizes->size() == chosen.size() &&
                        view.aspect_ratio == ResizeView::AspectRatio::kStretch;
    for (size_t i = 0; i < chosen.size(); ++i)
      y[chosen[i]] = usable ? (*sizes)[i] : Dim::Unknown();
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// x [n, c, h, w], grid [n, ho, wo, 2] -> [n, c, ho, wo]; also 3-D.
absl::Status InferGridSample(const InferInput& in, InferOutput* out) {
  const Shape* x = InputShape(in, 0);
  const Shape* grid = InputShape(in, 1);
  std::optional<Shape> y;
  if (x != nullptr && grid != nullptr && x->size() >= 3) {
    if (x->size() != grid->size()) {
      return NodeError(*in.node, "ranks of input and grid differ",
                       ShapeToString(*x), ShapeToString(*grid));
    }
    y = *x;
    (*y)[0] = MergeDims((*x)[0], (*grid)[0]);
    for (size_t i = 2; i < x->size(); ++i) (*y)[i] = (*grid)[i - 1];
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// size [n, c, (d,) h, w] -> [n, (d,) h, w, 2 or 3].
absl::Status InferAffineGrid(const InferInput& in, InferOutput* out) {
  const std::optional<Shape> size = ShapeFromInput(in, 1);
  std::optional<Shape> y;
  if (size.has_value() && size->size() >= 4) {
    y.emplace();
    y->push_back((*size)[0]);
    y->insert(y->end(), size->begin() + 2, size->end());
    y->push_back(Dim::Of(static_cast<int64_t>(size->size()) - 2));
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferRoiAlign(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 4, 4));
  Shape y(4);
  if (const Shape* rois = InputShape(in, 1); rois != nullptr && !rois->empty())
    y[0] = (*rois)[0];
  if (const Shape* x = InputShape(in, 0)) y[1] = (*x)[1];
  AttributeReader read(*in.node);
  y[2] = Dim::Of(read.IntIn("output_height", 1, 0, int64_t{1} << 31));
  y[3] = Dim::Of(read.IntIn("output_width", 1, 0, int64_t{1} << 31));
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferMaxRoiPool(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 4, 4));
  Shape y(4);
  if (const Shape* rois = InputShape(in, 1); rois != nullptr && !rois->empty())
    y[0] = (*rois)[0];
  if (const Shape* x = InputShape(in, 0)) y[1] = (*x)[1];
  const std::vector<int64_t> pooled = in.node->IntsAttribute("pooled_shape");
  for (size_t i = 0; i < 2 && pooled.size() == 2; ++i) {
    if (pooled[i] >= 0) y[i + 2] = Dim::Of(pooled[i]);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferNonMaxSuppression(const InferInput& /*in*/,
                                    InferOutput* out) {
  SetOutput(out, 0, DType::kS64, Shape{Dim::Unknown(), Dim::Of(3)});
  return absl::OkStatus();
}

// x [n, c * product of the block, l] -> [n, c, image extents...].
absl::Status InferCol2Im(const InferInput& in, InferOutput* out) {
  const std::optional<Shape> image = ShapeFromInput(in, 1);
  const std::optional<Shape> block = ShapeFromInput(in, 2);
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3, 3));
  std::optional<Shape> y;
  if (image.has_value()) {
    y = UnknownShape(2);
    if (const Shape* x = InputShape(in, 0)) {
      (*y)[0] = (*x)[0];
      const Dim area = block.has_value() ? ProductOf(*block, 0, block->size())
                                         : Dim::Unknown();
      if ((*x)[1].known() && area.known() && area.value > 0)
        (*y)[1] = Dim::Of((*x)[1].value / area.value);
    }
    y->insert(y->end(), image->begin(), image->end());
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferImageDecoder(const InferInput& /*in*/, InferOutput* out) {
  SetOutput(out, 0, DType::kU8, UnknownShape(3));
  return absl::OkStatus();
}

constexpr AttributeInfo kAffineGridAttributes[] = {
    {"align_corners", Attribute::Kind::kInt},
};
constexpr AttributeInfo kCol2ImAttributes[] = {
    {"dilations", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kGridSampleAttributes[] = {
    {"align_corners", Attribute::Kind::kInt},
    {"mode", Attribute::Kind::kString},
    {"padding_mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kImageDecoderAttributes[] = {
    {"pixel_format", Attribute::Kind::kString},
};
constexpr AttributeInfo kMaxRoiPoolAttributes[] = {
    {"pooled_shape", Attribute::Kind::kInts, true},
    {"spatial_scale", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kNonMaxSuppressionAttributes[] = {
    {"center_point_box", Attribute::Kind::kInt},
};
constexpr AttributeInfo kResize10Attributes[] = {
    {"mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kResize11Attributes[] = {
    {"coordinate_transformation_mode", Attribute::Kind::kString},
    {"cubic_coeff_a", Attribute::Kind::kFloat},
    {"exclude_outside", Attribute::Kind::kInt},
    {"extrapolation_value", Attribute::Kind::kFloat},
    {"mode", Attribute::Kind::kString},
    {"nearest_mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kResize18Attributes[] = {
    {"antialias", Attribute::Kind::kInt},
    {"axes", Attribute::Kind::kInts},
    {"coordinate_transformation_mode", Attribute::Kind::kString},
    {"cubic_coeff_a", Attribute::Kind::kFloat},
    {"exclude_outside", Attribute::Kind::kInt},
    {"extrapolation_value", Attribute::Kind::kFloat},
    {"keep_aspect_ratio_policy", Attribute::Kind::kString},
    {"mode", Attribute::Kind::kString},
    {"nearest_mode", Attribute::Kind::kString},
};
constexpr AttributeInfo kRoiAlign10Attributes[] = {
    {"mode", Attribute::Kind::kString},
    {"output_height", Attribute::Kind::kInt},
    {"output_width", Attribute::Kind::kInt},
    {"sampling_ratio", Attribute::Kind::kInt},
    {"spatial_scale", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kRoiAlign16Attributes[] = {
    {"coordinate_transformation_mode", Attribute::Kind::kString},
    {"mode", Attribute::Kind::kString},
    {"output_height", Attribute::Kind::kInt},
    {"output_width", Attribute::Kind::kInt},
    {"sampling_ratio", Attribute::Kind::kInt},
    {"spatial_scale", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kUpsample7Attributes[] = {
    {"mode", Attribute::Kind::kString},
    {"scales", Attribute::Kind::kFloats, true},
};

constexpr OpInfo kOps[] = {
    {"", "AffineGrid", 20, 2, 2, 1, 1, kAffineGridAttributes, InferAffineGrid},
    {"", "Col2Im", 18, 3, 3, 1, 1, kCol2ImAttributes, InferCol2Im},
    {"", "GridSample", 16, 2, 2, 1, 1, kGridSampleAttributes, InferGridSample},
    {"", "ImageDecoder", 20, 1, 1, 1, 1, kImageDecoderAttributes,
     InferImageDecoder},
    {"", "MaxRoiPool", 1, 2, 2, 1, 1, kMaxRoiPoolAttributes, InferMaxRoiPool},
    {"", "NonMaxSuppression", 10, 2, 5, 1, 1, kNonMaxSuppressionAttributes,
     InferNonMaxSuppression},
    {"", "Resize", 10, 2, 2, 1, 1, kResize10Attributes, InferResize,
     Quantizable()},
    {"", "Resize", 11, 3, 4, 1, 1, kResize11Attributes, InferResize,
     Quantizable()},
    {"", "Resize", 13, 1, 4, 1, 1, kResize11Attributes, InferResize,
     Quantizable()},
    {"", "Resize", 18, 1, 4, 1, 1, kResize18Attributes, InferResize,
     Quantizable()},
    {"", "RoiAlign", 10, 3, 3, 1, 1, kRoiAlign10Attributes, InferRoiAlign},
    {"", "RoiAlign", 16, 3, 3, 1, 1, kRoiAlign16Attributes, InferRoiAlign},
    {"", "Upsample", 7, 1, 1, 1, 1, kUpsample7Attributes, InferResize},
    {"", "Upsample", 9, 2, 2, 1, 1, kResize10Attributes, InferResize},
    {"", "Upsample", 10, 2, 2, 1, 1, kResize10Attributes, InferResize},
};

}  // namespace

absl::Span<const OpInfo> ImageOps() { return kOps; }

}  // namespace hone
