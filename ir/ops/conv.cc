// Convolutions.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "ir/views/window.h"

namespace hone {
namespace {

// A symbolic extent survives a window that moves by one and keeps the extent.
Dim WindowedDim(const Window& window, size_t axis, const Dim& input) {
  const int64_t effective =
      (window.kernel[axis] - 1) * window.dilations[axis] + 1;
  const bool same = window.auto_pad == AutoPad::kSameUpper ||
                    window.auto_pad == AutoPad::kSameLower;
  const int64_t pads = window.auto_pad == AutoPad::kNotSet
                           ? window.pads_begin[axis] + window.pads_end[axis]
                           : 0;
  if (window.strides[axis] == 1 && (same || pads == effective - 1)) {
    return input;
  }
  return Dim::Unknown();
}

absl::Status InferConvolution(const InferInput& in, size_t x_index,
                              size_t w_index, DType dtype, InferOutput* out) {
  const Shape* x = InputShape(in, x_index);
  const Shape* w = InputShape(in, w_index);
  const int64_t rank = std::max(InputRank(in, x_index), InputRank(in, w_index));
  if (x != nullptr && w != nullptr && x->size() != w->size()) {
    return NodeError(*in.node, "ranks of input and weight differ",
                     ShapeToString(*x), ShapeToString(*w));
  }
  if (x == nullptr || w == nullptr) {
    SetOutput(out, 0, dtype, UnknownShape(rank));
    return absl::OkStatus();
  }
  HONE_RETURN_IF_ERROR(CheckRank(in, x_index, 3));
  Shape y(x->size());
  y[0] = (*x)[0];
  y[1] = (*w)[0];
  const std::vector<int64_t> w_dims = NumbersOf(w);
  const bool kernel_known = in.node->FindAttribute("kernel_shape") != nullptr ||
                            std::all_of(w_dims.begin() + 2, w_dims.end(),
                                        [](int64_t d) { return d >= 0; });
  if (kernel_known) {
    HONE_ASSIGN_OR_RETURN(const ConvView view,
                          ConvView::Of(*in.node, in.opset, w_dims));
    const Dim& channels = (*x)[1];
    int64_t expected = 0;
    if (channels.known() && w_dims[1] >= 0 &&
        (__builtin_mul_overflow(w_dims[1], view.group, &expected) ||
         expected != channels.value)) {
      return NodeError(*in.node, "input channels",
                       absl::StrCat(w_dims[1], " * group ", view.group),
                       channels.ToString());
    }
    if (w_dims[0] >= 0 && w_dims[0] % view.group != 0) {
      return NodeError(*in.node, "output channels",
                       absl::StrCat("a multiple of group ", view.group),
                       absl::StrCat(w_dims[0]));
    }
    for (size_t i = 0; i < view.window.rank(); ++i) {
      const Dim& extent = (*x)[i + 2];
      if (!extent.known()) {
        y[i + 2] = WindowedDim(view.window, i, extent);
        continue;
      }
      HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                            view.window.ResolveAxis(*in.node, i, extent.value));
      y[i + 2] = Dim::Of(axis.output);
    }
  }
  SetOutput(out, 0, dtype, std::move(y));
  return absl::OkStatus();
}

absl::Status InferConv(const InferInput& in, InferOutput* out) {
  return InferConvolution(in, 0, 1, InputDType(in, 0), out);
}

absl::Status InferConvInteger(const InferInput& in, InferOutput* out) {
  return InferConvolution(in, 0, 1, DType::kS32, out);
}

absl::Status InferQLinearConv(const InferInput& in, InferOutput* out) {
  return InferConvolution(in, 0, 3, InputDType(in, 7), out);
}

absl::Status InferDeformConv(const InferInput& in, InferOutput* out) {
  return InferConvolution(in, 0, 1, InputDType(in, 0), out);
}

absl::Status InferConvTranspose(const InferInput& in, InferOutput* out) {
  const Shape* x = InputShape(in, 0);
  const Shape* w = InputShape(in, 1);
  if (x == nullptr || w == nullptr) {
    SetOutput(out, 0, InputDType(in, 0),
              UnknownShape(std::max(InputRank(in, 0), InputRank(in, 1))));
    return absl::OkStatus();
  }
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3));
  const std::vector<int64_t> w_dims = NumbersOf(w);
  Shape y(x->size());
  y[0] = (*x)[0];
  const bool kernel_known = in.node->FindAttribute("kernel_shape") != nullptr ||
                            std::all_of(w_dims.begin() + 2, w_dims.end(),
                                        [](int64_t d) { return d >= 0; });
  if (x->size() != w->size()) {
    return NodeError(*in.node, "ranks of input and weight differ",
                     ShapeToString(*x), ShapeToString(*w));
  }
  if (kernel_known) {
    HONE_ASSIGN_OR_RETURN(const ConvTransposeView view,
                          ConvTransposeView::Of(*in.node, in.opset, w_dims));
    if ((*x)[1].known() && w_dims[0] >= 0 && (*x)[1].value != w_dims[0]) {
      return NodeError(*in.node, "input channels", absl::StrCat(w_dims[0]),
                       (*x)[1].ToString());
    }
    y[1] = MulDims((*w)[1], Dim::Of(view.group));
    for (size_t i = 0; i < view.window.rank(); ++i) {
      if (!view.output_shape.empty()) {
        y[i + 2] = Dim::Of(view.output_shape[i]);
      } else if ((*x)[i + 2].known()) {
        HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                              view.ResolveAxis(*in.node, i, (*x)[i + 2].value));
        y[i + 2] = Dim::Of(axis.output);
      }
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// Every output element sums one product per weight of its channel.
std::optional<int64_t> MacsOf(const Shape* w, const Type& counted) {
  if (w == nullptr || w->size() < 3) return std::nullopt;
  const Dim per_element = ProductOf(*w, 1, w->size());
  const std::optional<int64_t> elements = CountOf(counted);
  if (!elements.has_value() || !per_element.known()) return std::nullopt;
  return CheckedProduct({*elements, per_element.value});
}

std::optional<int64_t> ConvMacs(const InferInput& in,
                                absl::Span<const Type> outputs) {
  return MacsOf(InputShape(in, 1), outputs[0]);
}

std::optional<int64_t> QLinearConvMacs(const InferInput& in,
                                       absl::Span<const Type> outputs) {
  return MacsOf(InputShape(in, 3), outputs[0]);
}

// Every input element is spread over the weights of its channel.
std::optional<int64_t> ConvTransposeMacs(const InferInput& in,
                                         absl::Span<const Type> /*outputs*/) {
  if (in.inputs.empty()) return std::nullopt;
  return MacsOf(InputShape(in, 1), in.inputs[0]);
}

// x [n, c, length], w [c, 1, k] -> as x, and the state [n, c, k - 1].
absl::Status InferCausalConv(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3, 3));
  HONE_RETURN_IF_ERROR(CheckRank(in, 1, 3, 3));
  Shape state(3);
  if (const Shape* x = InputShape(in, 0)) {
    SetOutput(out, 0, InputDType(in, 0), *x);
    state[0] = (*x)[0];
    state[1] = (*x)[1];
  }
  if (const Shape* w = InputShape(in, 1); w != nullptr && (*w)[2].value > 0) {
    state[2] = Dim::Of((*w)[2].value - 1);
  }
  SetOutput(out, 1, InputDType(in, 0), std::move(state));
  return absl::OkStatus();
}

