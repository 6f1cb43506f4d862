#include "kernels/exec/ops/recurrent/dynamic_gates.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "ir/error/error.h"
#include "kernels/cpu/int8/gemm/epilogue.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/cpu/int8/matmul/matmul.h"
#include "kernels/cpu/int8/matmul/matmul_ref.h"
#include "kernels/cpu/minmax/minmax.h"
#include "kernels/cpu/quantize/quantize.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/scratch.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/qlinear/integers.h"

namespace hone {
namespace {

using Bytes = ElementTypes<int8_t, uint8_t>;

struct Quant {
  float scale = 1;
  int32_t zero = 0;
};

// Zero is always representable.
Quant QuantOf(float min, float max) {
  const float low = std::min(0.0f, min);
  const float high = std::max(0.0f, max);
  Quant q;
  q.scale = (high - low) / 255.0f;
  if (!(q.scale > 0) || !std::isfinite(q.scale)) q.scale = 1;
  q.zero = static_cast<int32_t>(
      std::min(255.0f, std::max(0.0f, std::nearbyint(-low / q.scale))));
  return q;
}

// The part of direction d of an input [dirs] or [dirs, columns].
template <typename V, typename List>
absl::StatusOr<std::vector<V>> Part(const std::string& label, const char* what,
                                    const TensorView& view, List types,
                                    const Dims& dims, int64_t d) {
  std::vector<V> part;
  if (!view.present()) return part;
  if (view.size != dims[0]) {
    HONE_RETURN_IF_ERROR(
        ExpectDims(label, what, {dims[0], dims[2]}, view.dims));
  }
  const int64_t count = view.size / dims[0];
  HONE_RETURN_IF_ERROR(VisitDType(types, label, view.dtype, [&](auto type) {
    using U = typename decltype(type)::type;
    const U* const from = view.As<U>() + d * count;
    part.assign(from, from + count);
    return absl::OkStatus();
  }));
  return part;
}

}  // namespace

template <typename T>
absl::StatusOr<std::vector<std::unique_ptr<DynamicGates<T>>>>
DynamicGates<T>::Of(const std::string& label, const KernelContext& context,
                    const Places& places, const Dims& dims,
                    const PackedMatrices* packed) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  if (context.inputs.size() <= places.scale ||
      !context.inputs[places.scale].present()) {
    return ExpectEqual(label, "inputs", static_cast<int64_t>(places.scale) + 1,
                       static_cast<int64_t>(context.inputs.size()));
  }
  const TensorView& weight = context.inputs[places.weight];
  HONE_RETURN_IF_ERROR(ExpectDims(label, "weights", dims, weight.dims));
  if (!Contains(Bytes(), weight.dtype)) {
    return UnimplementedDType(label, weight.dtype);
  }
  std::vector<std::unique_ptr<DynamicGates>> all;
  for (int64_t d = 0; d < dims[0]; ++d) {
    std::unique_ptr<DynamicGates> gates(new DynamicGates);
    gates->depth_ = dims[1];
    gates->columns_ = dims[2];
    gates->weights_ = weight.As<uint8_t>() + d * dims[1] * dims[2];
    gates->is_signed_ = weight.dtype == DType::kS8;
    if (packed != nullptr) {
      gates->packed_ = &packed->matrices[static_cast<size_t>(d)];
    }
    HONE_ASSIGN_OR_RETURN(
        gates->scale_,
        Part<float>(label, "scales of weights", context.inputs[places.scale],
                    ElementTypes<float>(), dims, d));
    if (context.inputs.size() > places.zero) {
      HONE_ASSIGN_OR_RETURN(
          gates->zero_,
          Part<int32_t>(label, "zero points of weights",
                        context.inputs[places.zero], Bytes(), dims, d));
    }
    all.push_back(std::move(gates));
  }
  return all;
}

