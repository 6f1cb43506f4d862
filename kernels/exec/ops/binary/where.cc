#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "kernels/cpu/binary/select.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/binary/binary.h"
#include "kernels/exec/ops/binary/broadcast.h"

namespace hone {
namespace {

template <typename T>
void Select(const Broadcast& broadcast, const KernelContext& context) {
  const uint8_t* condition = context.inputs[0].As<uint8_t>();
  const T* a = context.inputs[1].As<T>();
  const T* b = context.inputs[2].As<T>();
  T* y = context.outputs[0].As<T>();
  broadcast.ForRows(context, [&](const Broadcast::Row& row) {
    const uint8_t* c = condition + row.at[0];
    const T* p = a + row.at[1];
    const T* q = b + row.at[2];
    if constexpr (std::is_integral_v<T>) {
      SelectRow(c, row.step[0], p, row.step[1], q, row.step[2],
                static_cast<size_t>(row.n), y + row.y);
    } else {
      for (int64_t i = 0; i < row.n; ++i) {
        y[row.y + i] =
            c[i * row.step[0]] != 0 ? p[i * row.step[1]] : q[i * row.step[2]];
      }
    }
  });
}

struct Wide {
  uint64_t words[2];
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeWhere(const KernelSpec& spec) {
  HONE_RETURN_IF_ERROR(CheckMovable(spec, 1));
  return MakeFunctionKernel(
      {"where"},
      [label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const Broadcast broadcast,
                              Broadcast::Of({}, label, context, 3));
        if (context.inputs[0].dtype != DType::kBool) {
          return UnimplementedDType(label, context.inputs[0].dtype);
        }
        const DType dtype = context.inputs[1].dtype;
        if (context.inputs[2].dtype != dtype) {
          return UnimplementedDType(label, context.inputs[2].dtype);
        }
        switch (ElementBytes(dtype)) {
          case 1:
            Select<uint8_t>(broadcast, context);
            return absl::OkStatus();
          case 2:
            Select<uint16_t>(broadcast, context);
            return absl::OkStatus();
          case 4:
            Select<uint32_t>(broadcast, context);
            return absl::OkStatus();
          case 8:
            Select<uint64_t>(broadcast, context);
            return absl::OkStatus();
          case 16:
            Select<Wide>(broadcast, context);
            return absl::OkStatus();
          default:
            return UnimplementedDType(label, dtype);
        }
      });
}

}  // namespace hone
