// Pools over windows and whole planes.
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/reshape_infer.h"
#include "ir/ops/traits.h"
#include "ir/views/pool_view.h"
#include "ir/views/window.h"

namespace hone {
namespace {

absl::Status InferPool(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const PoolView view, PoolView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  const auto rank = static_cast<int64_t>(view.window.rank()) + 2;
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, rank, rank));
  std::optional<Shape> y = UnknownShape(rank);
  if (x != nullptr) {
    (*y)[0] = (*x)[0];
    (*y)[1] = (*x)[1];
    for (size_t i = 0; i < view.window.rank(); ++i) {
      const Dim& extent = (*x)[i + 2];
      const bool same = view.window.auto_pad == AutoPad::kSameUpper ||
                        view.window.auto_pad == AutoPad::kSameLower;
      if (extent.known()) {
        HONE_ASSIGN_OR_RETURN(
            const WindowAxis axis,
            view.window.ResolveAxis(*in.node, i, extent.value));
        (*y)[i + 2] = Dim::Of(axis.output);
      } else if (view.window.strides[i] == 1 &&
                 (same ||
                  (view.window.auto_pad == AutoPad::kNotSet &&
                   view.window.pads_begin[i] + view.window.pads_end[i] ==
                       (view.window.kernel[i] - 1) *
                           view.window.dilations[i]))) {
        (*y)[i + 2] = extent;
      }
    }
  }
  SetOutput(out, 1, DType::kS64, y);
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferGlobalPool(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2));
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  for (size_t i = 2; y.has_value() && i < y->size(); ++i) (*y)[i] = Dim::Of(1);
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferMaxUnpool(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const PoolView view, PoolView::Of(*in.node, in.opset));
  const Shape* x = InputShape(in, 0);
  const auto rank = static_cast<int64_t>(view.window.rank()) + 2;
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, rank, rank));
  std::optional<Shape> y = UnknownShape(rank);
  if (x != nullptr) {
    (*y)[0] = (*x)[0];
    (*y)[1] = (*x)[1];
    for (size_t i = 0; i < view.window.rank() && !HasInput(in, 2); ++i) {
      // (in - 1) * stride + kernel - pads.
      if ((*x)[i + 2].known() && (*x)[i + 2].value > 0) {
        const Dim full = AddDims(MulDims(Dim::Of((*x)[i + 2].value - 1),
                                         Dim::Of(view.window.strides[i])),
                                 Dim::Of(view.window.kernel[i]));
        const int64_t pads =
            view.window.pads_begin[i] + view.window.pads_end[i];
        (*y)[i + 2] = full.known() && full.value >= pads
                          ? Dim::Of(full.value - pads)
                          : Dim::Unknown();
      }
    }
  }
  if (std::optional<Shape> given = ShapeFromInput(in, 2);
      given.has_value() && static_cast<int64_t>(given->size()) == rank) {
    y = std::move(given);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kAveragePool7Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"count_include_pad", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kAveragePool10Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"count_include_pad", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kAveragePool19Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"count_include_pad", Attribute::Kind::kInt},
    {"dilations", Attribute::Kind::kInts},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kGlobalLpPoolAttributes[] = {
    {"p", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLpPool2Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"p", Attribute::Kind::kInt},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kLpPool18Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"dilations", Attribute::Kind::kInts},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"p", Attribute::Kind::kInt},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMaxPool1Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMaxPool8Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"storage_order", Attribute::Kind::kInt},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMaxPool10Attributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"dilations", Attribute::Kind::kInts},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"storage_order", Attribute::Kind::kInt},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMaxUnpoolAttributes[] = {
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};

constexpr OpInfo kOps[] = {
    {"", "AveragePool", 7, 1, 1, 1, 1, kAveragePool7Attributes, InferPool,
     Quantizable()},
    {"", "AveragePool", 10, 1, 1, 1, 1, kAveragePool10Attributes, InferPool,
     Quantizable()},
    {"", "AveragePool", 19, 1, 1, 1, 1, kAveragePool19Attributes, InferPool,
     Quantizable()},
    {"",
     "GlobalAveragePool",
     1,
     1,
     1,
     1,
     1,
     {},
     InferGlobalPool,
     Quantizable()},
    {"", "GlobalLpPool", 2, 1, 1, 1, 1, kGlobalLpPoolAttributes,
     InferGlobalPool},
    {"", "GlobalMaxPool", 1, 1, 1, 1, 1, {}, InferGlobalPool, Agnostic()},
    {"", "LpPool", 2, 1, 1, 1, 1, kLpPool2Attributes, InferPool},
    {"", "LpPool", 18, 1, 1, 1, 1, kLpPool18Attributes, InferPool},
    {"", "MaxPool", 1, 1, 1, 1, 1, kMaxPool1Attributes, InferPool, Agnostic()},
    {"", "MaxPool", 8, 1, 1, 1, 2, kMaxPool8Attributes, InferPool, Agnostic()},
    {"", "MaxPool", 10, 1, 1, 1, 2, kMaxPool10Attributes, InferPool,
     Agnostic()},
    {"", "MaxUnpool", 9, 2, 3, 1, 1, kMaxUnpoolAttributes, InferMaxUnpool},
};

}  // namespace

absl::Span<const OpInfo> PoolOps() { return kOps; }

}  // namespace hone
