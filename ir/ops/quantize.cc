// Quantization.
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/quantize_view.h"

namespace hone {
namespace {

absl::Status InferQuantizeLinear(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const QuantizeView view,
                        QuantizeView::Of(*in.node, in.opset));
  // A zero point of unknown dtype must not be taken for an absent one.
  const DType zero_point = InputDType(in, 2);
  const bool open = HasInput(in, 2) && zero_point == DType::kUndefined;
  SetOutput(out, 0, open ? view.output_dtype : view.QuantizedDType(zero_point),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferDequantizeLinear(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const QuantizeView view,
                        QuantizeView::Of(*in.node, in.opset));
  SetOutput(out, 0, view.DequantizedDType(InputDType(in, 1)),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferDynamicQuantizeLinear(const InferInput& in,
                                        InferOutput* out) {
  SetOutput(out, 0, DType::kU8, CopyOf(InputShape(in, 0)));
  SetOutput(out, 1, DType::kF32, Shape());
  SetOutput(out, 2, DType::kU8, Shape());
  return absl::OkStatus();
}

constexpr AttributeInfo kDequantizeLinear13Attributes[] = {
    {"axis", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDequantizeLinear21Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt},
};
constexpr AttributeInfo kDequantizeLinear23Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt},
    {"output_dtype", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQuantizeLinear19Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"saturate", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQuantizeLinear21Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt},
    {"output_dtype", Attribute::Kind::kInt},
    {"saturate", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQuantizeLinear23Attributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt},
    {"output_dtype", Attribute::Kind::kInt},
    {"precision", Attribute::Kind::kInt},
    {"saturate", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"", "DequantizeLinear", 10, 2, 3, 1, 1, {}, InferDequantizeLinear},
    {"", "DequantizeLinear", 13, 2, 3, 1, 1, kDequantizeLinear13Attributes,
     InferDequantizeLinear},
    {"", "DequantizeLinear", 21, 2, 3, 1, 1, kDequantizeLinear21Attributes,
     InferDequantizeLinear},
    {"", "DequantizeLinear", 23, 2, 3, 1, 1, kDequantizeLinear23Attributes,
     InferDequantizeLinear},
    {"",
     "DynamicQuantizeLinear",
     11,
     1,
     1,
     3,
     3,
     {},
     InferDynamicQuantizeLinear},
    {"", "QuantizeLinear", 10, 2, 3, 1, 1, {}, InferQuantizeLinear},
    {"", "QuantizeLinear", 13, 2, 3, 1, 1, kDequantizeLinear13Attributes,
     InferQuantizeLinear},
    {"", "QuantizeLinear", 19, 2, 3, 1, 1, kQuantizeLinear19Attributes,
     InferQuantizeLinear},
    {"", "QuantizeLinear", 21, 2, 3, 1, 1, kQuantizeLinear21Attributes,
     InferQuantizeLinear},
    {"", "QuantizeLinear", 23, 2, 3, 1, 1, kQuantizeLinear23Attributes,
     InferQuantizeLinear},
    {"com.microsoft", "QuantizeLinear", 1, 2, 3, 1, 1,
     kDequantizeLinear13Attributes, InferQuantizeLinear},
    {"com.microsoft", "DequantizeLinear", 1, 2, 3, 1, 1,
     kDequantizeLinear13Attributes, InferDequantizeLinear},
};

}  // namespace

absl::Span<const OpInfo> QuantizeOps() { return kOps; }

}  // namespace hone
