#include "kernels/exec/ops/pool/pool.h"

#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/pool_view.h"
#include "ir/views/window.h"
#include "kernels/cpu/pool/pool.h"
#include "kernels/cpu/pool/pool_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"

namespace hone {
namespace {

absl::StatusOr<PoolShape> ShapeOf(const PoolView& view, const Node& node,
                                  const std::string& label,
                                  const KernelContext& context) {
  const Dims& x = context.inputs[0].dims;
  const Dims& y = context.outputs[0].dims;
  if (x.size() < 3) {
    return NodeError(node, "rank of the input of a pool", "3 or more",
                     std::to_string(x.size()));
  }
  const absl::Span<const int64_t> extents = absl::MakeConstSpan(x).subspan(2);
  HONE_ASSIGN_OR_RETURN(const std::vector<WindowAxis> axes,
                        view.window.Resolve(node, extents));
  PoolShape shape;
  shape.planes = x[0] * x[1];
  shape.count_include_pad = view.count_include_pad;
  shape.p = view.p;
  Dims expected = {x[0], x[1]};
  for (size_t a = 0; a < axes.size(); ++a) {
    shape.axes.push_back({extents[a], axes[a].output, view.window.kernel[a],
                          view.window.strides[a], view.window.dilations[a],
                          axes[a].pad_begin, axes[a].pad_end});
    expected.push_back(axes[a].output);
  }
  HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", expected, y));
  return shape;
}

template <typename T>
void Run(PoolOp op, const PoolShape& shape, bool column_major, bool reference,
         const KernelContext& context) {
  const T* x = context.inputs[0].As<T>();
  T* y = context.outputs[0].As<T>();
  int64_t* indices = nullptr;
  if (op == PoolOp::kMax && context.outputs.size() > 1) {
    indices = context.outputs[1].As<int64_t>();
  }
  if constexpr (std::is_same_v<T, float>) {
    if (!reference && indices == nullptr) {
      Pool(*context.pool, op, x, shape, y);
      return;
    }
  }
  PoolRef(*context.pool, op, x, shape, y, indices, column_major);
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeGlobalLp(const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  const int64_t p = read.IntIn("p", 2, 1, 1 << 20);
  HONE_RETURN_IF_ERROR(read.Finish(true).status());
  HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  return MakeFunctionKernel(
      {"pool.global_lp"},
      [p, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const Dims& x = context.inputs[0].dims;
        const int64_t area = x.size() > 2 ? Product(x, 2, x.size()) : 1;
        PoolShape shape;
        shape.planes = context.outputs[0].size;
        shape.axes = {{area, 1, area, 1, 1, 0, 0}};
        shape.p = p;
        HONE_RETURN_IF_ERROR(ExpectEqual(label, "elements of the input",
                                         shape.planes * area,
                                         context.inputs[0].size));
        return VisitDType(Floats(), label, context.inputs[0].dtype,
                          [&](auto type) {
                            using T = typename decltype(type)::type;
                            Run<T>(PoolOp::kLp, shape, false, true, context);
                            return absl::OkStatus();
                          });
      });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakePool(const KernelSpec& spec) {
  const std::string& type = spec.node->op_type;
  if (type == "GlobalLpPool") return MakeGlobalLp(spec);
  HONE_ASSIGN_OR_RETURN(const PoolView view,
                        PoolView::Of(*spec.node, spec.opset));
  const PoolOp op = type == "MaxPool"       ? PoolOp::kMax
                    : type == "AveragePool" ? PoolOp::kAverage
                                            : PoolOp::kLp;
  if (op == PoolOp::kMax) {
    HONE_RETURN_IF_ERROR(CheckDType(Numbers(), spec, 0));
  } else {
    HONE_RETURN_IF_ERROR(CheckDType(Floats(), spec, 0));
  }
  constexpr const char* kNames[] = {"pool.max", "pool.average", "pool.lp"};
  return MakeFunctionKernel(
      {kNames[static_cast<int>(op)]},
      [op, view, reference = spec.reference, node = *spec.node,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        HONE_ASSIGN_OR_RETURN(const PoolShape shape,
                              ShapeOf(view, node, label, context));
        const auto run = [&](auto element) {
          using T = typename decltype(element)::type;
          Run<T>(op, shape, view.column_major, reference, context);
          return absl::OkStatus();
        };
        const DType dtype = context.inputs[0].dtype;
        return op == PoolOp::kMax ? VisitDType(Numbers(), label, dtype, run)
                                  : VisitDType(Floats(), label, dtype, run);
      });
}

}  // namespace hone
