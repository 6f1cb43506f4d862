#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/binary/binary.h"
#include "kernels/cpu/binary/binary_ref.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/binary/binary.h"
#include "kernels/exec/ops/binary/broadcast.h"

namespace hone {
namespace {

struct CompareEntry {
  absl::string_view op_type;
  CompareOp op;
  const char* kernel;
};

constexpr CompareEntry kCompareRows[] = {
    {"Equal", CompareOp::kEqual, "compare.equal"},
    {"Greater", CompareOp::kGreater, "compare.greater"},
    {"GreaterOrEqual", CompareOp::kGreaterOrEqual, "compare.greater_or_equal"},
    {"Less", CompareOp::kLess, "compare.less"},
    {"LessOrEqual", CompareOp::kLessOrEqual, "compare.less_or_equal"},
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeCompare(const KernelSpec& spec) {
  const CompareEntry* entry = nullptr;
  for (const CompareEntry& candidate : kCompareRows) {
    if (candidate.op_type == spec.node->op_type) entry = &candidate;
  }
  if (entry == nullptr) return UnimplementedError(spec, "this operator");
  HONE_RETURN_IF_ERROR(CheckDType(NumbersAndBool(), spec, 0));
  AttributeReader read(*spec.node);
  HONE_ASSIGN_OR_RETURN(const BroadcastSpec inputs,
                        BroadcastSpec::Of(spec, &read));
  return MakeFunctionKernel(
      {entry->kernel},
      [op = entry->op, inputs, reference = spec.reference,
       label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_ASSIGN_OR_RETURN(const Broadcast broadcast,
                              Broadcast::Of(inputs, label, context, 2));
        const DType dtype = context.inputs[0].dtype;
        if (context.inputs[1].dtype != dtype) {
          return UnimplementedDType(label, context.inputs[1].dtype);
        }
        uint8_t* y = context.outputs[0].As<uint8_t>();
        return VisitDType(NumbersAndBool(), label, dtype, [&](auto type) {
          using T = typename decltype(type)::type;
          const T* a = context.inputs[0].As<T>();
          const T* b = context.inputs[1].As<T>();
          broadcast.ForRows(context, [&](const Broadcast::Row& row) {
            const size_t n = static_cast<size_t>(row.n);
            if constexpr (std::is_same_v<T, float>) {
              if (!reference) {
                CompareRow(op, a + row.at[0], row.step[0], b + row.at[1],
                           row.step[1], n, y + row.y);
                return;
              }
            }
            CompareRowRef(op, a + row.at[0], row.step[0], b + row.at[1],
                          row.step[1], n, y + row.y);
          });
          return absl::OkStatus();
        });
      });
}

}  // namespace hone
