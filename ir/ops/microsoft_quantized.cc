// Operators of ONNX Runtime's domain com.microsoft on quantized numbers. Arity
// and attributes are those of ONNX Runtime 1.31 (docs/ContribOperators.md).
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/select_infer.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

// a [..., K] -> [..., N].
absl::Status InferBlockProduct(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const int64_t n = in.node->IntAttribute("N", 0);
  if (y.has_value() && !y->empty()) {
    y->back() = n > 0 ? Dim::Of(n) : Dim::Unknown();
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

std::optional<int64_t> BlockProductMacs(const InferInput& in,
                                        absl::Span<const Type> outputs) {
  const std::optional<int64_t> elements = CountOf(outputs[0]);
  if (!elements.has_value()) return std::nullopt;
  return CheckedProduct({*elements, in.node->IntAttribute("K", -1)});
}

// a [..., m, k], b [k, n] -> [..., m, n], float as input 2: a's scale, or b's.
absl::Status InferProductByScale(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const Shape* b = InputShape(in, 1);
  if (b == nullptr || b->size() != 2 || (y.has_value() && y->empty())) {
    y.reset();
  }
  if (y.has_value()) y->back() = (*b)[1];
  SetOutput(out, 0, InputDType(in, 2), std::move(y));
  return absl::OkStatus();
}

// Gemm of a and b (input 3); float unless there is a scale of y.
absl::Status InferQGemm(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2, 2));
  HONE_RETURN_IF_ERROR(CheckRank(in, 3, 2, 2));
  Shape y(2);
  if (const Shape* a = InputShape(in, 0)) {
    y[0] = (*a)[in.node->IntAttribute("transA", 0) != 0 ? 1 : 0];
  }
  if (const Shape* b = InputShape(in, 3)) {
    y[1] = (*b)[in.node->IntAttribute("transB", 0) != 0 ? 0 : 1];
  }
  const DType zero = InputDType(in, 8);
  const DType quantized = HasInput(in, 8) ? zero : InputDType(in, 0);
  SetOutput(out, 0, HasInput(in, 7) ? quantized : DType::kF32, std::move(y));
  return absl::OkStatus();
}

absl::Status InferBroadcast(const InferInput& in, size_t a, size_t b,
                            InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(
      std::optional<Shape> y,
      BroadcastShapes(*in.node, InputShape(in, a), InputShape(in, b)));
  SetOutput(out, 0, InputDType(in, a), std::move(y));
  return absl::OkStatus();
}

absl::Status InferQLinearBinary(const InferInput& in, InferOutput* out) {
  return InferBroadcast(in, 0, 3, out);
}

absl::Status InferQLinearWhere(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(InferBroadcast(in, 1, 4, out));
  if (out->types.empty()) return absl::OkStatus();
  const Type values = out->types[0];
  HONE_ASSIGN_OR_RETURN(
      std::optional<Shape> y,
      BroadcastShapes(*in.node, InputShape(in, 0),
                      values.shape.has_value() ? &*values.shape : nullptr));
  SetOutput(out, 0, values.dtype, std::move(y));
  return absl::OkStatus();
}

// Scale and zero point of y, then three inputs a part.
absl::Status InferQLinearConcat(const InferInput& in, InferOutput* out) {
  Node concat = *in.node;
  InferInput parts = in;
  parts.node = &concat;
  concat.inputs.clear();
  parts.inputs.clear();
  parts.contents.clear();
  parts.partial.clear();
  for (size_t i = 2; i < in.inputs.size(); i += 3) {
    concat.inputs.push_back(in.node->inputs[i]);
    parts.inputs.push_back(in.inputs[i]);
    parts.contents.push_back(nullptr);
    parts.partial.push_back(nullptr);
  }
  if (concat.inputs.empty()) {
    return NodeError(*in.node, "inputs", "three a part, at least one part");
  }
  return InferConcat(parts, out);
}

