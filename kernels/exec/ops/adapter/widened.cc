#include "kernels/exec/ops/adapter/widened.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/scratch.h"

namespace hone {
namespace {

using Halves = ElementTypes<Half, BFloat16>;

bool IsHalf(DType dtype) { return Contains(Halves(), dtype); }

size_t FloatsOf(int64_t size) {
  return LineBytes(static_cast<size_t>(size) * sizeof(float));
}

template <typename View>
View AsFloat(View view) {
  if (IsHalf(view.dtype)) view.dtype = DType::kF32;
  return view;
}

template <typename View>
std::vector<View> AllAsFloat(absl::Span<const View> views) {
  std::vector<View> floats;
  for (const View& view : views) floats.push_back(AsFloat(view));
  return floats;
}

absl::Status Widen(ThreadPool& pool, absl::string_view label,
                   const TensorView& from, float* to) {
  return VisitDType(Halves(), label, from.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* x = from.As<T>();
    ForRanges(pool, from.size, kLightGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) to[i] = x[i];
    });
    return absl::OkStatus();
  });
}

absl::Status Narrow(ThreadPool& pool, absl::string_view label,
                    const float* from, const MutableTensorView& to) {
  return VisitDType(Halves(), label, to.dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    T* y = to.As<T>();
    ForRanges(pool, to.size, kLightGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = T(from[i]);
    });
    return absl::OkStatus();
  });
}

class WidenedKernel : public Kernel {
 public:
  WidenedKernel(std::string label, std::vector<Tensor> constants,
                std::unique_ptr<Kernel> kernel)
      : label_(std::move(label)),
        constants_(std::move(constants)),
        kernel_(std::move(kernel)) {}
  absl::string_view name() const override { return kernel_->name(); }
  size_t packed_bytes() const override { return kernel_->packed_bytes(); }
  bool reads_input(size_t index) const override {
    return kernel_->reads_input(index) && !constants_[index].defined();
  }

  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> outputs,
                      int threads) const override {
    size_t bytes = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (Copies(inputs, i)) bytes += FloatsOf(inputs[i].size);
    }
    for (const MutableTensorView& view : outputs) {
      if (IsHalf(view.dtype)) bytes += FloatsOf(view.size);
    }
    return bytes + kernel_->ScratchBytes(AllAsFloat(inputs),
                                         AllAsFloat(outputs), threads);
  }

  absl::Status Run(const KernelContext& context) const override {
    std::vector<TensorView> inputs = AllAsFloat(context.inputs);
    std::vector<MutableTensorView> outputs = AllAsFloat(context.outputs);
    std::byte* scratch = context.scratch;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (i < constants_.size() && constants_[i].defined()) {
        inputs[i].data = constants_[i].bytes().data();
      } else if (Copies(context.inputs, i)) {
        auto* floats = reinterpret_cast<float*>(scratch);
        HONE_RETURN_IF_ERROR(
            Widen(*context.pool, label_, context.inputs[i], floats));
        inputs[i].data = floats;
        scratch += FloatsOf(inputs[i].size);
      }
    }
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (!IsHalf(context.outputs[i].dtype)) continue;
      if (context.outputs[i].data != nullptr) outputs[i].data = scratch;
      scratch += FloatsOf(outputs[i].size);
    }
    KernelContext inner = context;
    inner.inputs = inputs;
    inner.outputs = outputs;
    inner.scratch = scratch;
    HONE_RETURN_IF_ERROR(kernel_->Run(inner));
    for (size_t i = 0; i < outputs.size(); ++i) {
      const MutableTensorView& to = context.outputs[i];
      if (!IsHalf(to.dtype) || to.data == nullptr) continue;
      HONE_RETURN_IF_ERROR(
          Narrow(*context.pool, label_, outputs[i].As<float>(), to));
    }
    return absl::OkStatus();
  }

 private:
  // Whether input i is widened at every run.
  bool Copies(absl::Span<const TensorView> inputs, size_t i) const {
    return IsHalf(inputs[i].dtype) && kernel_->reads_input(i) &&
           !(i < constants_.size() && constants_[i].defined());
  }

  const std::string label_;
  const std::vector<Tensor> constants_;  // widened; undefined: none
  const std::unique_ptr<Kernel> kernel_;
};

}  // namespace

bool HasHalfInput(const KernelSpec& spec) {
  return std::any_of(spec.input_types.begin(), spec.input_types.end(),
                     [](const Type& type) { return IsHalf(type.dtype); });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeWidened(const KernelSpec& spec,
                                                    KernelFactory make) {
  KernelSpec wide = spec;
  ThreadPool pool(1);
  std::string label = NodeLabel(*spec.node);
  for (std::vector<Type>* types : {&wide.input_types, &wide.output_types}) {
    for (Type& type : *types) {
      if (IsHalf(type.dtype)) type.dtype = DType::kF32;
    }
  }
  std::vector<Tensor> constants(spec.node->inputs.size());
  for (size_t i = 0; i < constants.size() && i < wide.constants.size(); ++i) {
    const Tensor* constant = wide.constants[i];
    if (constant == nullptr || !IsHalf(constant->dtype())) continue;
    absl::Span<std::byte> bytes;
    HONE_ASSIGN_OR_RETURN(
        constants[i], Tensor::Allocate(DType::kF32, constant->dims(), &bytes));
    TensorView view;
    view.dtype = constant->dtype();
    view.data = constant->bytes().data();
    view.size = constant->size();
    HONE_RETURN_IF_ERROR(
        Widen(pool, label, view, reinterpret_cast<float*>(bytes.data())));
    wide.constants[i] = &constants[i];
  }
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, make(wide));
  if (kernel->allocates_outputs() || kernel->wants_values()) {
    return UnimplementedError(spec, "float16 of this operator");
  }
  return std::make_unique<WidenedKernel>(std::move(label), std::move(constants),
                                         std::move(kernel));
}

}  // namespace hone
