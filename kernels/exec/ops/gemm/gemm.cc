#include "kernels/exec/ops/gemm/gemm.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/gemm_view.h"
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/gemm_ref.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

struct Extents {
  int64_t m = 0, n = 0, k = 0;
  // Of C, in its own elements: 0 along an axis that it broadcasts.
  int64_t c_row = 0, c_column = 0;
};

class GemmKernel : public Kernel {
 public:
  GemmKernel(const KernelSpec& spec, const GemmView& view,
             Activation activation)
      : node_(*spec.node), view_(view), activation_(activation) {}

 protected:
  absl::StatusOr<Extents> Check(const KernelContext& context) const;

  bool HasInput(const KernelContext& context, size_t index) const {
    return index < context.inputs.size() && context.inputs[index].present();
  }
  int64_t RowStrideA(const Extents& e) const { return view_.trans_a ? 1 : e.k; }
  int64_t ColumnStrideA(const Extents& e) const {
    return view_.trans_a ? e.m : 1;
  }
  int64_t RowStrideB(const Extents& e) const { return view_.trans_b ? 1 : e.n; }
  int64_t ColumnStrideB(const Extents& e) const {
    return view_.trans_b ? e.k : 1;
  }

  const Node node_;
  const GemmView view_;
  const Activation activation_;
};

absl::StatusOr<Extents> GemmKernel::Check(const KernelContext& context) const {
  const Dims& a = context.inputs[0].dims;
  const Dims& b = context.inputs[1].dims;
  if (a.size() != 2 || b.size() != 2) {
    return NodeError(node_, "ranks of A and B", "2 and 2",
                     absl::StrCat(a.size(), " and ", b.size()));
  }
  Extents e;
  e.m = a[view_.trans_a ? 1 : 0];
  e.k = a[view_.trans_a ? 0 : 1];
  e.n = b[view_.trans_b ? 0 : 1];
  if (b[view_.trans_b ? 1 : 0] != e.k) {
    return NodeError(node_, "inner extent of B", absl::StrCat(e.k),
                     absl::StrCat(b[view_.trans_b ? 1 : 0]));
  }
  const Dims y = {e.m, e.n};
  if (context.outputs[0].dims != y) {
    return NodeError(node_, "extents of Y", DimsToString(y),
                     DimsToString(context.outputs[0].dims));
  }
  if (HasInput(context, 2)) {
    const Dims& c = context.inputs[2].dims;
    const int64_t rows = c.size() < 2 ? 1 : c[c.size() - 2];
    const int64_t columns = c.empty() ? 1 : c.back();
    if (c.size() > 2 || (rows != 1 && rows != e.m) ||
        (columns != 1 && columns != e.n)) {
      return NodeError(node_, "extents of C",
                       absl::StrCat("broadcasting to ", DimsToString(y)),
                       DimsToString(c));
    }
    e.c_row = rows == 1 ? 0 : columns;
    e.c_column = columns == 1 ? 0 : 1;
  }
  if (HasInput(context, 3) && context.inputs[3].dims != y) {
    return NodeError(node_, "extents of the residual", DimsToString(y),
                     DimsToString(context.inputs[3].dims));
  }
  return e;
}

// Towards zero, saturating; NaN becomes zero.
template <typename T>
T Truncated(double value) {
  using Limits = std::numeric_limits<T>;
  if (std::isnan(value)) return 0;
  // 2^bits is exact in float64; the maximum itself may not be.
  if (value >= std::ldexp(1.0, Limits::digits)) return Limits::max();
  if (value <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<T>(value);
}

// alpha * product + beta * c.
template <typename T>
T Combined(const GemmView& view, T product, T c) {
  if constexpr (std::is_integral_v<T>) {
    if (view.alpha == 1 && (view.beta == 1 || view.beta == 0)) {
      using Unsigned = std::make_unsigned_t<T>;
      const auto more = static_cast<Unsigned>(view.beta == 0 ? T{0} : c);
      return static_cast<T>(static_cast<Unsigned>(product) + more);
    }
    return Truncated<T>(
        static_cast<double>(view.alpha) * static_cast<double>(product) +
        static_cast<double>(view.beta) * static_cast<double>(c));
  } else {
    return static_cast<T>(view.alpha) * product + static_cast<T>(view.beta) * c;
  }
}

template <typename T>
class ReferenceGemm : public GemmKernel {
 public:
  using GemmKernel::GemmKernel;
  absl::string_view name() const override { return "gemm.reference"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const Extents e, Check(context));
    T* const y = context.outputs[0].As<T>();
    MatMulRef<T>(e.m, e.n, e.k, context.inputs[0].As<T>(), RowStrideA(e),
                 ColumnStrideA(e), context.inputs[1].As<T>(), RowStrideB(e),
                 ColumnStrideB(e), y, e.n);
    const T* const c =
        HasInput(context, 2) ? context.inputs[2].As<T>() : nullptr;
    const T* const residual =
        HasInput(context, 3) ? context.inputs[3].As<T>() : nullptr;
    for (int64_t i = 0; i < e.m; ++i) {
      for (int64_t j = 0; j < e.n; ++j) {
        T value =
            Combined<T>(view_, y[i * e.n + j],
                        c == nullptr ? T{0} : c[i * e.c_row + j * e.c_column]);
        if (residual != nullptr) value += residual[i * e.n + j];
        if constexpr (std::is_same_v<T, float>) {
          value = Activate(activation_, value);
        }
        y[i * e.n + j] = value;
      }
    }
    return absl::OkStatus();
  }
};

class PackedGemm : public GemmKernel {
 public:
  PackedGemm(const KernelSpec& spec, const GemmView& view,
             Activation activation, std::shared_ptr<const PackedColumns> b)
      : GemmKernel(spec, view, activation), b_(std::move(b)) {}

