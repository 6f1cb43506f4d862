#include "ir/views/quantize_view.h"

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

DType ReadDType(AttributeReader* read, absl::string_view name) {
  const int64_t number = read->Int(name, 0);
  if (number != 0 && !IsKnownDType(number)) {
    read->Fail(absl::StrCat("attribute ", name), "an ONNX element type",
               absl::StrCat(number));
    return DType::kUndefined;
  }
  return static_cast<DType>(number);
}

}  // namespace

absl::StatusOr<QuantizeView> QuantizeView::Of(const Node& node,
                                              int64_t /*opset*/) {
  AttributeReader read(node);
  QuantizeView view;
  view.axis = read.Int("axis", 1);
  view.block_size = read.IntIn("block_size", 0, 0, int64_t{1} << 31);
  view.saturate = read.Bool("saturate", true);
  view.output_dtype = ReadDType(&read, "output_dtype");
  view.precision = ReadDType(&read, "precision");
  return read.Finish(view);
}

DType QuantizeView::QuantizedDType(DType zero_point) const {
  if (zero_point != DType::kUndefined) return zero_point;
  return output_dtype != DType::kUndefined ? output_dtype : DType::kU8;
}

DType QuantizeView::DequantizedDType(DType scale) const {
  return output_dtype != DType::kUndefined ? output_dtype : scale;
}

QuantizeView::Granularity QuantizeView::GranularityOf(
    int64_t scale_rank, int64_t scale_size) const {
  if (block_size > 0 && scale_rank > 0) return Granularity::kBlocked;
  if (scale_rank == 0 || (scale_rank == 1 && scale_size == 1)) {
    return Granularity::kPerTensor;
  }
  return Granularity::kPerAxis;
}

}  // namespace hone
