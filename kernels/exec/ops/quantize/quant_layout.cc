#include "kernels/exec/ops/quantize/quant_layout.h"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/float_types/float_types.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

absl::Status Invalid(absl::string_view label, absl::string_view what,
                     absl::string_view expected, std::string found) {
  ErrorDetail detail;
  detail.node = std::string(label);
  detail.expected = std::string(expected);
  detail.found = std::move(found);
  return MakeError(absl::StatusCode::kInvalidArgument, what, detail);
}

absl::Status ReadScales(absl::string_view label, const TensorView& scale,
                        std::vector<float>* out) {
  if (scale.dtype == DType::kF8E8M0) {
    for (size_t i = 0; i < out->size(); ++i) {
      (*out)[i] = DecodeSmallFloat(SmallFloat::kE8M0, scale.As<uint8_t>()[i]);
    }
    return absl::OkStatus();
  }
  using Scales = ElementTypes<float, Half, BFloat16, int32_t>;
  return VisitDType(Scales(), label, scale.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (size_t i = 0; i < out->size(); ++i) {
      (*out)[i] = static_cast<float>(scale.As<T>()[i]);
    }
    return absl::OkStatus();
  });
}

absl::Status ReadZeroPoints(absl::string_view label, const TensorView& zero,
                            std::vector<int32_t>* out) {
  if (const std::optional<NarrowType> narrow = NarrowTypeOf(zero.dtype)) {
    if (narrow->is_float) return absl::OkStatus();
    for (size_t i = 0; i < out->size(); ++i) {
      (*out)[i] = static_cast<int32_t>(
          narrow->Read(zero.data, static_cast<int64_t>(i)));
    }
    return absl::OkStatus();
  }
  using ZeroPoints = ElementTypes<int8_t, uint8_t, int16_t, uint16_t, int32_t>;
  return VisitDType(ZeroPoints(), label, zero.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (size_t i = 0; i < out->size(); ++i) (*out)[i] = zero.As<T>()[i];
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status QuantLayout::ReadParams(absl::string_view label,
                                     const KernelContext& context) {
  const TensorView& scale = context.inputs[1];
  scale_.resize(static_cast<size_t>(scale.size));
  HONE_RETURN_IF_ERROR(ReadScales(label, scale, &scale_));
  for (const float value : scale_) {
    if (!(value > 0) || !std::isfinite(value)) {
      return Invalid(label, "a scale of no use", "positive and finite",
                     absl::StrCat(value));
    }
  }
  zero_point_.assign(scale_.size(), 0);
  if (context.inputs.size() < 3 || !context.inputs[2].present()) {
    return absl::OkStatus();
  }
  const TensorView& zero = context.inputs[2];
  HONE_RETURN_IF_ERROR(
      ExpectEqual(label, "zero points", scale.size, zero.size));
  return ReadZeroPoints(label, zero, &zero_point_);
}

void QuantLayout::AddPart(absl::Span<const int64_t> dims, Extents x_strides,
                          Extents param_strides, int64_t x, int64_t params) {
  LoopNest nest(dims, {std::move(x_strides), std::move(param_strides)});
  nest.Coalesce();
  parts_.push_back({std::move(nest), x, params});
}

absl::StatusOr<QuantLayout> QuantLayout::Of(const QuantizeView& view,
                                            absl::string_view label,
                                            const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 2));
  QuantLayout layout;
  HONE_RETURN_IF_ERROR(layout.ReadParams(label, context));
  const TensorView& scale = context.inputs[1];
  const Dims& dims = context.inputs[0].dims;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "output extents", dims, context.outputs[0].dims));
  const int64_t rank = static_cast<int64_t>(dims.size());
  const QuantizeView::Granularity granularity =
      view.GranularityOf(static_cast<int64_t>(scale.dims.size()), scale.size);
  if (granularity == QuantizeView::Granularity::kPerTensor) {
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "scales", 1, scale.size));
    layout.AddPart({Product(dims, 0, dims.size())}, {1}, {0}, 0, 0);
    return layout;
  }
  const int64_t axis = view.axis < 0 ? view.axis + rank : view.axis;
  if (axis < 0 || axis >= rank) {
    return Invalid(label, "axis out of range", absl::StrCat("rank ", rank),
                   absl::StrCat(view.axis));
  }
  const size_t a = static_cast<size_t>(axis);
  const int64_t outer = Product(dims, 0, a);
  const int64_t extent = dims[a];
  const int64_t inner = Product(dims, a + 1, dims.size());
  if (granularity == QuantizeView::Granularity::kPerAxis) {
    HONE_RETURN_IF_ERROR(
        ExpectEqual(label, "scales along the axis", extent, scale.size));
    layout.AddPart({outer, extent, inner}, {extent * inner, inner, 1},
                   {0, 1, 0}, 0, 0);
    return layout;
  }
  const int64_t block = view.block_size;
  if (block <= 0) {
    return Invalid(label, "scales of this shape need a block size",
                   DimsToString(dims), DimsToString(scale.dims));
  }
  Dims expected = dims;
  expected[a] = extent / block + (extent % block != 0 ? 1 : 0);
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "extents of the scale", expected, scale.dims));
  const int64_t whole = extent / block;
  const int64_t rest = extent % block;
  const int64_t x_outer = extent * inner;
  const int64_t p_outer = expected[a] * inner;
  layout.AddPart({outer, whole, block, inner},
                 {x_outer, block * inner, inner, 1}, {p_outer, inner, 0, 1}, 0,
                 0);
  if (rest > 0) {
    layout.AddPart({outer, rest, inner}, {x_outer, inner, 1}, {p_outer, 0, 1},
                   whole * block * inner, whole * inner);
  }
  return layout;
}

}  // namespace hone
