// Operators of ONNX Runtime's domain com.microsoft on floats that have no
// family of their own. Arity and attributes are those of ONNX Runtime 1.31
// (docs/ContribOperators.md).
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"

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

// Extent `axis` of an input of rank `rank`, else unknown.
Dim ExtentOf(const InferInput& in, size_t index, int64_t rank, size_t axis) {
  return InputRank(in, index) == rank ? (*InputShape(in, index))[axis] : Dim();
}

Dim DividedBy(const Dim& a, int64_t b) {
  return a.known() && b > 0 && a.value % b == 0 ? Dim::Of(a.value / b) : Dim();
}

int64_t HeadsAttribute(const InferInput& in, const char* name) {
  return std::clamp<int64_t>(in.node->IntAttribute(name, 0), 0,
                             int64_t{1} << 31);
}

// q [n, length, heads * size]; k and v alike, [n, heads, keys, size], or packed
// in q or k -> [n, length, heads * value size], caches [n, heads, past + keys,
// size], scores [n, heads, length, past + keys].
absl::Status InferMultiHeadAttention(const InferInput& in, InferOutput* out) {
  const int64_t heads = HeadsAttribute(in, "num_heads");
  const int64_t q_rank = InputRank(in, 0), k_rank = InputRank(in, 1);
  const DType dtype = InputDType(in, 0);
  Dim batch, length, keys, size, value_size;
  if (q_rank == 5) {
    batch = ExtentOf(in, 0, 5, 0);
    length = keys = ExtentOf(in, 0, 5, 1);
    size = value_size = ExtentOf(in, 0, 5, 4);
  } else {
    batch = ExtentOf(in, 0, 3, 0);
    length = ExtentOf(in, 0, 3, 1);
    size = DividedBy(ExtentOf(in, 0, 3, 2), heads);
    keys = k_rank == 4 ? ExtentOf(in, 1, 4, 2)
                       : ExtentOf(in, 1, k_rank == 5 ? 5 : 3, 1);
    value_size = k_rank == 5 ? size
                 : InputRank(in, 2) == 4
                     ? ExtentOf(in, 2, 4, 3)
                     : DividedBy(ExtentOf(in, 2, 3, 2), heads);
  }
  if (HasInput(in, 6)) keys = AddDims(keys, ExtentOf(in, 6, 4, 2));
  const Dim count = heads > 0 ? Dim::Of(heads) : Dim();
  SetOutput(out, 0, dtype, Shape{batch, length, MulDims(count, value_size)});
  SetOutput(out, 1, dtype, Shape{batch, count, keys, size});
  SetOutput(out, 2, dtype, Shape{batch, count, keys, value_size});
  SetOutput(out, 3, dtype, Shape{batch, count, length, keys});
  return absl::OkStatus();
}

// q [n, length, heads * size], or all of q, k and v -> [n, length, heads *
// size], caches [n, kv heads, rows, size] that have room for
// total_sequence_length rows, or as many as before when they slide. Quantized
// ones have the past's type and, of 4 bits, half its size.
absl::Status InferGroupQueryAttention(const InferInput& in, InferOutput* out) {
  const int64_t heads = HeadsAttribute(in, "num_heads");
  const int64_t kv = HeadsAttribute(in, "kv_num_heads");
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3, 3));
  const int64_t all = HasInput(in, 1) ? heads : heads + 2 * kv;
  const Dim size = DividedBy(ExtentOf(in, 0, 3, 2), all);
  Dim rows;
  const PartialTensor* total = InputPartial(in, 6);
  const bool past = HasInput(in, 3);
  const Dim before = past ? ExtentOf(in, 3, 4, 2) : Dim::Of(0);
  if (in.node->IntAttribute("sliding_window_cache", 0) != 0) {
    rows = before;
  } else if (total != nullptr && total->elements.size() == 1 &&
             total->elements[0].known && before.known()) {
    rows = Dim::Of(std::max(before.value, total->elements[0].value));
  }
  const Dim batch = ExtentOf(in, 0, 3, 0), length = ExtentOf(in, 0, 3, 1);
  const Dim heads_dim = heads > 0 ? Dim::Of(heads) : Dim();
  const Shape cache = {batch, kv > 0 ? Dim::Of(kv) : Dim(), rows,
                       past ? ExtentOf(in, 3, 4, 3) : size};
  const DType dtype = InputDType(in, past ? 3 : 0);
  SetOutput(out, 0, InputDType(in, 0),
            Shape{batch, length, MulDims(heads_dim, size)});
  SetOutput(out, 1, dtype, cache);
  SetOutput(out, 2, dtype, cache);
  const bool known = total != nullptr && total->elements.size() == 1 &&
                     total->elements[0].known;
  SetOutput(out, 3, InputDType(in, 0),
            Shape{batch, heads_dim, length,
                  known ? Dim::Of(total->elements[0].value) : Dim()});
  return absl::OkStatus();
}

