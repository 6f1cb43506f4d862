// Softmax, normalizations and reductions.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "ir/views/attributes.h"
#include "ir/views/normalization_view.h"
#include "ir/views/reduce_view.h"
#include "ir/views/softmax_view.h"
#include "kernels/exec/opencl/factories.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/opencl/norm/norm.h"
#include "kernels/opencl/reduce/reduce.h"
#include "kernels/opencl/softmax/softmax.h"

namespace hone {
namespace {

using Place = DeviceKernel::Place;

// The axes [first, end) of the input are reduced.
struct Reduced {
  size_t first = 0;
  size_t end = 0;
};

absl::StatusOr<Reduced> ReducedOf(const KernelSpec& spec) {
  const size_t rank = RankOf(spec, 0);
  if (spec.node->op_type.rfind("Global", 0) == 0) {
    if (rank < 2) return NotOnDevice();
    return Reduced{2, rank};
  }
  for (size_t i = 1; i < spec.node->inputs.size(); ++i) {
    if (!spec.node->Input(i).empty() && spec.constants[i] == nullptr) {
      return NotOnDevice();
    }
  }
  HONE_ASSIGN_OR_RETURN(const ReduceView view,
                        ReduceView::Of(*spec.node, spec.opset, spec.constants));
  if (!view.axes.has_value()) return NotOnDevice();
  HONE_ASSIGN_OR_RETURN(const std::vector<int64_t> axes,
                        view.Resolve(*spec.node, static_cast<int64_t>(rank)));
  for (size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != axes[0] + static_cast<int64_t>(i)) return NotOnDevice();
  }
  if (axes.empty()) return Reduced{};
  return Reduced{static_cast<size_t>(axes[0]),
                 static_cast<size_t>(axes[0]) + axes.size()};
}

// Whether the last axes of `x` are known to be those of `parameter`.
bool IsRowOf(const Type& x, size_t axis, const Type& parameter) {
  if (!parameter.shape.has_value() ||
      parameter.shape->size() != x.shape->size() - axis) {
    return false;
  }
  for (size_t i = 0; i < parameter.shape->size(); ++i) {
    const Dim& a = (*x.shape)[axis + i];
    const Dim& b = (*parameter.shape)[i];
    if (!a.known() || !b.known() || a.value != b.value) return false;
  }
  return true;
}

}  // namespace

OpenClKernel MakeOpenClSoftmax(const OpenClContext& context,
                               const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_ASSIGN_OR_RETURN(const SoftmaxView view,
                        SoftmaxView::Of(*spec.node, spec.opset));
  const bool log = spec.node->op_type == "LogSoftmax";
  return MakeDeviceKernel(
      log ? "opencl.log_softmax" : "opencl.softmax", {},
      [context, view, log, node = *spec.node](
          DeviceValues inputs, DeviceValues outputs) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectDims(NodeLabel(node), "output extents",
                                        inputs[0].view.dims,
                                        outputs[0].view.dims));
        HONE_ASSIGN_OR_RETURN(const SoftmaxView::Split split,
                              view.Resolve(node, inputs[0].view.dims));
        return opencl::Softmax(*context, BufferOf(inputs[0]), split.outer,
                               split.extent, split.inner, log,
                               BufferOf(outputs[0]));
      });
}

OpenClKernel MakeOpenClNorm(const OpenClContext& context,
                            const KernelSpec& spec) {
  const Node& node = *spec.node;
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 1));
  const bool has_bias = !node.Input(2).empty();
  if (has_bias) HONE_RETURN_IF_ERROR(ExpectFloats(spec, 2));
  if (!node.Output(1).empty() || !node.Output(2).empty()) return NotOnDevice();
  HONE_ASSIGN_OR_RETURN(const LayerNormalizationView view,
                        LayerNormalizationView::Of(node, spec.opset));
  HONE_ASSIGN_OR_RETURN(
      const int64_t front,
      FrontAxis(node, view.axis, static_cast<int64_t>(RankOf(spec, 0))));
  const size_t axis = static_cast<size_t>(front);
  // Parameters that broadcast within a row are the CPU's.
  for (size_t i = 1; i < (has_bias ? 3 : 2); ++i) {
    if (!IsRowOf(spec.input_types[0], axis, spec.input_types[i])) {
      return NotOnDevice();
    }
  }
  const bool centered = node.op_type == "LayerNormalization";
  return MakeDeviceKernel(
      centered ? "opencl.layer_norm" : "opencl.rms_norm", {},
      [context, axis, centered, has_bias, epsilon = view.epsilon,
       label = NodeLabel(node)](DeviceValues inputs,
                                DeviceValues outputs) -> absl::Status {
        const Dims& dims = inputs[0].view.dims;
        HONE_RETURN_IF_ERROR(
            ExpectDims(label, "output extents", dims, outputs[0].view.dims));
        const int64_t n = Product(dims, axis, dims.size());
        for (size_t i = 1; i < (has_bias ? 3 : 2); ++i) {
          HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of a parameter", n,
                                           inputs[i].view.size));
        }
        return opencl::NormalizeRows(
            *context, BufferOf(inputs[0]), Product(dims, 0, axis), n, epsilon,
            centered, BufferOf(inputs[1]),
            has_bias ? BufferOf(inputs[2]) : nullptr, BufferOf(outputs[0]));
      });
}

OpenClKernel MakeOpenClReduce(const OpenClContext& context,
                              const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(ExpectFloats(spec, 0));
  HONE_ASSIGN_OR_RETURN(const Reduced reduced, ReducedOf(spec));
  struct Line {
    const char* op_type;
    opencl::Reduction reduction;
    const char* kernel;
  };
  constexpr Line kLines[] = {
      {"ReduceMean", opencl::Reduction::kMean, "opencl.reduce_mean"},
      {"GlobalAveragePool", opencl::Reduction::kMean, "opencl.reduce_mean"},
      {"ReduceSum", opencl::Reduction::kSum, "opencl.reduce_sum"},
      {"ReduceMin", opencl::Reduction::kMin, "opencl.reduce_min"},
      {"ReduceMax", opencl::Reduction::kMax, "opencl.reduce_max"},
      {"GlobalMaxPool", opencl::Reduction::kMax, "opencl.reduce_max"},
  };
  for (const Line& line : kLines) {
    if (spec.node->op_type != line.op_type) continue;
    return MakeDeviceKernel(
        line.kernel, {Place::kDevice, Place::kNowhere},
        [context, reduced, reduction = line.reduction,
         label = NodeLabel(*spec.node)](DeviceValues inputs,
                                        DeviceValues outputs) -> absl::Status {
          const Dims& dims = inputs[0].view.dims;
          const int64_t outer = Product(dims, 0, reduced.first);
          const int64_t extent = Product(dims, reduced.first, reduced.end);
          const int64_t inner = Product(dims, reduced.end, dims.size());
          HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the output",
                                           outer * inner,
                                           outputs[0].view.size));
          return opencl::Reduce(*context, reduction, BufferOf(inputs[0]), outer,
                                extent, inner, BufferOf(outputs[0]));
        });
  }
  return NotOnDevice();
}

}  // namespace hone
