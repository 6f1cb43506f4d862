#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/microsoft/block_product.h"
#include "kernels/exec/ops/microsoft/microsoft.h"

namespace hone {
namespace {

struct NBits {
  int64_t n = 0, k = 0, bits = 4, block = 32;
  int64_t blocks() const { return (k + block - 1) / block; }
};

absl::StatusOr<std::vector<float>> FloatsOf(const std::string& label,
                                            const TensorView& view) {
  std::vector<float> floats;
  HONE_RETURN_IF_ERROR(VisitDType(Floats(), label, view.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    for (int64_t i = 0; i < view.size; ++i) {
      floats.push_back(static_cast<float>(view.As<T>()[i]));
    }
    return absl::OkStatus();
  }));
  return floats;
}

// Weight (j, i) = (code - zero point) * scale of its group, i / block or
// g_idx[i]: codes [n, blocks, block * bits / 8], low bits first, scales [n *
// blocks], zero points packed by rows of blocks, or floats, or 2^(bits - 1).
absl::StatusOr<std::vector<float>> Dequantize(
    const NBits& s, const Node& node, absl::Span<const TensorView> inputs) {
  const auto input = [&](size_t i) {
    return i < inputs.size() ? inputs[i] : TensorView();
  };
  const TensorView codes = input(1), scales = input(2), zeros = input(3);
  const std::string label = NodeLabel(node);
  const int64_t bytes = s.block * s.bits / 8;
  const int64_t zero_bytes = (s.blocks() * s.bits + 7) / 8;
  if (codes.dtype != DType::kU8 || codes.size != s.n * s.blocks() * bytes ||
      scales.size != s.n * s.blocks()) {
    return NodeError(
        node, "weights and scales",
        absl::StrCat(s.n * s.blocks() * bytes, " and ", s.n * s.blocks()),
        absl::StrCat(codes.size, " and ", scales.size));
  }
  const bool packed = zeros.dtype == DType::kU8;
  if (zeros.present() &&
      zeros.size != (packed ? s.n * zero_bytes : s.n * s.blocks())) {
    return NodeError(node, "zero points", "one a block",
                     absl::StrCat(zeros.size));
  }
  std::vector<int64_t> groups;
  if (input(4).present()) {
    HONE_ASSIGN_OR_RETURN(groups, IndexElements(label, input(4)));
    groups.resize(std::min(groups.size(), static_cast<size_t>(s.k)));
    HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of g_idx", s.k,
                                     static_cast<int64_t>(groups.size())));
    HONE_RETURN_IF_ERROR(
        WrapIndices(label, s.blocks(), absl::MakeSpan(groups)));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<float> scale,
                        FloatsOf(label, scales));
  std::vector<float> zero;
  if (zeros.present() && !packed) {
    HONE_ASSIGN_OR_RETURN(zero, FloatsOf(label, zeros));
  }
  const auto code = [&](const uint8_t* from, int64_t i) {
    const int64_t bit = i * s.bits;
    return (from[bit / 8] >> (bit % 8)) & ((1 << s.bits) - 1);
  };
  std::vector<float> w(static_cast<size_t>(s.n * s.k));
  for (int64_t j = 0; j < s.n; ++j) {
    const uint8_t* row = codes.As<uint8_t>() + j * s.blocks() * bytes;
    for (int64_t i = 0; i < s.k; ++i) {
      const int64_t group =
          groups.empty() ? i / s.block : groups[static_cast<size_t>(i)];
      const auto at = static_cast<size_t>(j * s.blocks() + group);
      float z = static_cast<float>(1 << (s.bits - 1));
      if (packed) {
        z = static_cast<float>(
            code(zeros.As<uint8_t>() + j * zero_bytes, group));
      } else if (!zero.empty()) {
        z = zero[at];
      }
      w[static_cast<size_t>(j * s.k + i)] =
          (static_cast<float>(code(row, i)) - z) * scale[at];
    }
  }
  return w;
}