// ids [n, length], tables [rows, size] -> [n, length, size], counts [n].
absl::Status InferEmbedding(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2, 2));
  const Dim batch = ExtentOf(in, 0, 2, 0), length = ExtentOf(in, 0, 2, 1);
  const Shape y = {batch, length, ExtentOf(in, 2, 2, 1)};
  const DType dtype = in.node->op_type == "EmbedLayerNormalization"
                          ? InputDType(in, 2)
                          : InputDType(in, 8);
  SetOutput(out, 0, dtype, y);
  SetOutput(out, 1, DType::kS32, Shape{batch});
  SetOutput(out, 2, dtype, y);
  return absl::OkStatus();
}

// The last axis of an output of Attention and QAttention.
Dim ValueWidth(const InferInput& in) {
  const auto sizes = in.node->IntsAttribute("qkv_hidden_sizes");
  if (sizes.size() == 3) return sizes[2] >= 0 ? Dim::Of(sizes[2]) : Dim();
  return DividedBy(ExtentOf(in, 1, 2, 1), 3);
}

// x [n, length, hidden], weights [hidden, q + k + v] -> [n, length, v], cache
// [2, n, heads, past + length, size].
absl::Status InferMicrosoftAttention(const InferInput& in, InferOutput* out) {
  const bool integers = in.node->op_type == "QAttention";
  const size_t past = integers ? 8 : 4;
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 3, 3));
  HONE_RETURN_IF_ERROR(CheckRank(in, 1, 2, 2));
  const DType dtype = InputDType(in, integers ? 3 : 0);
  const Dim batch = ExtentOf(in, 0, 3, 0), length = ExtentOf(in, 0, 3, 1);
  const int64_t heads = HeadsAttribute(in, "num_heads");
  const Dim width = ValueWidth(in);
  const Dim rows =
      HasInput(in, past) ? AddDims(length, ExtentOf(in, past, 5, 3)) : length;
  SetOutput(out, 0, dtype, Shape{batch, length, width});
  SetOutput(out, 1, dtype,
            Shape{Dim::Of(2), batch, heads > 0 ? Dim::Of(heads) : Dim(), rows,
                  DividedBy(width, heads)});
  return absl::OkStatus();
}

// The projections; the scores and the sums over values.
std::optional<int64_t> MicrosoftAttentionMacs(const InferInput& in,
                                              absl::Span<const Type> outputs) {
  const std::optional<int64_t> y = CountOf(outputs[0]);
  const Dim length = ExtentOf(in, 0, 3, 1), hidden = ExtentOf(in, 0, 3, 2);
  const Dim batch = ExtentOf(in, 0, 3, 0), qkv = ExtentOf(in, 1, 2, 1);
  if (!y.has_value()) return std::nullopt;
  const auto products =
      CheckedProduct({batch.value, length.value, hidden.value, qkv.value});
  const auto scores = CheckedProduct({2, *y, length.value});
  int64_t sum = 0;
  if (!products.has_value() || !scores.has_value() ||
      __builtin_add_overflow(*products, *scores, &sum)) {
    return std::nullopt;
  }
  return sum;
}

