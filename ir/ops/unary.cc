// Elementwise operators of one input.
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"

namespace hone {
namespace {

absl::Status InferPredicate(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DType::kBool, CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferCast(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DTypeAttribute(in, "to", DType::kUndefined),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferCastLike(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, InputDType(in, 1), CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

absl::Status InferDropout(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, InputDType(in, 0), CopyOf(InputShape(in, 0)));
  SetOutput(out, 1, in.opset >= 10 ? DType::kBool : InputDType(in, 0),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

// An array of the input's shape, of dtype `dtype` where that is written.
absl::Status InferLike(const InferInput& in, InferOutput* out) {
  SetOutput(out, 0, DTypeAttribute(in, "dtype", InputDType(in, 0)),
            CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

constexpr AttributeInfo kBernoulliAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"seed", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kBitCastAttributes[] = {
    {"to", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kCast19Attributes[] = {
    {"saturate", Attribute::Kind::kInt},
    {"to", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kCast24Attributes[] = {
    {"round_mode", Attribute::Kind::kString},
    {"saturate", Attribute::Kind::kInt},
    {"to", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kCastLike19Attributes[] = {
    {"saturate", Attribute::Kind::kInt},
};
constexpr AttributeInfo kCastLike24Attributes[] = {
    {"round_mode", Attribute::Kind::kString},
    {"saturate", Attribute::Kind::kInt},
};
constexpr AttributeInfo kCeluAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kClip6Attributes[] = {
    {"max", Attribute::Kind::kFloat},
    {"min", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kDropout7Attributes[] = {
    {"ratio", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kDropout12Attributes[] = {
    {"seed", Attribute::Kind::kInt},
};
constexpr AttributeInfo kGeluAttributes[] = {
    {"approximate", Attribute::Kind::kString},
};
constexpr AttributeInfo kHardSigmoidAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"beta", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kIsInfAttributes[] = {
    {"detect_negative", Attribute::Kind::kInt},
    {"detect_positive", Attribute::Kind::kInt},
};
constexpr AttributeInfo kRandomNormalLikeAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"mean", Attribute::Kind::kFloat},
    {"scale", Attribute::Kind::kFloat},
    {"seed", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kRandomUniformLikeAttributes[] = {
    {"dtype", Attribute::Kind::kInt},
    {"high", Attribute::Kind::kFloat},
    {"low", Attribute::Kind::kFloat},
    {"seed", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kSeluAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"gamma", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kShrinkAttributes[] = {
    {"bias", Attribute::Kind::kFloat},
    {"lambd", Attribute::Kind::kFloat},
};

constexpr OpInfo kOps[] = {
    {"",
     "Abs",
     6,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "Acos", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Acosh", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Asin", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Asinh", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Atan", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Atanh", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Bernoulli", 15, 1, 1, 1, 1, kBernoulliAttributes, InferLike},
    {"", "BitCast", 26, 1, 1, 1, 1, kBitCastAttributes, InferCast},
    {"", "BitwiseNot", 18, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Cast", 6, 1, 1, 1, 1, kBitCastAttributes, InferCast, Elementwise(),
     nullptr, FoldElementwise},
    {"", "Cast", 19, 1, 1, 1, 1, kCast19Attributes, InferCast, Elementwise(),
     nullptr, FoldElementwise},
    {"", "Cast", 24, 1, 1, 1, 1, kCast24Attributes, InferCast, Elementwise(),
     nullptr, FoldElementwise},
    {"", "CastLike", 15, 2, 2, 1, 1, {}, InferCastLike, AgnosticElementwise()},
    {"", "CastLike", 19, 2, 2, 1, 1, kCastLike19Attributes, InferCastLike,
     AgnosticElementwise()},
    {"", "CastLike", 24, 2, 2, 1, 1, kCastLike24Attributes, InferCastLike,
     AgnosticElementwise()},
    {"",
     "Ceil",
     6,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "Celu", 12, 1, 1, 1, 1, kCeluAttributes, InferSame, Elementwise()},
    {"", "Clip", 6, 1, 1, 1, 1, kClip6Attributes, InferSame, Elementwise()},
    {"", "Clip", 11, 1, 3, 1, 1, {}, InferSame, Elementwise()},
    {"", "Cos", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Cosh", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Dropout", 7, 1, 1, 1, 2, kDropout7Attributes, InferDropout,
     AgnosticElementwise()},
    {"", "Dropout", 12, 1, 3, 1, 2, kDropout12Attributes, InferDropout,
     AgnosticElementwise()},
    {"", "Elu", 6, 1, 1, 1, 1, kCeluAttributes, InferSame, Elementwise()},
    {"", "Erf", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Exp", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"",
     "Floor",
     6,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "Gelu", 20, 1, 1, 1, 1, kGeluAttributes, InferSame, Elementwise()},
    {"", "HardSigmoid", 6, 1, 1, 1, 1, kHardSigmoidAttributes, InferSame,
     QuantizableElementwise()},
    {"", "HardSwish", 14, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"",
     "Identity",
     1,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     AgnosticElementwise(),
     nullptr,
     FoldElementwise},
    {"", "IsInf", 10, 1, 1, 1, 1, kIsInfAttributes, InferPredicate,
     Elementwise()},
    {"", "IsNaN", 9, 1, 1, 1, 1, {}, InferPredicate, Elementwise()},
    {"", "LeakyRelu", 6, 1, 1, 1, 1, kCeluAttributes, InferSame, Elementwise()},
    {"", "Log", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Mish", 18, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"",
     "Neg",
     6,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"",
     "Not",
     1,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "RandomNormalLike", 1, 1, 1, 1, 1, kRandomNormalLikeAttributes,
     InferLike},
    {"", "RandomUniformLike", 1, 1, 1, 1, 1, kRandomUniformLikeAttributes,
     InferLike},
    {"", "Reciprocal", 6, 1, 1, 1, 1, {}, InferSame, QuantizableElementwise()},
    {"", "Relu", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"",
     "Round",
     11,
     1,
     1,
     1,
     1,
     {},
     InferSame,
     Elementwise(),
     nullptr,
     FoldElementwise},
    {"", "Selu", 6, 1, 1, 1, 1, kSeluAttributes, InferSame, Elementwise()},
    {"", "Shrink", 9, 1, 1, 1, 1, kShrinkAttributes, InferSame, Elementwise()},
    {"", "Sigmoid", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Sign", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Sin", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Sinh", 9, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Softplus", 1, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Softsign", 1, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Sqrt", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Swish", 24, 1, 1, 1, 1, kCeluAttributes, InferSame, Elementwise()},
    {"", "Tan", 7, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "Tanh", 6, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"", "ThresholdedRelu", 10, 1, 1, 1, 1, kCeluAttributes, InferSame,
     Elementwise()},
    {"com.microsoft", "Gelu", 1, 1, 1, 1, 1, {}, InferSame, Elementwise()},
    {"com.microsoft", "QuickGelu", 1, 1, 1, 1, 1, kCeluAttributes, InferSame,
     Elementwise()},
    {"com.microsoft", "FastGelu", 1, 1, 2, 1, 1, {}, InferSame, Elementwise()},
};

}  // namespace

absl::Span<const OpInfo> UnaryOps() { return kOps; }

}  // namespace hone
