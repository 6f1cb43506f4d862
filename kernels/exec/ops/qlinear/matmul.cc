#include "kernels/cpu/int8/matmul/matmul.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/exec/buffer.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/scratch.h"
#include "kernels/exec/ops/qlinear/matmul_call.h"
#include "kernels/exec/ops/qlinear/packed_matrices.h"
#include "kernels/exec/ops/qlinear/qlinear.h"
#include "kernels/threads/cancel_scope.h"

namespace hone {
namespace {

using Bytes = ElementTypes<int8_t, uint8_t>;

// On int8 products (kernels/cpu/int8/matmul); B is packed beforehand where it
// is constant.
class IntegerMatMul : public Kernel {
 public:
  IntegerMatMul(const Node& node, std::shared_ptr<const PackedMatrices> packed)
      : node_(node),
        label_(NodeLabel(node)),
        places_(MatMulPlaces::Of(node)),
        packed_(std::move(packed)) {}

  absl::string_view name() const override {
    return packed_ == nullptr ? "int8.matmul" : "int8.matmul.packed";
  }
  bool reads_input(size_t index) const override {
    return index != places_.b || packed_ == nullptr;
  }
  size_t packed_bytes() const override {
    return packed_ == nullptr ? 0 : packed_->bytes();
  }

  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    if (inputs.size() <= std::max(places_.a, places_.b)) return 0;
    const absl::StatusOr<MatMulGeometry> g = MatMulGeometry::Of(
        node_, inputs[places_.a].dims, inputs[places_.b].dims);
    if (!g.ok()) return 0;
    return ColumnBytes(*g) * 2 +
           WorkerBytes(*g, threads) * static_cast<size_t>(Workers(*g, threads));
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(
        const IntegerMatMulCall call,
        IntegerMatMulCall::Of(node_, label_, places_, context));
    for (const size_t input : {places_.a, places_.b}) {
      const DType dtype = context.inputs[input].dtype;
      if (!Contains(Bytes(), dtype)) return UnimplementedDType(label_, dtype);
    }
    const MutableTensorView& y = context.outputs[0];
    if (y.size == 0) return absl::OkStatus();
    Int8Epilogue epilogue;
    float* const columns = reinterpret_cast<float*>(context.scratch);
    if (Fuse(call, y, columns, &epilogue)) {
      Multiply(call, context, epilogue, y.data);
      return absl::OkStatus();
    }
    HONE_ASSIGN_OR_RETURN(
        const std::shared_ptr<std::byte> sums,
        NewBuffer(static_cast<size_t>(y.size) * sizeof(int32_t)));
    epilogue = Int8Epilogue();
    epilogue.to_sums = true;
    Multiply(call, context, epilogue, sums.get());
    return call.Finish(label_, places_,
                       reinterpret_cast<const int32_t*>(sums.get()), y);
  }

 private:
  static size_t ColumnBytes(const MatMulGeometry& g) {
    return static_cast<size_t>(PaddedInt8Columns(g.n)) * sizeof(float);
  }
  // Several products share the threads among them, one has them all.
  static int Workers(const MatMulGeometry& g, int threads) {
    return static_cast<int>(std::min<int64_t>(g.batch(), threads));
  }
  size_t StorageBytes(const MatMulGeometry& g) const {
    return packed_ != nullptr ? 0
                              : LineBytes(PackedInt8::StorageBytes(
                                    g.k, g.n, CurrentInt8Layout()));
  }
  // Zero points of rows, then the packed B, then the memory of the product.
  size_t WorkerBytes(const MatMulGeometry& g, int threads) const {
    return LineBytes(static_cast<size_t>(g.m) * sizeof(int32_t)) +
           StorageBytes(g) +
           LineBytes(Int8MatMulScratchBytes(g.m, g.k, g.n, threads));
  }

  // Whether the product can write the output itself, `columns` then holding
  // twice ColumnBytes of multipliers and bias.
  bool Fuse(const IntegerMatMulCall& call, const MutableTensorView& y,
            float* columns, Int8Epilogue* epilogue) const {
    if (y.dtype == DType::kS32) {
      epilogue->to_sums = true;
      return true;
    }
    const bool quantized = places_.y_scale != MatMulPlaces::kNone;
    if (call.a_scale.size() != 1 || call.b_scale.size() > PerMatrix(call) ||
        !(quantized ? Contains(Bytes(), y.dtype) : y.dtype == DType::kF32)) {
      return false;
    }
    const int64_t padded = PaddedInt8Columns(call.g.n);
    float* const bias = columns + padded;
    for (int64_t c = 0; c < padded; ++c) {
      const bool inside = c < call.g.n;
      columns[c] = inside ? call.Multiplier(0, 0, c) : 0;
      bias[c] = inside && !call.bias.empty()
                    ? call.bias[call.bias.size() == 1 ? 0 : c]
                    : 0;
      if (!std::isfinite(columns[c])) return false;
    }
    epilogue->multiplier = columns;
    if (!quantized) {
      epilogue->to_float = true;
      epilogue->float_bias = bias;
      return true;
    }
    epilogue->zero_point = call.y_zero.empty() ? 0 : call.y_zero[0];
    epilogue->low = y.dtype == DType::kS8 ? -128 : 0;
    epilogue->high = y.dtype == DType::kS8 ? 127 : 255;
    return true;
  }
  static size_t PerMatrix(const IntegerMatMulCall& call) {
    return static_cast<size_t>(std::max<int64_t>(1, call.g.n));
  }

