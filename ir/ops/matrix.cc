// Products of matrices.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/ops/attention.h"
#include "ir/ops/einsum.h"
#include "ir/ops/families.h"
#include "ir/ops/infer.h"
#include "ir/ops/op_info.h"
#include "ir/ops/traits.h"
#include "ir/views/attributes.h"
#include "ir/views/gemm_view.h"

namespace hone {
namespace {

// numpy.matmul: a vector on the left is a row, on the right a column, and its
// axis is left out of the result.
absl::Status InferProduct(const InferInput& in, size_t a_index, size_t b_index,
                          DType dtype, InferOutput* out) {
  const Shape* a = InputShape(in, a_index);
  const Shape* b = InputShape(in, b_index);
  HONE_RETURN_IF_ERROR(CheckRank(in, a_index, 1));
  HONE_RETURN_IF_ERROR(CheckRank(in, b_index, 1));
  if (a == nullptr || b == nullptr) {
    SetOutput(out, 0, dtype, std::nullopt);
    return absl::OkStatus();
  }
  Shape left = *a;
  Shape right = *b;
  if (a->size() == 1) left.insert(left.begin(), Dim::Of(1));
  if (b->size() == 1) right.push_back(Dim::Of(1));
  const Dim& k_left = left.back();
  const Dim& k_right = right[right.size() - 2];
  if (k_left.known() && k_right.known() && k_left.value != k_right.value) {
    return NodeError(*in.node, "inner extents differ", ShapeToString(*a),
                     ShapeToString(*b));
  }
  const Shape left_batch(left.begin(), left.end() - 2);
  const Shape right_batch(right.begin(), right.end() - 2);
  HONE_ASSIGN_OR_RETURN(std::optional<Shape> y,
                        BroadcastShapes(*in.node, &left_batch, &right_batch));
  if (a->size() > 1) y->push_back(left[left.size() - 2]);
  if (b->size() > 1) y->push_back(right.back());
  SetOutput(out, 0, dtype, std::move(y));
  return absl::OkStatus();
}

absl::Status InferMatMul(const InferInput& in, InferOutput* out) {
  const DType dtype = InputDType(in, 0);
  return InferProduct(
      in, 0, 1, dtype == DType::kUndefined ? InputDType(in, 1) : dtype, out);
}

absl::Status InferMatMulInteger(const InferInput& in, InferOutput* out) {
  return InferProduct(in, 0, 1, DType::kS32, out);
}

absl::Status InferQLinearMatMul(const InferInput& in, InferOutput* out) {
  return InferProduct(in, 0, 3, InputDType(in, 7), out);
}

absl::Status InferGemm(const InferInput& in, InferOutput* out) {
  HONE_ASSIGN_OR_RETURN(const GemmView view, GemmView::Of(*in.node, in.opset));
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2, 2));
  HONE_RETURN_IF_ERROR(CheckRank(in, 1, 2, 2));
  const Shape* a = InputShape(in, 0);
  const Shape* b = InputShape(in, 1);
  Shape y(2);
  if (a != nullptr) y[0] = (*a)[view.trans_a ? 1 : 0];
  if (b != nullptr) y[1] = (*b)[view.trans_b ? 0 : 1];
  if (a != nullptr && b != nullptr) {
    const Dim& k_a = (*a)[view.trans_a ? 0 : 1];
    const Dim& k_b = (*b)[view.trans_b ? 1 : 0];
    if (k_a.known() && k_b.known() && k_a.value != k_b.value) {
      return NodeError(*in.node, "inner extents differ", ShapeToString(*a),
                       ShapeToString(*b));
    }
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

absl::Status InferDet(const InferInput& in, InferOutput* out) {
  HONE_RETURN_IF_ERROR(CheckRank(in, 0, 2));
  std::optional<Shape> y = CopyOf(InputShape(in, 0));
  if (y.has_value()) y->resize(y->size() - 2);
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  return absl::OkStatus();
}

std::optional<int64_t> ProductMacs(const Shape* a, const Type& output) {
  const std::optional<int64_t> elements = CountOf(output);
  if (!elements.has_value() || a == nullptr || a->empty()) return std::nullopt;
  return CheckedProduct({*elements, a->back().value});
}

std::optional<int64_t> MatMulMacs(const InferInput& in,
                                  absl::Span<const Type> outputs) {
  return ProductMacs(InputShape(in, 0), outputs[0]);
}

std::optional<int64_t> GemmMacs(const InferInput& in,
                                absl::Span<const Type> outputs) {
  const Shape* a = InputShape(in, 0);
  const std::optional<int64_t> elements = CountOf(outputs[0]);
  if (a == nullptr || a->size() != 2 || !elements.has_value()) {
    return std::nullopt;
  }
  const bool trans_a = in.node->IntAttribute("transA", 0) != 0;
  return CheckedProduct({*elements, (*a)[trans_a ? 0 : 1].value});
}

// query [n, t, heads * size], value [n, t, kv heads * value size] -> [n, t,
// heads * value size], and the state [n, kv heads, size, value size].
absl::Status InferLinearAttention(const InferInput& in, InferOutput* out) {
  for (size_t i = 0; i < 3; ++i) {
    HONE_RETURN_IF_ERROR(CheckRank(in, i, 3, 3));
  }
  const int64_t heads = in.node->IntAttribute("q_num_heads", 0);
  const int64_t kv = in.node->IntAttribute("kv_num_heads", 0);
  if (heads < 1 || kv < 1 || heads > (int64_t{1} << 31)) {
    return NodeError(*in.node, "q_num_heads and kv_num_heads", "at least 1");
  }
  Shape y(3), state(4);
  state[1] = Dim::Of(kv);
  if (const Shape* q = InputShape(in, 0)) {
    y[0] = state[0] = (*q)[0];
    y[1] = (*q)[1];
    if ((*q)[2].known()) state[2] = Dim::Of((*q)[2].value / heads);
  }
  if (const Shape* v = InputShape(in, 2); v != nullptr && (*v)[2].known()) {
    state[3] = Dim::Of((*v)[2].value / kv);
    y[2] = MulDims(Dim::Of(heads), state[3]);
  }
  SetOutput(out, 0, InputDType(in, 0), std::move(y));
  SetOutput(out, 1, InputDType(in, HasInput(in, 3) ? 3 : 0), std::move(state));
  return absl::OkStatus();
}

constexpr AttributeInfo kAttention23Attributes[] = {
    {"is_causal", Attribute::Kind::kInt},
    {"kv_num_heads", Attribute::Kind::kInt},
    {"q_num_heads", Attribute::Kind::kInt},
    {"qk_matmul_output_mode", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"softcap", Attribute::Kind::kFloat},
    {"softmax_precision", Attribute::Kind::kInt},
};
constexpr AttributeInfo kAttention25Attributes[] = {
    {"is_causal", Attribute::Kind::kInt},
    {"kv_num_heads", Attribute::Kind::kInt},
    {"left_window_size", Attribute::Kind::kInt},
    {"q_num_heads", Attribute::Kind::kInt},
    {"qk_matmul_output_mode", Attribute::Kind::kInt},
    {"right_window_size", Attribute::Kind::kInt},
    {"scale", Attribute::Kind::kFloat},
    {"softcap", Attribute::Kind::kFloat},
    {"softmax_precision", Attribute::Kind::kInt},
};
constexpr AttributeInfo kEinsumAttributes[] = {
    {"equation", Attribute::Kind::kString, true},
};
constexpr AttributeInfo kGemm7Attributes[] = {
    {"alpha", Attribute::Kind::kFloat},
    {"beta", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};
constexpr AttributeInfo kLinearAttentionAttributes[] = {
    {"chunk_size", Attribute::Kind::kInt},
    {"kv_num_heads", Attribute::Kind::kInt, true},
    {"q_num_heads", Attribute::Kind::kInt, true},
    {"scale", Attribute::Kind::kFloat},
    {"update_rule", Attribute::Kind::kString},
};
constexpr AttributeInfo kRotaryEmbeddingAttributes[] = {
    {"interleaved", Attribute::Kind::kInt},
    {"num_heads", Attribute::Kind::kInt},
    {"rotary_embedding_dim", Attribute::Kind::kInt},
};
constexpr AttributeInfo kMicrosoftFusedGemmAttributes[] = {
    {"activation", Attribute::Kind::kString},
    {"activation_alpha", Attribute::Kind::kFloat},
    {"activation_beta", Attribute::Kind::kFloat},
    {"activation_gamma", Attribute::Kind::kFloat},
    {"alpha", Attribute::Kind::kFloat},
    {"beta", Attribute::Kind::kFloat},
    {"transA", Attribute::Kind::kInt},
    {"transB", Attribute::Kind::kInt},
};

constexpr OpInfo kOps[] = {
    {"",
     "Attention",
     23,
     3,
     6,
     1,
     4,
     kAttention23Attributes,
     InferAttention,
     {},
     AttentionMacs},
    {"",
     "Attention",
     24,
     3,
     7,
     1,
     4,
     kAttention23Attributes,
     InferAttention,
     {},
     AttentionMacs},
    {"",
     "Attention",
     25,
     3,
     7,
     1,
     4,
     kAttention25Attributes,
     InferAttention,
     {},
     AttentionMacs},
    {"", "Det", 11, 1, 1, 1, 1, {}, InferDet},
    {"",
     "Einsum",
     12,
     1,
     kVariadic,
     1,
     1,
     kEinsumAttributes,
     InferEinsum,
     {},
     EinsumMacs},
    {"", "Gemm", 7, 3, 3, 1, 1, kGemm7Attributes, InferGemm, Weighted(1, 2, -1),
     GemmMacs},
    {"", "Gemm", 11, 2, 3, 1, 1, kGemm7Attributes, InferGemm,
     Weighted(1, 2, -1), GemmMacs},
    {"", "LinearAttention", 27, 3, 6, 2, 2, kLinearAttentionAttributes,
     InferLinearAttention},
    {"",
     "MatMul",
     1,
     2,
     2,
     1,
     1,
     {},
     InferMatMul,
     Weighted(1, -1, -1),
     MatMulMacs},
    {"",
     "MatMulInteger",
     10,
     2,
     4,
     1,
     1,
     {},
     InferMatMulInteger,
     {},
     MatMulMacs},
    {"",
     "QLinearMatMul",
     10,
     8,
     8,
     1,
     1,
     {},
     InferQLinearMatMul,
     {},
     MatMulMacs},
    {"", "RotaryEmbedding", 23, 3, 4, 1, 1, kRotaryEmbeddingAttributes,
     InferSame},
    {"com.microsoft", "FusedGemm", 1, 2, 3, 1, 1, kMicrosoftFusedGemmAttributes,
     InferGemm, Weighted(1, 2, -1), GemmMacs},
};

}  // namespace

absl::Span<const OpInfo> MatrixOps() { return kOps; }

}  // namespace hone