  absl::string_view name() const override {
    return b_ == nullptr ? "gemm.pack" : "gemm.packed";
  }
  bool reads_input(size_t index) const override {
    return index != 1 || b_ == nullptr;
  }
  size_t packed_bytes() const override {
    return b_ == nullptr ? 0 : b_->bytes();
  }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    const Dims& b = inputs[1].dims;
    if (b_ != nullptr) {
      const int64_t k = std::max<int64_t>(1, b_->depth());
      return GemmScratchBytes(inputs[0].size / k, b_->depth());
    }
    if (b.size() != 2) return 0;  // Run says what is wrong
    return GemmScratchBytes(threads) +
           GemmColumnsBytes(b[view_.trans_b ? 1 : 0], b[view_.trans_b ? 0 : 1]);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const Extents e, Check(context));
    float* const y = context.outputs[0].As<float>();
    const GemmEpilogue epilogue = Epilogue(context, e);
    const StridedMatrix a = {context.inputs[0].As<float>(), RowStrideA(e),
                             ColumnStrideA(e)};
    if (b_ != nullptr) {
      Gemm(e.m, a, view_.alpha, *b_, epilogue, y, e.n, context.scratch,
           *context.pool);
    } else {
      Gemm(e.m, e.n, e.k, a, view_.alpha,
           {context.inputs[1].As<float>(), RowStrideB(e), ColumnStrideB(e)},
           epilogue, y, e.n, context.scratch,
           context.scratch + GemmScratchBytes(context.pool->threads()),
           *context.pool);
    }
    return absl::OkStatus();
  }

 private:
  // What of C and the residual the product can start from where it is; any
  // other form is written to Y first, and the product starts from there.
  GemmEpilogue Epilogue(const KernelContext& context, const Extents& e) const {
    GemmEpilogue epilogue;
    epilogue.activation = activation_;
    const float* const c =
        HasInput(context, 2) ? context.inputs[2].As<float>() : nullptr;
    const float* const residual =
        HasInput(context, 3) ? context.inputs[3].As<float>() : nullptr;
    if (c == nullptr) {
      epilogue.initial = residual;
      epilogue.initial_stride = e.n;
      return epilogue;
    }
    const bool whole_rows = e.c_column == 1 || e.n == 1;
    if (residual == nullptr && view_.beta == 1 && whole_rows) {
      epilogue.initial = c;
      epilogue.initial_stride = e.c_row;
      return epilogue;
    }
    float* const y = context.outputs[0].As<float>();
    const float beta = view_.beta;
    ForRanges(*context.pool, e.m, GrainFor(kLightGrain, e.n),
              [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                  const float* const row = c + i * e.c_row;
                  for (int64_t j = 0; j < e.n; ++j) {
                    y[i * e.n + j] =
                        beta * row[j * e.c_column] +
                        (residual == nullptr ? 0 : residual[i * e.n + j]);
                  }
                }
              });
    epilogue.initial = y;
    epilogue.initial_stride = e.n;
    return epilogue;
  }

  std::shared_ptr<const PackedColumns> b_;  // null: B is no constant
};

std::shared_ptr<const PackedColumns> PackB(const KernelSpec& spec,
                                           const GemmView& view) {
  const Tensor* const b = spec.constants[1];
  if (b == nullptr || b->rank() != 2) return nullptr;
  return PackOnce<PackedColumns>(
      spec.packed, *b,
      absl::StrCat("columns.", CurrentTileShape().columns, ".", view.trans_b),
      [&] {
        const Tensor aligned = b->Aligned();
        const float* const data = aligned.Values<float>().data();
        const int64_t rows = b->dims()[0], columns = b->dims()[1];
        return view.trans_b
                   ? std::make_shared<const PackedColumns>(
                         StridedMatrix{data, 1, columns}, columns, rows)
                   : std::make_shared<const PackedColumns>(
                         StridedMatrix{data, columns, 1}, rows, columns);
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeGemm(const KernelSpec& spec) {
  const Node& node = *spec.node;
  if (spec.input_types.size() < 2 || node.Input(1).empty()) {
    return NodeError(node, "inputs", "A and B",
                     absl::StrCat(spec.input_types.size()));
  }
  HONE_ASSIGN_OR_RETURN(const GemmView view, GemmView::Of(node, spec.opset));
  HONE_ASSIGN_OR_RETURN(const Activation activation, ReadActivation(node));
  const Tensor* const b = spec.constants[1];
  const DType dtype = b != nullptr ? b->dtype() : spec.input_types[1].dtype;
  const auto definition = [&](auto value) -> std::unique_ptr<Kernel> {
    return std::make_unique<ReferenceGemm<decltype(value)>>(spec, view,
                                                            activation);
  };
  if (node.domain.empty()) {
    switch (dtype) {
      case DType::kF64:
        return definition(double());
      case DType::kS32:
        return definition(int32_t());
      case DType::kS64:
        return definition(int64_t());
      case DType::kU32:
        return definition(uint32_t());
      case DType::kU64:
        return definition(uint64_t());
      default:
        break;
    }
  }
  if (dtype != DType::kF32) {
    return MakeError(
        absl::StatusCode::kUnimplemented, "type of B",
        {.node = NodeLabel(node),
         .expected = "float32, float64, int32, int64, uint32 or uint64",
         .found = std::string(DTypeName(dtype))});
  }
  if (spec.reference) {
    return std::make_unique<ReferenceGemm<float>>(spec, view, activation);
  }
  return std::make_unique<PackedGemm>(spec, view, activation,
                                      PackB(spec, view));
}

}  // namespace hone
