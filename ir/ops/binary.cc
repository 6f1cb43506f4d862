// Broadcasting elementwise operators.
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"

namespace hone {
namespace {

absl::Status InferBroadcast(const InferInput& in, DType dtype,
                            InferOutput* out) {
  std::optional<Shape> shape = CopyOf(InputShape(in, 0));
  for (size_t i = 1; i < in.inputs.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(
        shape, BroadcastShapes(*in.node, shape.has_value() ? &*shape : nullptr,
                               InputShape(in, i)));
  }
  SetOutput(out, 0, dtype, std::move(shape));
  return absl::OkStatus();
}

absl::Status InferArithmetic(const InferInput& in, InferOutput* out) {
  DType dtype = InputDType(in, 0);
  // All inputs have one type (Pow's and BitShift's first decides).
  if (dtype == DType::kUndefined && in.node->op_type != "Pow") {
    for (size_t i = 1; i < in.inputs.size() && dtype == DType::kUndefined; ++i)
      dtype = InputDType(in, i);
  }
  return InferBroadcast(in, dtype, out);
}

absl::Status InferComparison(const InferInput& in, InferOutput* out) {
  return InferBroadcast(in, DType::kBool, out);
}

absl::Status InferWhere(const InferInput& in, InferOutput* out) {
  DType dtype = InputDType(in, 1);
  if (dtype == DType::kUndefined) dtype = InputDType(in, 2);
  return InferBroadcast(in, dtype, out);
}

constexpr AttributeInfo kBitShiftAttributes[] = {
    {"direction", Attribute::Kind::kString, true},
};
constexpr AttributeInfo kModAttributes[] = {
    {"fmod", Attribute::Kind::kInt},
};
constexpr AttributeInfo kSwiGLUAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
};

constexpr OpInfo kOps[] = {
    {"",
     "Add",
     7,
     2,
     2,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "And",
     7,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "BitShift", 11, 2, 2, 1, 1, kBitShiftAttributes, InferArithmetic,
     Elementwise()},
    {"", "BitwiseAnd", 18, 2, 2, 1, 1, {}, InferArithmetic, Elementwise()},
    {"", "BitwiseOr", 18, 2, 2, 1, 1, {}, InferArithmetic, Elementwise()},
    {"", "BitwiseXor", 18, 2, 2, 1, 1, {}, InferArithmetic, Elementwise()},
    {"",
     "Div",
     7,
     2,
     2,
     1,
     1,
     {},
     InferArithmetic,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Equal",
     7,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Greater",
     7,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "GreaterOrEqual",
     12,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Less",
     7,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "LessOrEqual",
     12,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Max",
     6,
     1,
     kVariadic,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise(),
     nullptr,
     FoldElementwise},
    {"", "Mean", 6, 1, kVariadic, 1, 1, {}, InferArithmetic, Elementwise()},
    {"",
     "Min",
     6,
     1,
     kVariadic,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise(),
     nullptr,
     FoldElementwise},
    {"", "Mod", 10, 2, 2, 1, 1, kModAttributes, InferArithmetic, Elementwise(),
     nullptr, FoldElementwise},
    {"",
     "Mul",
     7,
     2,
     2,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Or",
     7,
     2,
     2,
     1,
     1,
     {},
     InferComparison,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "PRelu", 7, 2, 2, 1, 1, {}, InferSame, Elementwise()},
    {"", "Pow", 7, 2, 2, 1, 1, {}, InferArithmetic, QuantizableElementwise()},
    {"", "StringConcat", 20, 2, 2, 1, 1, {}, InferArithmetic, Elementwise()},
    {"",
     "Sub",
     7,
     2,
     2,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Sum",
     6,
     1,
     kVariadic,
     1,
     1,
     {},
     InferArithmetic,
     QuantizableElementwise()},
    {"", "SwiGLU", 28, 2, 2, 1, 1, kSwiGLUAttributes, InferArithmetic,
     Elementwise()},
    {"",
     "Where",
     9,
     3,
     3,
     1,
     1,
     {},
     InferWhere,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "Xor", 7, 2, 2, 1, 1, {}, InferComparison, Elementwise()},
    {"com.microsoft",
     "BiasGelu",
     1,
     2,
     2,
     1,
     1,
     {},
     InferArithmetic,
     Elementwise()},
};

}  // namespace

absl::Span<const OpInfo> BinaryOps() { return kOps; }

}  // namespace hone