template <typename T>
void DynamicGates<T>::Multiply(ThreadPool& pool, int64_t m, const T* a,
                               T* c) const {
  const auto count = static_cast<size_t>(m * depth_);
  const auto columns = static_cast<size_t>(PaddedInt8Columns(columns_));
  if constexpr (std::is_same_v<T, double>) {
    float min = 0, max = 0;
    for (size_t i = 0; i < count; ++i) {
      min = std::min(min, static_cast<float>(a[i]));
      max = std::max(max, static_cast<float>(a[i]));
    }
    const Quant q = QuantOf(min, max);
    std::vector<uint8_t> codes(count);
    for (size_t i = 0; i < count; ++i) {
      const float code = std::nearbyint(static_cast<float>(a[i]) / q.scale) +
                         static_cast<float>(q.zero);
      codes[i] = static_cast<uint8_t>(
          std::isnan(code) ? 0.0f : std::min(std::max(code, 0.0f), 255.0f));
    }
    std::vector<int32_t> sums(static_cast<size_t>(m * columns_));
    const auto run = [&](const auto* w) {
      Int8MatMulRef(
          m, depth_, columns_, codes.data(), [&](int64_t) { return q.zero; }, w,
          [&](int64_t j) { return PickOf(zero_, j, 0); }, sums.data());
    };
    if (is_signed_) {
      run(reinterpret_cast<const int8_t*>(weights_));
    } else {
      run(weights_);
    }
    for (int64_t i = 0; i < m * columns_; ++i) {
      c[i] = static_cast<float>(sums[static_cast<size_t>(i)]) *
             (q.scale * PickOf(scale_, i % columns_, 0.0f));
    }
    return;
  } else {
    const size_t codes_bytes = LineBytes(count);
    const size_t array_bytes = LineBytes(columns * sizeof(float));
    const size_t bytes =
        codes_bytes + array_bytes +
        Int8MatMulScratchBytes(m, depth_, columns_, pool.threads());
    if (bytes > scratch_bytes_) {
      scratch_ = hwy::AllocateAligned<std::byte>(bytes);
      scratch_bytes_ = bytes;
    }
    const PackedInt8* weights = packed_;
    if (weights == nullptr && own_ == nullptr) {
      const Int8Layout layout = CurrentInt8Layout();
      storage_ = hwy::AllocateAligned<std::byte>(
          PackedInt8::StorageBytes(depth_, columns_, layout) + 1);
      own_ = std::make_unique<PackedInt8>(
          PackedInt8::OfMatrix(weights_, is_signed_, depth_, columns_, layout,
                               storage_.get(), pool));
    }
    if (weights == nullptr) weights = own_.get();
    const FloatRange range = RangeOf(pool, a, count);
    const Quant q = QuantOf(range.min, range.max);
    uint8_t* const codes = reinterpret_cast<uint8_t*>(scratch_.get());
    QuantizeRow(a, count, {&q.scale, &q.zero, 0}, codes);
    float* const multiplier =
        reinterpret_cast<float*>(scratch_.get() + codes_bytes);
    std::fill(multiplier, multiplier + columns, 0.0f);
    if (scale_.size() == 1) {
      std::fill(multiplier, multiplier + columns_, q.scale * scale_[0]);
    } else {
      for (int64_t j = 0; j < columns_; ++j) {
        multiplier[j] = q.scale * scale_[static_cast<size_t>(j)];
      }
    }
    Int8MatMulProblem p;
    p.rows = m;
    p.depth = depth_;
    p.columns = columns_;
    p.a = codes;
    p.a_zero = {&q.zero, 1};
    p.b = weights;
    p.b_signed = is_signed_;
    p.b_zero = {zero_.data(), static_cast<int64_t>(zero_.size())};
    p.epilogue.multiplier = multiplier;
    p.epilogue.to_float = true;
    p.y = c;
    Int8MatMul(p, scratch_.get() + codes_bytes + array_bytes, pool);
  }
}

template class DynamicGates<float>;
template class DynamicGates<double>;

}  // namespace hone
