// Parameters of QuantizeLinear and DequantizeLinear.
//
// Granularity follows from the scale's shape: one element: per tensor; one axis
// [x.dims[axis]]: per axis (opset 13); x's rank with axis divided by
// block_size: blocked (opset 21).
#ifndef HONE_IR_VIEWS_QUANTIZE_VIEW_H_
#define HONE_IR_VIEWS_QUANTIZE_VIEW_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct QuantizeView {
  enum class Granularity { kPerTensor, kPerAxis, kBlocked };

  int64_t axis = 1;
  int64_t block_size = 0;  // 0: not blocked
  bool saturate = true;    // float8 outputs; opset 19
  // As written (opset 21; DequantizeLinear 23); kUndefined when left out.
  DType output_dtype = DType::kUndefined;
  DType precision = DType::kUndefined;  // opset 23

  static absl::StatusOr<QuantizeView> Of(const Node& node, int64_t opset);

  // The dtype that QuantizeLinear writes: its zero point's (kUndefined: none),
  // else output_dtype, else uint8.
  DType QuantizedDType(DType zero_point) const;
  // The dtype that DequantizeLinear writes: output_dtype, else the scale's.
  DType DequantizedDType(DType scale) const;
  Granularity GranularityOf(int64_t scale_rank, int64_t scale_size) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_QUANTIZE_VIEW_H_
