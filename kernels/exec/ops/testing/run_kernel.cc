#include "kernels/exec/ops/testing/run_kernel.h"

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hwy/aligned_allocator.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/exec/kernel.h"
#include "kernels/threads/thread_pool.h"

namespace hone {

absl::StatusOr<Tensor> RunKernel(KernelFactory make, const KernelRun& run) {
  KernelSpec spec;
  spec.node = &run.node;
  spec.opset = run.opset;
  spec.reference = run.reference;
  std::vector<TensorView> views;
  for (size_t i = 0; i < run.inputs.size(); ++i) {
    const Tensor& t = run.inputs[i];
    const bool constant = i < run.constant.size() && run.constant[i];
    spec.constants.push_back(constant ? &t : nullptr);
    spec.input_types.push_back(
        t.defined() ? Type::OfTensor(t.dtype(), ShapeOf(t.dims())) : Type());
    TensorView view;
    if (t.defined()) view = {t.dtype(), t.dims(), t.bytes().data(), t.size()};
    views.push_back(view);
  }
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Kernel> kernel, make(spec));
  for (size_t i = 0; i < views.size(); ++i) {
    if (!kernel->reads_input(i)) views[i].data = nullptr;
  }
  absl::Span<std::byte> bytes;
  const DType dtype = run.output_dtype == DType::kUndefined
                          ? run.inputs[0].dtype()
                          : run.output_dtype;
  HONE_ASSIGN_OR_RETURN(const Tensor y,
                        Tensor::Allocate(dtype, run.output, &bytes));
  MutableTensorView output;
  output.dtype = y.dtype();
  output.dims = y.dims();
  output.data = bytes.data();
  output.size = y.size();
  const auto outputs = absl::MakeConstSpan(&output, 1);
  const auto scratch = hwy::AllocateAligned<std::byte>(
      kernel->ScratchBytes(views, outputs, run.threads) + 1);
  ThreadPool pool(run.threads);
  KernelContext context;
  context.inputs = views;
  context.outputs = outputs;
  context.scratch = scratch.get();
  context.pool = &pool;
  HONE_RETURN_IF_ERROR(kernel->Run(context));
  return y;
}

}  // namespace hone
