// Operators of ONNX Runtime's domain com.microsoft that have no family of their
// own. Arity and attributes are those that ONNX Runtime documents
// (docs/ContribOperators.md).
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"

namespace hone {
namespace {

// y and the sum as x; the means and inverse deviations float32 [..., 1].
absl::Status InferSkipNormalization(const InferInput& in, InferOutput* out) {
  std::optional<Shape> rows = CopyOf(InputShape(in, 0));
  if (rows.has_value() && !rows->empty()) rows->back() = Dim::Of(1);
  SetOutput(out, 0, InputDType(in, 0), CopyOf(InputShape(in, 0)));
  SetOutput(out, 1, DType::kF32, rows);
  SetOutput(out, 2, DType::kF32, std::move(rows));
  SetOutput(out, 3, InputDType(in, 0), CopyOf(InputShape(in, 0)));
  return absl::OkStatus();
}

// q [n, length, ...], v [n, keys, heads * value size] -> [n, length, heads *
// value size].
absl::Status InferMultiHeadAttention(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const Shape* v = InputShape(in, 2);
  if (v == nullptr || v->size() != 3 || (y.has_value() && y->size() != 3)) {
    y.reset();
  }
  if (y.has_value()) y->back() = v->back();
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// a [..., K] -> [..., N].
absl::Status InferMatMulNBits(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const int64_t n = in.node->IntAttribute("N", 0);
  if (y.has_value() && !y->empty()) {
    y->back() = n > 0 ? Dim::Of(n) : Dim::Unknown();
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

// a [..., m, k], b [k, n] -> [..., m, n], float as a's scale.
absl::Status InferMatMulIntegerToFloat(const InferInput& in, InferOutput* out) {
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  const Shape* b = InputShape(in, 1);
  if (b == nullptr || b->size() != 2 || (y.has_value() && y->empty())) {
    y.reset();
  }
  if (y.has_value()) y->back() = (*b)[1];
  SetOutput(out, 0, InputDType(in, 2), std::move(y));
  return absl::OkStatus();
}

constexpr AttributeInfo kMicrosoftFusedMatMulAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
    {"transBatchA", Attribute::Kind::kInt},
    {"transBatchB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftSkipLayerNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kMicrosoftEmbedLayerNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"mask_index_type", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftAttentionAttributes[] = {
    {"do_rotary", Attribute::Kind::kInt},
    {"mask_filter_value", Attribute::Kind::kFloat},
    {"num_heads", Attribute::Kind::kInt, true},
    {"past_present_share_buffer", Attribute::Kind::kInt},
    {"qkv_hidden_sizes", Attribute::Kind::kInts},
    {"rotary_embedding_dim", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"unidirectional", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftMultiHeadAttentionAttributes[] = {
    {"mask_filter_value", Attribute::Kind::kFloat},
    {"num_heads", Attribute::Kind::kInt, true},
    {"scale", Attribute::Kind::kFloat},
    {"unidirectional", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftGroupQueryAttentionAttributes[] = {
    {"do_rotary", Attribute::Kind::kInt},
    {"k_quant_type", Attribute::Kind::kString},
    {"kv_cache_bit_width", Attribute::Kind::kInt},
    {"kv_num_heads", Attribute::Kind::kInt, true},
    {"local_window_size", Attribute::Kind::kInt},
    {"num_heads", Attribute::Kind::kInt, true},
    {"qk_output", Attribute::Kind::kInt},
    {"rotary_interleaved", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"smooth_softmax", Attribute::Kind::kInt},
    {"softcap", Attribute::Kind::kFloat},
    {"v_quant_type", Attribute::Kind::kString},
};
constexpr AttributeInfo kMicrosoftRotaryEmbeddingAttributes[] = {
    {"interleaved", Attribute::Kind::kInt},
    {"is_packed_batching", Attribute::Kind::kInt},
    {"num_heads", Attribute::Kind::kInt},
    {"rotary_embedding_dim", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kMicrosoftMatMulNBitsAttributes[] = {
    {"K", Attribute::Kind::kInt, true},
    {"N", Attribute::Kind::kInt, true},
    {"accuracy_level", Attribute::Kind::kInt},
    {"bits", Attribute::Kind::kInt},
    {"block_size", Attribute::Kind::kInt, true},
    {"weight_prepacked", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftQGemmAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftQLinearLeakyReluAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kMicrosoftQLinearSoftmaxAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"opset", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kMicrosoftQLinearAveragePoolAttributes[] = {
    {"auto_pad", Attribute::Kind::kString},
    {"ceil_mode", Attribute::Kind::kInt},
    {"channels_last", Attribute::Kind::kInt},
    {"count_include_pad", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts, true},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kMicrosoftQLinearGlobalAveragePoolAttributes[] = {
    {"channels_last", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftQLinearConcatAttributes[] = {
    {"axis", Attribute::Kind::kInt, true},
};

constexpr OpInfo kOps[] = {
    {"com.microsoft", "FusedMatMul", 1, 2, 2, 1, 1,
     kMicrosoftFusedMatMulAttributes},
    {"com.microsoft", "SkipLayerNormalization", 1, 3, 5, 1, 4,
     kMicrosoftSkipLayerNormalizationAttributes, InferSkipNormalization},
    {"com.microsoft", "SkipSimplifiedLayerNormalization", 1, 3, 4, 1, 4,
     kMicrosoftSkipLayerNormalizationAttributes, InferSkipNormalization},
    {"com.microsoft", "EmbedLayerNormalization", 1, 7, 9, 2, 3,
     kMicrosoftEmbedLayerNormalizationAttributes},
    {"com.microsoft", "Attention", 1, 2, 7, 1, 2,
     kMicrosoftAttentionAttributes},
    {"com.microsoft", "MultiHeadAttention", 1, 1, 10, 1, 4,
     kMicrosoftMultiHeadAttentionAttributes, InferMultiHeadAttention},
    {"com.microsoft", "GroupQueryAttention", 1, 7, 16, 1, 4,
     kMicrosoftGroupQueryAttentionAttributes},
    {"com.microsoft", "RotaryEmbedding", 1, 4, 4, 1, 1,
     kMicrosoftRotaryEmbeddingAttributes, InferSame},
    {"com.microsoft", "MatMulNBits", 1, 3, 6, 1, 1,
     kMicrosoftMatMulNBitsAttributes, InferMatMulNBits},
    {"com.microsoft", "DynamicQuantizeMatMul", 1, 3, 5, 1, 1, {}},
    {"com.microsoft",
     "MatMulIntegerToFloat",
     1,
     4,
     7,
     1,
     1,
     {},
     InferMatMulIntegerToFloat},
    {"com.microsoft", "QGemm", 1, 6, 9, 1, 1, kMicrosoftQGemmAttributes},
    {"com.microsoft", "QLinearAdd", 1, 7, 8, 1, 1, {}},
    {"com.microsoft", "QLinearMul", 1, 7, 8, 1, 1, {}},
    {"com.microsoft", "QLinearSigmoid", 1, 4, 5, 1, 1, {}, InferSame},
    {"com.microsoft", "QLinearLeakyRelu", 1, 4, 5, 1, 1,
     kMicrosoftQLinearLeakyReluAttributes, InferSame},
    {"com.microsoft", "QLinearSoftmax", 1, 5, 5, 1, 1,
     kMicrosoftQLinearSoftmaxAttributes, InferSame},
    {"com.microsoft", "QLinearAveragePool", 1, 4, 5, 1, 1,
     kMicrosoftQLinearAveragePoolAttributes},
    {"com.microsoft", "QLinearGlobalAveragePool", 1, 5, 5, 1, 1,
     kMicrosoftQLinearGlobalAveragePoolAttributes},
    {"com.microsoft", "QLinearConcat", 1, 3, kVariadic, 1, 1,
     kMicrosoftQLinearConcatAttributes},
    {"com.microsoft", "QLinearWhere", 1, 9, 9, 1, 1, {}},
};

}  // namespace

absl::Span<const OpInfo> MicrosoftOps() { return kOps; }

}  // namespace hone
