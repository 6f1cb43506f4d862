// The operators that OpenCL computes: a factory for each family of nodes, and
// the table of them. All are of float32; what a node asks beyond that leaves it
// to the CPU. To add one: a factory here, its line in factories.cc.
#ifndef HONE_KERNELS_EXEC_OPENCL_FACTORIES_H_
#define HONE_KERNELS_EXEC_OPENCL_FACTORIES_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/opencl/op.h"

namespace hone {

// Null: the CPU's operator.
OpenClFactory FindOpenClFactory(absl::string_view domain,
                                absl::string_view op_type);

using OpenClKernel = absl::StatusOr<std::unique_ptr<DeviceKernel>>;

// MatMul, FusedMatMul; any batch axes.
OpenClKernel MakeOpenClMatMul(const OpenClContext&, const KernelSpec&);
// Gemm, FusedGemm.
OpenClKernel MakeOpenClGemm(const OpenClContext&, const KernelSpec&);
// Functions of one input; Clip with constant limits.
OpenClKernel MakeOpenClUnary(const OpenClContext&, const KernelSpec&);
OpenClKernel MakeOpenClClip(const OpenClContext&, const KernelSpec&);
// Functions of two inputs, broadcasting.
OpenClKernel MakeOpenClBinary(const OpenClContext&, const KernelSpec&);
// Where.
OpenClKernel MakeOpenClWhere(const OpenClContext&, const KernelSpec&);
// Softmax, LogSoftmax.
OpenClKernel MakeOpenClSoftmax(const OpenClContext&, const KernelSpec&);
// LayerNormalization, RMSNormalization with one output and parameters of the
// row's extents.
OpenClKernel MakeOpenClNorm(const OpenClContext&, const KernelSpec&);
// ReduceMean, -Sum, -Min, -Max over constant axes that lie side by side, and
// the global pools.
OpenClKernel MakeOpenClReduce(const OpenClContext&, const KernelSpec&);
// Copies: by constant parameters.
OpenClKernel MakeOpenClTranspose(const OpenClContext&, const KernelSpec&);
OpenClKernel MakeOpenClSlice(const OpenClContext&, const KernelSpec&);
OpenClKernel MakeOpenClConcat(const OpenClContext&, const KernelSpec&);
OpenClKernel MakeOpenClSplit(const OpenClContext&, const KernelSpec&);
OpenClKernel MakeOpenClExpand(const OpenClContext&, const KernelSpec&);
// Indices come from the host, which checks them.
OpenClKernel MakeOpenClGather(const OpenClContext&, const KernelSpec&);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPENCL_FACTORIES_H_