// Codes' values of bitsandbytes: NF4 (Dettmers et al. 2023, arXiv:2305.14314,
// appendix E) and FP4 (sign, then two bits of exponent and one of mantissa).
constexpr float kNormal4[] = {
    -1.0f,
    -0.6961928009986877f,
    -0.5250730514526367f,
    -0.39491748809814453f,
    -0.28444138169288635f,
    -0.18477343022823334f,
    -0.09105003625154495f,
    0.0f,
    0.07958029955625534f,
    0.16093020141124725f,
    0.24611230194568634f,
    0.33791524171829224f,
    0.44070982933044434f,
    0.5626170039176941f,
    0.7229568362236023f,
    1.0f,
};
constexpr float kFloat4[] = {
    0.0f,         0.005208333333f, 0.66666667f,  1.0f,  0.33333333f,
    0.5f,         0.16666667f,     0.25f,        -0.0f, -0.005208333333f,
    -0.66666667f, -1.0f,           -0.33333333f, -0.5f, -0.16666667f,
    -0.25f,
};

// Codes of [n, k] two a byte, the high bits first; a block's largest absolute
// value is its scale.
absl::StatusOr<std::vector<float>> DequantizeBnb4(
    const NBits& s, const float* table, const Node& node,
    absl::Span<const TensorView> inputs) {
  const int64_t count = s.n * s.k;
  const int64_t blocks = (count + s.block - 1) / s.block;
  const TensorView& codes = inputs[1];
  const TensorView& scales = inputs[2];
  if (codes.dtype != DType::kU8 || codes.size != (count + 1) / 2 ||
      scales.size != blocks) {
    return NodeError(node, "weights and absmax",
                     absl::StrCat((count + 1) / 2, " bytes and ", blocks),
                     absl::StrCat(codes.size, " and ", scales.size));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<float> scale,
                        FloatsOf(NodeLabel(node), scales));
  std::vector<float> w(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t byte = codes.As<uint8_t>()[i / 2];
    const int code = i % 2 == 0 ? byte >> 4 : byte & 15;
    w[static_cast<size_t>(i)] =
        table[code] * scale[static_cast<size_t>(i / s.block)];
  }
  return w;
}

// InvalidArgument: attributes out of range, or a product beyond 2^40.
absl::StatusOr<NBits> ReadShape(AttributeReader& read, const Node& node) {
  NBits shape;
  const int64_t most = int64_t{1} << 31;
  shape.k = read.IntIn("K", 0, 1, most);
  shape.n = read.IntIn("N", 0, 1, most);
  shape.block = read.IntIn("block_size", 32, 16, most);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (shape.k < 1 || shape.n < 1 || shape.k > (int64_t{1} << 40) / shape.n) {
    return NodeError(node, "K and N", "a product of at most 2^40");
  }
  return shape;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulNBits(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  HONE_ASSIGN_OR_RETURN(NBits shape, ReadShape(read, *spec.node));
  shape.bits = read.IntIn("bits", 4, 2, 8);
  const bool prepacked = read.Int("weight_prepacked", 0) != 0;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (prepacked || (shape.bits != 2 && shape.bits != 4 && shape.bits != 8)) {
    return UnimplementedError(spec, "bits or packing");
  }
  BlockProduct product;
  product.name = "matmul_nbits";
  product.k = shape.k;
  product.n = shape.n;
  product.last = 5;
  product.bias_input = 5;
  product.dequantize =
      [shape, node = *spec.node](absl::Span<const TensorView> inputs) {
        return Dequantize(shape, node, inputs);
      };
  return MakeBlockProduct(spec, std::move(product),
                          absl::StrCat("nbits.", shape.bits, ".", shape.block,
                                       ".", shape.k, ".", shape.n));
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulBnb4(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  HONE_ASSIGN_OR_RETURN(const NBits shape, ReadShape(read, *spec.node));
  const int64_t type = read.IntIn("quant_type", 1, 0, 1);
  const bool transposed = read.Bool("transB", true);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (!transposed) return UnimplementedError(spec, "transB = 0");
  BlockProduct product;
  product.name = "matmul_bnb4";
  product.k = shape.k;
  product.n = shape.n;
  product.dequantize = [shape, table = type == 1 ? kNormal4 : kFloat4,
                        node =
                            *spec.node](absl::Span<const TensorView> inputs) {
    return DequantizeBnb4(shape, table, node, inputs);
  };
  return MakeBlockProduct(spec, std::move(product),
                          absl::StrCat("bnb4.", type, ".", shape.block, ".",
                                       shape.k, ".", shape.n));
}

}  // namespace hone