  void Multiply(const IntegerMatMulCall& call, const KernelContext& context,
                const Int8Epilogue& epilogue, void* y) const {
    const MatMulGeometry& g = call.g;
    const int threads = context.pool->threads();
    const size_t worker_bytes = WorkerBytes(g, threads);
    std::byte* const workers = context.scratch + 2 * ColumnBytes(g);
    if (g.batch() == 1) {
      MultiplyOne(call, context, epilogue, 0, y, workers);
      return;
    }
    if (g.batch() < threads) {
      for (int64_t i = 0; i < g.batch(); ++i) {
        MultiplyOne(call, context, epilogue, i, y, workers);
      }
      return;
    }
    const CancelToken cancel = CancelToken::Current();
    context.pool->ParallelFor(g.batch(), [&](int64_t i, int worker) {
      if (cancel.requested()) return;
      const CancelScope scope(cancel);
      MultiplyOne(call, context, epilogue, i, y,
                  workers + static_cast<size_t>(worker) * worker_bytes);
    });
  }

  void MultiplyOne(const IntegerMatMulCall& call, const KernelContext& context,
                   const Int8Epilogue& epilogue, int64_t product, void* y,
                   std::byte* scratch) const {
    const MatMulGeometry& g = call.g;
    const auto at = static_cast<size_t>(product);
    const TensorView& a = context.inputs[places_.a];
    const TensorView& b = context.inputs[places_.b];
    int32_t* const row_zeros = reinterpret_cast<int32_t*>(scratch);
    scratch += LineBytes(static_cast<size_t>(g.m) * sizeof(int32_t));
    Int8MatMulProblem p;
    p.rows = g.m;
    p.depth = g.k;
    p.columns = g.n;
    p.a = a.As<uint8_t>() + g.a[at];
    p.a_signed = a.dtype == DType::kS8;
    p.a_zero = {call.a_zero.data(), static_cast<int64_t>(call.a_zero.size())};
    if (call.a_zero.size() > 1) {
      const ParameterRange range = call.RowRange(call.a_zero.size());
      for (int64_t r = 0; r < g.m; ++r) {
        row_zeros[r] = call.a_zero[range.At(call.FirstRow(product), r)];
      }
      p.a_zero = {row_zeros, g.m};
    }
    p.b_signed = b.dtype == DType::kS8;
    p.b_zero = {call.b_zero.data(), static_cast<int64_t>(call.b_zero.size())};
    if (call.b_zero.size() > 1) {
      const ParameterRange range = call.ColumnRange(call.b_zero.size());
      p.b_zero = {call.b_zero.data() + range.At(call.FirstColumn(product), 0),
                  g.n};
    }
    p.epilogue = epilogue;
    p.y = static_cast<char*>(y) + product * g.m * g.n * epilogue.y_bytes();
    if (packed_ != nullptr) {
      p.b = &packed_->matrices[at == 0 ? 0 : Matrix(g, at)];
      Int8MatMul(p, scratch, *context.pool);
      return;
    }
    const PackedInt8 now =
        PackedInt8::OfMatrix(b.As<uint8_t>() + g.b[at], p.b_signed, g.k, g.n,
                             CurrentInt8Layout(), scratch, *context.pool);
    p.b = &now;
    Int8MatMul(p, scratch + StorageBytes(g), *context.pool);
  }

  static size_t Matrix(const MatMulGeometry& g, size_t product) {
    return static_cast<size_t>(g.b[product] / (g.k * g.n));
  }

  const Node node_;
  const std::string label_;
  const MatMulPlaces places_;
  const std::shared_ptr<const PackedMatrices> packed_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMul(
    const KernelSpec& spec) {
  const MatMulPlaces places = MatMulPlaces::Of(*spec.node);
  if (spec.node->Is("QLinearMatMul") && HasSmallFloats(spec, places)) {
    return MakeSmallFloatMatMul(spec);
  }
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, places.a));
  HONE_RETURN_IF_ERROR(CheckDType(Bytes(), spec, places.b));
  if (spec.reference) return MakeIntegerMatMulDefinition(spec);
  const Tensor* const b =
      places.b < spec.constants.size() ? spec.constants[places.b] : nullptr;
  std::shared_ptr<const PackedMatrices> packed;
  if (b != nullptr && b->rank() > 0 && b->size() > 0) {
    packed = PackMatrices(spec.packed, *b);
  }
  return std::make_unique<IntegerMatMul>(*spec.node, std::move(packed));
}

}  // namespace hone
