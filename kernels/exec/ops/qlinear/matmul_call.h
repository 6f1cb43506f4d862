// One run of MatMulInteger, QLinearMatMul or MatMulIntegerToFloat: its extents,
// and its zero points and scales, checked.
#ifndef HONE_KERNELS_EXEC_OPS_QLINEAR_MATMUL_CALL_H_
#define HONE_KERNELS_EXEC_OPS_QLINEAR_MATMUL_CALL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/matmul/matmul_geometry.h"

namespace hone {

// Which inputs an operator has where; kNone: not at all.
struct MatMulPlaces {
  static constexpr size_t kNone = 1000;
  size_t a = 0, b = 1;
  size_t a_scale = kNone, a_zero = kNone, b_scale = kNone, b_zero = kNone;
  size_t y_scale = kNone, y_zero = kNone, bias = kNone;

  static MatMulPlaces Of(const Node& node);
};

// How a scale or zero point of many elements goes with the rows of A or the
// columns of B: one for all, one each of a matrix, or one each of every matrix.
struct ParameterRange {
  int64_t count = 0;
  int64_t each = 0;  // of one matrix
  int64_t all = 0;   // of all matrices
  bool ok() const { return count <= 1 || count == each || count == all; }
  // Of index `i` where the matrix begins at index `first` of all.
  size_t At(int64_t first, int64_t i) const {
    if (count <= 1) return 0;
    return static_cast<size_t>(count == all ? first + i : i % each);
  }
};

struct IntegerMatMulCall {
  MatMulGeometry g;
  int64_t a_rows = 0;    // of one matrix of A
  int64_t all_rows = 0;  // of all of them
  int64_t all_columns = 0;
  std::vector<int32_t> a_zero, b_zero, y_zero;         // empty: 0
  std::vector<float> a_scale, b_scale, y_scale, bias;  // bias may be empty

  // InvalidArgument: extents that contradict each other.
  static absl::StatusOr<IntegerMatMulCall> Of(const Node& node,
                                              const std::string& label,
                                              const MatMulPlaces& places,
                                              const KernelContext& context);

  // Of product i: where its A begins among all rows, its B among all columns.
  int64_t FirstRow(int64_t i) const {
    return g.k == 0 ? 0 : g.a[static_cast<size_t>(i)] / g.k;
  }
  int64_t FirstColumn(int64_t i) const {
    return g.k == 0 ? 0 : g.b[static_cast<size_t>(i)] / g.k;
  }
  ParameterRange RowRange(size_t count) const {
    return {static_cast<int64_t>(count), a_rows, all_rows};
  }
  ParameterRange ColumnRange(size_t count) const {
    return {static_cast<int64_t>(count), g.n, all_columns};
  }
  // float(a_scale * b_scale) / y_scale, of product i.
  float Multiplier(int64_t i, int64_t row, int64_t column) const {
    return a_scale[RowRange(a_scale.size()).At(FirstRow(i), row)] *
           b_scale[ColumnRange(b_scale.size()).At(FirstColumn(i), column)] /
           y_scale[0];
  }

  // The sums [batch, m, n] become the output: int32 themselves, floats, or
  // quantized.
  absl::Status Finish(const std::string& label, const MatMulPlaces& places,
                      const int32_t* sums, const MutableTensorView& y) const;
};

// QLinearMatMul of float8 (opset 21), by its definition:
//   y = round(sum((a - a_zero) * (b - b_zero)) * a_scale * b_scale / y_scale +
//       y_zero), saturated
// a, b and y may each be float8 (not E8M0), int8 or uint8.
bool HasSmallFloats(const KernelSpec& spec, const MatMulPlaces& places);
absl::StatusOr<std::unique_ptr<Kernel>> MakeSmallFloatMatMul(
    const KernelSpec& spec);

// Every sum by its definition.
absl::StatusOr<std::unique_ptr<Kernel>> MakeIntegerMatMulDefinition(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_QLINEAR_MATMUL_CALL_H_
