#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/int8/elementwise/elementwise.h"
#include "kernels/cpu/parallel/parallel.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/integer/integer.h"

namespace hone {
namespace {

using Table = std::array<uint8_t, 256>;

// By the byte of x, not by its value.
absl::StatusOr<Table> ReadTable(const KernelSpec& spec, size_t at,
                                bool is_signed) {
  const Tensor* const tensor =
      at < spec.constants.size() ? spec.constants[at] : nullptr;
  if (tensor == nullptr || tensor->size() != 256 ||
      (tensor->dtype() != DType::kU8 && tensor->dtype() != DType::kS8)) {
    return NodeError(
        *spec.node, absl::StrCat("input ", at), "a constant table of 256 bytes",
        tensor == nullptr ? "no constant" : DimsToString(tensor->dims()));
  }
  Table table;
  for (size_t i = 0; i < table.size(); ++i) {
    table[is_signed ? i ^ 0x80 : i] = static_cast<uint8_t>(tensor->bytes()[i]);
  }
  return table;
}

// Outer rows of `inner` bytes each.
void CopyRows(const uint8_t* x, int64_t x_row, int64_t rows, const Table* table,
              int64_t y_row, uint8_t* y, ThreadPool& pool) {
  ForRanges(pool, rows, GrainFor(kLightGrain, x_row),
            [&](int64_t begin, int64_t end) {
              for (int64_t r = begin; r < end; ++r) {
                const uint8_t* const from = x + r * x_row;
                uint8_t* const to = y + r * y_row;
                if (table == nullptr) {
                  std::memcpy(to, from, static_cast<size_t>(x_row));
                } else {
                  Int8TableRow(table->data(), from, static_cast<size_t>(x_row),
                               to);
                }
              }
            });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedTable(
    const KernelSpec& spec) {
  const bool is_signed = spec.node->IntAttribute("is_signed", 0) != 0;
  HONE_ASSIGN_OR_RETURN(const Table table, ReadTable(spec, 1, is_signed));
  return MakeFunctionKernel(
      {.name = "int8.table", .in_place = true},
      [table, label = NodeLabel(*spec.node)](
          const KernelContext& context) -> absl::Status {
        HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 1));
        const TensorView& x = context.inputs[0];
        HONE_RETURN_IF_ERROR(ExpectDims(label, "output extents", x.dims,
                                        context.outputs[0].dims));
        ForRanges(*context.pool, x.size, kLightGrain,
                  [&](int64_t begin, int64_t end) {
                    Int8TableRow(table.data(), x.As<uint8_t>() + begin,
                                 static_cast<size_t>(end - begin),
                                 context.outputs[0].As<uint8_t>() + begin);
                  });
        return absl::OkStatus();
      });
}

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedConcat(
    const KernelSpec& spec) {
  const Node& node = *spec.node;
  const bool is_signed = node.IntAttribute("is_signed", 0) != 0;
  struct Part {
    bool has_table = false;
    Table table;
  };
  std::vector<Part> parts;
  for (size_t i = 0; i < node.inputs.size(); i += 2) {
    Part part;
    part.has_table = !node.Input(i + 1).empty();
    if (part.has_table) {
      HONE_ASSIGN_OR_RETURN(part.table, ReadTable(spec, i + 1, is_signed));
    }
    parts.push_back(part);
  }
  return MakeFunctionKernel(
      {"int8.concat"},
      [parts, node](const KernelContext& context) -> absl::Status {
        const std::string label = NodeLabel(node);
        const MutableTensorView& y = context.outputs[0];
        HONE_ASSIGN_OR_RETURN(const int64_t axis,
                              FrontAxis(node, node.IntAttribute("axis", 0),
                                        static_cast<int64_t>(y.dims.size())));
        const size_t front = static_cast<size_t>(axis);
        const int64_t rows = Product(y.dims, 0, front);
        const int64_t y_row = Product(y.dims, front, y.dims.size());
        int64_t at = 0;
        for (size_t i = 0; i < parts.size(); ++i) {
          const TensorView& x = context.inputs[2 * i];
          Dims expected = y.dims;
          if (x.dims.size() == expected.size()) expected[front] = x.dims[front];
          HONE_RETURN_IF_ERROR(
              ExpectDims(label, "extents of a part", expected, x.dims));
          const int64_t x_row = Product(x.dims, front, x.dims.size());
          if (at + x_row > y_row) break;
          CopyRows(x.As<uint8_t>(), x_row, rows,
                   parts[i].has_table ? &parts[i].table : nullptr, y_row,
                   y.As<uint8_t>() + at, *context.pool);
          at += x_row;
        }
        return ExpectEqual(label, "extents along the axis", y_row, at);
      });
}

}  // namespace hone
