#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/microsoft/microsoft.h"

namespace hone {
namespace {

struct NBits {
  int64_t n = 0, k = 0, bits = 4, block = 32;
  int64_t blocks() const { return (k + block - 1) / block; }
};

// Weight (j, i) = (code - zero point) * scale of its block: codes [n, blocks,
// block * bits / 8], low bits first, scales [n * blocks], zero points packed by
// rows of blocks, or floats, or 2^(bits - 1).
absl::StatusOr<std::vector<float>> Dequantize(const NBits& s, const Node& node,
                                              const TensorView& codes,
                                              const TensorView& scales,
                                              const TensorView& zeros) {
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
  const auto floats = [&](const TensorView& view, std::vector<float>* to) {
    return VisitDType(Floats(), label, view.dtype, [&](auto type) {
      using T = typename decltype(type)::type;
      for (int64_t i = 0; i < view.size; ++i) {
        to->push_back(static_cast<float>(view.As<T>()[i]));
      }
      return absl::OkStatus();
    });
  };
  std::vector<float> scale, zero;
  HONE_RETURN_IF_ERROR(floats(scales, &scale));
  if (zeros.present() && !packed) HONE_RETURN_IF_ERROR(floats(zeros, &zero));
  const auto code = [&](const uint8_t* from, int64_t i) {
    return s.bits == 8 ? from[i] : (from[i / 2] >> (i % 2 * 4)) & 15;
  };
  std::vector<float> w(static_cast<size_t>(s.n * s.k));
  for (int64_t j = 0; j < s.n; ++j) {
    for (int64_t b = 0; b < s.blocks(); ++b) {
      const int64_t at = j * s.blocks() + b;
      float z = static_cast<float>(1 << (s.bits - 1));
      if (packed) {
        z = static_cast<float>(code(zeros.As<uint8_t>() + j * zero_bytes, b));
      } else if (!zero.empty()) {
        z = zero[static_cast<size_t>(at)];
      }
      const uint8_t* from = codes.As<uint8_t>() + at * bytes;
      const int64_t end = std::min(s.block, s.k - b * s.block);
      for (int64_t i = 0; i < end; ++i) {
        w[static_cast<size_t>(j * s.k + b * s.block + i)] =
            (static_cast<float>(code(from, i)) - z) *
            scale[static_cast<size_t>(at)];
      }
    }
  }
  return w;
}

class NBitsKernel : public Kernel {
 public:
  NBitsKernel(const Node& node, const NBits& shape, std::vector<float> weights)
      : node_(node),
        label_(NodeLabel(node)),
        shape_(shape),
        weights_(std::move(weights)) {}
  absl::string_view name() const override { return "matmul_nbits"; }
  size_t packed_bytes() const override {
    return weights_.size() * sizeof(float);
  }

  size_t ScratchBytes(absl::Span<const TensorView>,
                      absl::Span<const MutableTensorView>,
                      int threads) const override {
    return GemmScratchBytes(threads) + GemmColumnsBytes(shape_.k, shape_.n);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_RETURN_IF_ERROR(ExpectInputs(label_, context, 3));
    const TensorView& a = context.inputs[0];
    if (a.dims.empty() || a.dims.back() != shape_.k) {
      return NodeError(node_, "last extent of the input",
                       absl::StrCat(shape_.k), DimsToString(a.dims));
    }
    for (size_t i = 4; i < context.inputs.size() && i < 5; ++i) {
      if (context.inputs[i].present()) {
        return MakeError(absl::StatusCode::kUnimplemented, "g_idx",
                         {"", label_, "none", "one"});
      }
    }
    const auto input = [&](size_t i) {
      return i < context.inputs.size() ? context.inputs[i] : TensorView();
    };
    Dims dims = a.dims;
    dims.back() = shape_.n;
    HONE_RETURN_IF_ERROR(
        ExpectDims(label_, "output extents", dims, context.outputs[0].dims));
    std::vector<float> late;
    if (weights_.empty()) {
      HONE_ASSIGN_OR_RETURN(
          late, Dequantize(shape_, node_, input(1), input(2), input(3)));
    }
    const std::vector<float>& w = weights_.empty() ? late : weights_;
    const int64_t m = Product(dims, 0, dims.size() - 1);
    float* y = context.outputs[0].As<float>();
    Gemm(m, shape_.n, shape_.k, {a.As<float>(), shape_.k, 1}, 1,
         {w.data(), 1, shape_.k}, {}, y, shape_.n, context.scratch,
         context.scratch + GemmScratchBytes(context.pool->threads()),
         *context.pool);
    if (!input(5).present()) return absl::OkStatus();
    HONE_RETURN_IF_ERROR(ExpectDims(label_, "bias", {shape_.n}, input(5).dims));
    for (int64_t i = 0; i < m * shape_.n; ++i) {
      y[i] += input(5).As<float>()[i % shape_.n];
    }
    return absl::OkStatus();
  }

 private:
  const Node node_;
  const std::string label_;
  const NBits shape_;
  const std::vector<float> weights_;  // empty: not constant
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMulNBits(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  NBits shape;
  const int64_t most = int64_t{1} << 31;
  shape.k = read.IntIn("K", 0, 1, most);
  shape.n = read.IntIn("N", 0, 1, most);
  shape.bits = read.IntIn("bits", 4, 4, 8);
  shape.block = read.IntIn("block_size", 32, 16, most);
  const bool prepacked = read.Int("weight_prepacked", 0) != 0;
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  if (prepacked || (shape.bits != 4 && shape.bits != 8)) {
    return UnimplementedError(spec, "bits or packing");
  }
  std::vector<float> weights;
  const auto view = [&](size_t i) {
    TensorView result;
    if (i >= spec.constants.size() || spec.constants[i] == nullptr) {
      return result;
    }
    result.dtype = spec.constants[i]->dtype();
    result.dims = spec.constants[i]->dims();
    result.size = spec.constants[i]->size();
    result.data = spec.constants[i]->bytes().data();
    return result;
  };
  const bool zeros_known = spec.node->Input(3).empty() || view(3).present();
  if (view(1).present() && view(2).present() && zeros_known) {
    HONE_ASSIGN_OR_RETURN(
        weights, Dequantize(shape, *spec.node, view(1), view(2), view(3)));
  }
  return std::make_unique<NBitsKernel>(*spec.node, shape, std::move(weights));
}

}  // namespace hone
