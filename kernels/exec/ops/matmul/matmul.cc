#include "kernels/exec/ops/matmul/matmul.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
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
#include "kernels/cpu/gemm/activation.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/gemm_ref.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/cpu/gemm/panels.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/activation/activation.h"
#include "kernels/exec/ops/matmul/matmul_geometry.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

class MatMulKernel : public Kernel {
 public:
  MatMulKernel(const KernelSpec& spec, Activation activation)
      : node_(*spec.node), activation_(activation) {}

 protected:
  absl::StatusOr<MatMulGeometry> Check(const KernelContext& context) const {
    const absl::Span<const TensorView> in = context.inputs;
    HONE_ASSIGN_OR_RETURN(MatMulGeometry geometry,
                          MatMulGeometry::Of(node_, in[0].dims, in[1].dims));
    if (context.outputs[0].dims != geometry.y) {
      return NodeError(node_, "extents of Y", DimsToString(geometry.y),
                       DimsToString(context.outputs[0].dims));
    }
    if (HasInput(context, 2) && in[2].dims != Dims{geometry.n}) {
      return NodeError(node_, "extents of the bias",
                       absl::StrCat("[", geometry.n, "]"),
                       DimsToString(in[2].dims));
    }
    if (HasInput(context, 3) && in[3].dims != geometry.y) {
      return NodeError(node_, "extents of the residual",
                       DimsToString(geometry.y), DimsToString(in[3].dims));
    }
    return geometry;
  }

  bool HasInput(const KernelContext& context, size_t index) const {
    return index < context.inputs.size() && context.inputs[index].present();
  }

  const Node node_;
  const Activation activation_;
};

template <typename T>
class ReferenceMatMul : public MatMulKernel {
 public:
  using MatMulKernel::MatMulKernel;
  absl::string_view name() const override { return "matmul.reference"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const MatMulGeometry g, Check(context));
    const T* const a = context.inputs[0].As<T>();
    const T* const b = context.inputs[1].As<T>();
    T* const y = context.outputs[0].As<T>();
    for (int64_t i = 0; i < g.batch(); ++i) {
      MatMulRef<T>(g.m, g.n, g.k, a + g.a[i], g.k, 1, b + g.b[i], g.n, 1,
                   y + i * g.m * g.n, g.n);
    }
    if constexpr (std::is_same_v<T, float>) {
      const float* const bias =
          HasInput(context, 2) ? context.inputs[2].As<float>() : nullptr;
      const float* const residual =
          HasInput(context, 3) ? context.inputs[3].As<float>() : nullptr;
      for (int64_t i = 0; i < context.outputs[0].size; ++i) {
        if (bias != nullptr) y[i] += bias[i % g.n];
        if (residual != nullptr) y[i] += residual[i];
        y[i] = Activate(activation_, y[i]);
      }
    }
    return absl::OkStatus();
  }
};

// Products this many and more are shared out whole among the threads; fewer are
// divided each.
constexpr int64_t kWholeProducts = 4;

class PackedMatMul : public MatMulKernel {
 public:
  PackedMatMul(const KernelSpec& spec, Activation activation,
               std::shared_ptr<const PackedColumns> b)
      : MatMulKernel(spec, activation), b_(std::move(b)) {}