absl::Status InferQLinearGlobalPool(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3));
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const size_t first = in.node->IntAttribute("channels_last", 0) != 0 ? 1 : 2;
  for (size_t i = first; y.has_value() && i < first + y->size() - 2; ++i) {
    (*y)[i] = Dim::Of(1);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// Gather of data as its elements are: bytes hold 8 / bits of them along the
// last axis.
absl::Status InferGatherBlocks(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y;
  const Shape* data = InputShape(in, 0);
  const Shape* indices = InputShape(in, 1);
  if (data != nullptr && indices != nullptr && !data->empty()) {
    HONE_ASSIGN_OR_RETURN(
        const int64_t axis,
        FrontAxis(*in.node, in.node->IntAttribute("gather_axis", 0),
                  static_cast<int64_t>(data->size())));
    Shape wide = *data;
    const int64_t bits = in.node->IntAttribute("bits", 4);
    if (InputDType(in, 0) == DType::kU8 && bits > 0 && bits < 8) {
      wide.back() = MulDims(wide.back(), Dim::Of(8 / bits));
    }
    y = Shape(wide.begin(), wide.begin() + axis);
    y->insert(y->end(), indices->begin(), indices->end());
    y->insert(y->end(), wide.begin() + axis + 1, wide.end());
  }
  SetOutput(out, 0, InputDType(in, 2), std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kGatherBlockQuantizedAttributes[] = {
    {"bits", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt},
    {"gather_axis", Attribute::Kind::kInt},
    {"quantize_axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMatMulBnb4Attributes[] = {
    {"K", Attribute::Kind::kInt, true},
    {"N", Attribute::Kind::kInt, true},
    {"block_size", Attribute::Kind::kInt, true},
    {"quant_type", Attribute::Kind::kInt, true},
    {"training_mode", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMatMulNBitsAttributes[] = {
    {"K", Attribute::Kind::kInt, true},
    {"N", Attribute::Kind::kInt, true},
    {"accuracy_level", Attribute::Kind::kInt},
    {"bits", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt, true},
    {"weight_prepacked", Attribute::Kind::kInt},
};
constexpr AttributeInfo kNhwcMaxPoolAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"dilations", Attribute::Kind::kInts},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kQGemmAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQLinearAveragePoolAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"channels_last", Attribute::Kind::kInt},
    {"count_include_pad", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kQLinearConcatAttributes[] = {
    {"axis", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kQLinearConvAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"channels_last", Attribute::Kind::kInt},
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kQLinearGlobalAveragePoolAttributes[] = {
    {"channels_last", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQLinearLeakyReluAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kQLinearReduceMeanAttributes[] = {
    {"axes", Attribute::Kind::kInts, true},
    {"keepdims", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kQLinearSoftmaxAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"opset", Attribute::Kind::kInt, true},
};

constexpr OpInfo kOps[] = {
    {"com.microsoft",
     "DynamicQuantizeMatMul",
     1,
     3,
     5,
     1,
     1,
     {},
     InferProductByScale},
    {"com.microsoft", "GatherBlockQuantized", 1, 3, 4, 1, 1,
     kGatherBlockQuantizedAttributes, InferGatherBlocks},
    {"com.microsoft",
     "MatMulBnb4",
     1,
     3,
     3,
     1,
     1,
     kMatMulBnb4Attributes,
     InferBlockProduct,
     {},
     BlockProductMacs},
    {"com.microsoft",
     "MatMulIntegerToFloat",
     1,
     4,
     7,
     1,
     1,
     {},
     InferProductByScale},
    {"com.microsoft",
     "MatMulNBits",
     1,
     3,
     6,
     1,
     1,
     kMatMulNBitsAttributes,
     InferBlockProduct,
     {},
     BlockProductMacs},
    {"com.microsoft", "NhwcMaxPool", 1, 1, 1, 1, 1, kNhwcMaxPoolAttributes},
    {"com.microsoft", "QGemm", 1, 6, 9, 1, 1, kQGemmAttributes, InferQGemm},
    {"com.microsoft", "QLinearAdd", 1, 7, 8, 1, 1, {}, InferQLinearBinary},
    {"com.microsoft", "QLinearAveragePool", 1, 4, 5, 1, 1,
     kQLinearAveragePoolAttributes},
    {"com.microsoft", "QLinearConcat", 1, 3, kVariadic, 1, 1,
     kQLinearConcatAttributes, InferQLinearConcat},
    {"com.microsoft", "QLinearConv", 1, 8, 9, 1, 1, kQLinearConvAttributes},
    {"com.microsoft", "QLinearGlobalAveragePool", 1, 5, 5, 1, 1,
     kQLinearGlobalAveragePoolAttributes, InferQLinearGlobalPool},
    {"com.microsoft", "QLinearLeakyRelu", 1, 4, 5, 1, 1,
     kQLinearLeakyReluAttributes, InferSame},
    {"com.microsoft", "QLinearMul", 1, 7, 8, 1, 1, {}, InferQLinearBinary},
    {"com.microsoft", "QLinearReduceMean", 1, 4, 5, 1, 1,
     kQLinearReduceMeanAttributes},
    {"com.microsoft", "QLinearSigmoid", 1, 4, 5, 1, 1, {}, InferSame},
    {"com.microsoft", "QLinearSoftmax", 1, 5, 5, 1, 1,
     kQLinearSoftmaxAttributes, InferSame},
    {"com.microsoft", "QLinearWhere", 1, 9, 9, 1, 1, {}, InferQLinearWhere},
};

}  // namespace

absl::Span<const OpInfo> MicrosoftQuantizedOps() { return kOps; }

}  // namespace hone