// The extents of an input as the product sees them: first the first axis goes
// before the last (transBatch), then the last two change places (trans).
std::optional<Shape> Arranged(const InferInput& in, size_t index,
                              const char* trans, const char* trans_batch) {
  std::optional<Shape> shape = CopyOf(InputShape(in, index));
  if (!shape.has_value() || shape->size() < 2) return shape;
  if (in.node->IntAttribute(trans_batch, 0) != 0) {
    std::rotate(shape->begin(), shape->begin() + 1, shape->end() - 1);
  }
  if (in.node->IntAttribute(trans, 0) != 0) {
    std::swap((*shape)[shape->size() - 1], (*shape)[shape->size() - 2]);
  }
  return shape;
}

absl::Status InferFusedMatMul(const InferInput& in, InferOutput* out) {
  const std::optional<Shape> a = Arranged(in, 0, "transA", "transBatchA");
  const std::optional<Shape> b = Arranged(in, 1, "transB", "transBatchB");
  std::optional<Shape> y;
  if (a.has_value() && b.has_value() && a->size() >= 2 && b->size() >= 2) {
    const Dim& left = a->back();
    const Dim& right = (*b)[b->size() - 2];
    if (left.known() && right.known() && left.value != right.value) {
      return NodeError(*in.node, "inner extents differ", ShapeToString(*a),
                       ShapeToString(*b));
    }
    const Shape a_batch(a->begin(), a->end() - 2);
    const Shape b_batch(b->begin(), b->end() - 2);
    HONE_ASSIGN_OR_RETURN(y, BroadcastShapes(*in.node, &a_batch, &b_batch));
    y->push_back((*a)[a->size() - 2]);
    y->push_back(b->back());
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

std::optional<int64_t> FusedMatMulMacs(const InferInput& in,
                                       absl::Span<const Type> outputs) {
  const std::optional<Shape> a = Arranged(in, 0, "transA", "transBatchA");
  const std::optional<int64_t> elements = CountOf(outputs[0]);
  if (!elements.has_value() || !a.has_value() || a->empty()) {
    return std::nullopt;
  }
  return CheckedProduct({*elements, a->back().value});
}

constexpr AttributeInfo kAttentionAttributes[] = {
    {"do_rotary", Attribute::Kind::kInt},
    {"mask_filter_value", Attribute::Kind::kFloat},
    {"num_heads", Attribute::Kind::kInt, true},
    {"past_present_share_buffer", Attribute::Kind::kInt},
    {"qkv_hidden_sizes", Attribute::Kind::kInts},
    {"rotary_embedding_dim", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"unidirectional", Attribute::Kind::kInt},
};
constexpr AttributeInfo kBiasSoftmaxAttributes[] = {
    {"axis", Attribute::Kind::kInt},
    {"is_inner_broadcast", Attribute::Kind::kInt, true},
};
constexpr AttributeInfo kEmbedLayerNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
    {"mask_index_type", Attribute::Kind::kInt},
};
constexpr AttributeInfo kFusedMatMulAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
    {"transBatchA", Attribute::Kind::kInt},
    {"transBatchB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kGroupQueryAttentionAttributes[] = {
    {"causal", Attribute::Kind::kInt},
    {"do_rotary", Attribute::Kind::kInt},
    {"k_quant_type", Attribute::Kind::kString},
    {"kv_cache_bit_width", Attribute::Kind::kInt},
    {"kv_num_heads", Attribute::Kind::kInt, true},
    {"local_window_size", Attribute::Kind::kInt},
    {"num_heads", Attribute::Kind::kInt, true},
    {"qk_norm_epsilon", Attribute::Kind::kFloat},
    {"qk_output", Attribute::Kind::kInt},
    {"rotary_interleaved", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"sliding_window_cache", Attribute::Kind::kInt},
    {"smooth_softmax", Attribute::Kind::kInt},
    {"softcap", Attribute::Kind::kFloat},
    {"v_quant_type", Attribute::Kind::kString},
};
constexpr AttributeInfo kMultiHeadAttentionAttributes[] = {
    {"mask_filter_value", Attribute::Kind::kFloat},
    {"num_heads", Attribute::Kind::kInt, true},
    {"scale", Attribute::Kind::kFloat},
    {"unidirectional", Attribute::Kind::kInt},
};
constexpr AttributeInfo kNhwcFusedConvAttributes[] = {
    {"activation", Attribute::Kind::kString},
    {"activation_params", Attribute::Kind::kFloats},
    {"auto_pad", Attribute::Kind::kString},
    {"dilations", Attribute::Kind::kInts},
    {"group", Attribute::Kind::kInt},
    {"kernel_shape", Attribute::Kind::kInts},
    {"pads", Attribute::Kind::kInts},
    {"strides", Attribute::Kind::kInts},
};
constexpr AttributeInfo kRotaryEmbeddingAttributes[] = {
    {"interleaved", Attribute::Kind::kInt},
    {"is_packed_batching", Attribute::Kind::kInt},
    {"num_heads", Attribute::Kind::kInt},
    {"rotary_embedding_dim", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kSkipLayerNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
};
constexpr AttributeInfo kTransposeMatMulAttributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kTriluAttributes[] = {
    {"upper", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQAttentionAttributes[] = {
    {"do_rotary", Attribute::Kind::kInt},
    {"mask_filter_value", Attribute::Kind::kFloat},
    {"num_heads", Attribute::Kind::kInt, true},
    {"past_present_share_buffer", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"unidirectional", Attribute::Kind::kInt},
};
constexpr AttributeInfo kQEmbedLayerNormalizationAttributes[] = {
    {"epsilon", Attribute::Kind::kFloat},
};

constexpr OpInfo kOps[] = {
    {"com.microsoft",
     "Attention",
     1,
     2,
     7,
     1,
     2,
     kAttentionAttributes,
     InferMicrosoftAttention,
     {},
     MicrosoftAttentionMacs},
    {"com.microsoft", "BiasSoftmax", 1, 2, 2, 1, 1, kBiasSoftmaxAttributes,
     InferSame},
    {"com.microsoft", "EmbedLayerNormalization", 1, 7, 9, 1, 3,
     kEmbedLayerNormalizationAttributes, InferEmbedding},
    {"com.microsoft", "FusedMatMul", 1, 2, 2, 1, 1, kFusedMatMulAttributes,
     InferFusedMatMul, Weighted(1, -1, -1), FusedMatMulMacs},
    {"com.microsoft", "GroupQueryAttention", 1, 7, 16, 1, 4,
     kGroupQueryAttentionAttributes, InferGroupQueryAttention},
    {"com.microsoft", "MultiHeadAttention", 1, 1, 10, 1, 4,
     kMultiHeadAttentionAttributes, InferMultiHeadAttention},
    {"com.microsoft", "NhwcFusedConv", 1, 2, 4, 1, 1, kNhwcFusedConvAttributes},
    {"com.microsoft", "QAttention", 1, 5, 9, 1, 2, kQAttentionAttributes,
     InferMicrosoftAttention},
    {"com.microsoft", "QEmbedLayerNormalization", 1, 18, 18, 2, 2,
     kQEmbedLayerNormalizationAttributes, InferEmbedding},
    {"com.microsoft", "RotaryEmbedding", 1, 4, 4, 1, 1,
     kRotaryEmbeddingAttributes, InferSame},
    {"com.microsoft", "SkipLayerNormalization", 1, 3, 5, 1, 4,
     kSkipLayerNormalizationAttributes, InferSkipNormalization},
    {"com.microsoft", "SkipSimplifiedLayerNormalization", 1, 3, 4, 1, 4,
     kSkipLayerNormalizationAttributes, InferSkipNormalization},
    {"com.microsoft", "TransposeMatMul", 1, 2, 2, 1, 1,
     kTransposeMatMulAttributes, InferFusedMatMul, Weighted(1, -1, -1),
     FusedMatMulMacs},
    {"com.microsoft", "Trilu", 1, 1, 2, 1, 1, kTriluAttributes, InferSame},
};

}  // namespace

absl::Span<const OpInfo> MicrosoftOps() { return kOps; }

}  // namespace hone