  absl::string_view name() const override {
    return b_ == nullptr ? "matmul.pack" : "matmul.packed";
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
    if (b_ != nullptr) {
      const int64_t k = std::max<int64_t>(1, b_->depth());
      return GemmScratchBytes(inputs[0].size / k, b_->depth());
    }
    const absl::StatusOr<MatMulGeometry> g =
        MatMulGeometry::Of(node_, inputs[0].dims, inputs[1].dims);
    if (!g.ok()) return 0;  // Run says what is wrong
    return GemmScratchBytes(threads) +
           static_cast<size_t>(g->batch() < kWholeProducts ? 1 : threads) *
               GemmColumnsBytes(g->k, g->n);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const MatMulGeometry g, Check(context));
    const float* const a = context.inputs[0].As<float>();
    float* const y = context.outputs[0].As<float>();
    const GemmEpilogue epilogue = Epilogue(context, g);
    std::byte* const columns =
        b_ != nullptr
            ? nullptr
            : context.scratch + GemmScratchBytes(context.pool->threads());
    const size_t columns_bytes = GemmColumnsBytes(g.k, g.n);
    const auto multiply = [&](int64_t i, int worker) {
      GemmEpilogue own = epilogue;
      if (own.initial_stride != 0) own.initial += i * g.m * g.n;
      float* const c = y + i * g.m * g.n;
      const StridedMatrix rows = {a + g.a[i], g.k, 1};
      if (b_ != nullptr) {
        Gemm(g.m, rows, 1, *b_, own, c, g.n, context.scratch, *context.pool);
      } else {
        Gemm(g.m, g.n, g.k, rows, 1,
             {context.inputs[1].As<float>() + g.b[i], g.n, 1}, own, c, g.n,
             context.scratch, columns + worker * columns_bytes, *context.pool);
      }
    };
    // Products with a packed B share the scratch of one.
    if (b_ != nullptr || g.batch() < kWholeProducts) {
      for (int64_t i = 0; i < g.batch(); ++i) multiply(i, 0);
    } else {
      context.pool->ParallelFor(g.batch(), multiply);
    }
    return absl::OkStatus();
  }

 private:
  // A bias or a residual is where the product starts from; both together are
  // written to Y first, and the product starts from there.
  GemmEpilogue Epilogue(const KernelContext& context,
                        const MatMulGeometry& g) const {
    GemmEpilogue epilogue;
    epilogue.activation = activation_;
    const float* const bias =
        HasInput(context, 2) ? context.inputs[2].As<float>() : nullptr;
    epilogue.initial = bias;
    if (!HasInput(context, 3)) return epilogue;
    const float* const residual = context.inputs[3].As<float>();
    epilogue.initial = residual;
    epilogue.initial_stride = g.n;
    if (bias == nullptr) return epilogue;
    float* const y = context.outputs[0].As<float>();
    ForRanges(*context.pool, g.batch() * g.m, GrainFor(kLightGrain, g.n),
              [&](int64_t begin, int64_t end) {
                for (int64_t i = begin; i < end; ++i) {
                  for (int64_t j = 0; j < g.n; ++j) {
                    y[i * g.n + j] = bias[j] + residual[i * g.n + j];
                  }
                }
              });
    epilogue.initial = y;
    return epilogue;
  }

  std::shared_ptr<const PackedColumns> b_;  // null: packed in each run
};

std::shared_ptr<const PackedColumns> PackB(const KernelSpec& spec) {
  const Tensor* const b = spec.constants[1];
  if (b == nullptr || b->rank() != 2) return nullptr;
  return PackOnce<PackedColumns>(
      spec.packed, *b,
      absl::StrCat("columns.", CurrentTileShape().columns, ".0"), [&] {
        const Tensor aligned = b->Aligned();
        return std::make_shared<const PackedColumns>(
            StridedMatrix{aligned.Values<float>().data(), b->dims()[1], 1},
            b->dims()[0], b->dims()[1]);
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeMatMul(const KernelSpec& spec) {
  const Node& node = *spec.node;
  if (spec.input_types.size() < 2 || node.Input(1).empty()) {
    return NodeError(node, "inputs", "A and B",
                     absl::StrCat(spec.input_types.size()));
  }
  HONE_ASSIGN_OR_RETURN(const Activation activation, ReadActivation(node));
  const Tensor* const b = spec.constants[1];
  const DType dtype = b != nullptr ? b->dtype() : spec.input_types[1].dtype;
  if (dtype == DType::kF32) {
    if (spec.reference) {
      return std::make_unique<ReferenceMatMul<float>>(spec, activation);
    }
    return std::make_unique<PackedMatMul>(spec, activation, PackB(spec));
  }
  if (node.domain.empty()) {
    switch (dtype) {
      case DType::kF64:
        return std::make_unique<ReferenceMatMul<double>>(spec, activation);
      case DType::kS32:
        return std::make_unique<ReferenceMatMul<int32_t>>(spec, activation);
      case DType::kS64:
        return std::make_unique<ReferenceMatMul<int64_t>>(spec, activation);
      case DType::kU32:
        return std::make_unique<ReferenceMatMul<uint32_t>>(spec, activation);
      case DType::kU64:
        return std::make_unique<ReferenceMatMul<uint64_t>>(spec, activation);
      default:
        break;
    }
  }
  return MakeError(
      absl::StatusCode::kUnimplemented, "type of B",
      {.node = NodeLabel(node),
       .expected = "float32, float64, int32, int64, uint32 or uint64",
       .found = std::string(DTypeName(dtype))});
}

}  // namespace hone