constexpr AttributeInfo kCausalConvWithStateAttributes[] = {
    {"activation", Attribute::Kind::kString},
};
constexpr AttributeInfo kConvAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kConvTransposeAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"output_padding", Attribute::Kind::kInts},
    {"output_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kDeformConvAttributes[] = {
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"offset_group", Attribute::Kind::kInt},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMicrosoftFusedConvAttributes[] = {
    {"activation", Attribute::Kind::kString},
    {"activation_params", Attribute::Kind::kFloats},
    {"auto_pad", Attribute::Kind::kString},
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};

constexpr OpInfo kOps[] = {
    {"", "CausalConvWithState", 27, 2, 4, 2, 2, kCausalConvWithStateAttributes,
     InferCausalConv},
    {"", "Conv", 1, 2, 3, 1, 1, kConvAttributes, InferConv, Weighted(1, 2, 0),
     ConvMacs},
    {"",
     "ConvInteger",
     10,
     2,
     4,
     1,
     1,
     kConvAttributes,
     InferConvInteger,
     {},
     ConvMacs},
    {"", "ConvTranspose", 1, 2, 3, 1, 1, kConvTransposeAttributes,
     InferConvTranspose, Weighted(1, 2, 1), ConvTransposeMacs},
    {"", "DeformConv", 19, 3, 5, 1, 1, kDeformConvAttributes, InferDeformConv,
     Weighted(1, 3, 0), ConvMacs},
    {"",
     "QLinearConv",
     10,
     8,
     9,
     1,
     1,
     kConvAttributes,
     InferQLinearConv,
     {},
     QLinearConvMacs},
    {"com.microsoft", "FusedConv", 1, 2, 4, 1, 1, kMicrosoftFusedConvAttributes,
     InferConv, Weighted(1, 2, 0), ConvMacs},
};

}  // namespace

absl::Span<const OpInfo> ConvOps() { return kOps; }

}  // namespace hone
