#include "kernels/exec/ops/integer/quant_constants.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/parallel/parallel.h"

namespace hone {
namespace {

const Tensor* ConstantAt(const KernelSpec& spec, size_t at) {
  return at < spec.constants.size() ? spec.constants[at] : nullptr;
}

bool IsByte(DType dtype) { return dtype == DType::kU8 || dtype == DType::kS8; }

// Element i of a tensor of bytes.
int32_t ByteAt(const Tensor& tensor, int64_t i) {
  const std::byte byte = tensor.bytes()[static_cast<size_t>(i)];
  return tensor.dtype() == DType::kS8 ? int32_t{static_cast<int8_t>(byte)}
                                      : int32_t{static_cast<uint8_t>(byte)};
}

absl::Status ReadScales(const KernelSpec& spec, size_t at, int64_t most,
                        std::vector<float>* scales) {
  const Tensor* const tensor = ConstantAt(spec, at);
  if (tensor == nullptr || tensor->dtype() != DType::kF32 ||
      (tensor->size() != 1 && tensor->size() != most)) {
    return NodeError(
        *spec.node, absl::StrCat("input ", at),
        absl::StrCat("a constant of 1 or ", most, " float32 scales"),
        tensor == nullptr ? "no constant" : DimsToString(tensor->dims()));
  }
  const absl::Span<const float> values = tensor->Values<float>();
  scales->assign(values.begin(), values.end());
  for (const float scale : *scales) {
    if (!(scale > 0) || !std::isfinite(scale)) {
      return NodeError(*spec.node, "scale", "positive and finite",
                       absl::StrCat(scale));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TensorQuant> ReadTensorQuant(const KernelSpec& spec, size_t at) {
  std::vector<float> scale;
  HONE_RETURN_IF_ERROR(ReadScales(spec, at, 1, &scale));
  const Tensor* const zero = ConstantAt(spec, at + 1);
  if (zero == nullptr || !IsByte(zero->dtype()) || zero->size() != 1) {
    return NodeError(*spec.node, absl::StrCat("input ", at + 1),
                     "a constant zero point, int8 or uint8",
                     zero == nullptr ? "no constant"
                                     : std::string(DTypeName(zero->dtype())));
  }
  TensorQuant quant;
  quant.scale = scale[0];
  quant.zero = ByteAt(*zero, 0);
  quant.is_signed = zero->dtype() == DType::kS8;
  return quant;
}

bool RunsDefinition(const KernelSpec& spec) {
  return spec.reference || spec.node->IntAttribute("definition", 0) != 0;
}

absl::StatusOr<std::vector<int8_t>> ProductConstants::CenteredWeights(
    const KernelSpec& spec, int axis) {
  const Tensor* const w = ConstantAt(spec, ProductInputs::kW);
  const Tensor* const zero = ConstantAt(spec, ProductInputs::kWQuant + 1);
  if (w == nullptr || !IsByte(w->dtype()) || axis >= w->rank()) {
    return NodeError(
        *spec.node, "W", "constant, int8 or uint8",
        w == nullptr ? "no constant" : std::string(DTypeName(w->dtype())));
  }
  const int64_t columns = w->dims()[axis];
  if (zero != nullptr && (zero->dtype() != w->dtype() ||
                          (zero->size() != 1 && zero->size() != columns))) {
    return NodeError(*spec.node, "zero point of W",
                     absl::StrCat("1 or ", columns, " of W's type"),
                     absl::StrCat(zero->size()));
  }
  int64_t inner = 1;
  for (int a = axis + 1; a < w->rank(); ++a) inner *= w->dims()[a];
  std::vector<int8_t> centered(static_cast<size_t>(w->size()));
  for (int64_t i = 0; i < w->size(); ++i) {
    const int64_t c = i / inner % columns;
    const int32_t z =
        zero == nullptr ? 0 : ByteAt(*zero, zero->size() == 1 ? 0 : c);
    const int32_t value = ByteAt(*w, i) - z;
    if (value < -128 || value > 127) {
      return NodeError(*spec.node, "W less its zero point",
                       "within -128 and 127", absl::StrCat(value));
    }
    centered[i] = static_cast<int8_t>(value);
  }
  return centered;
}

absl::StatusOr<ProductConstants> ProductConstants::Of(const KernelSpec& spec,
                                                      int64_t columns) {
  ProductConstants constants;
  HONE_ASSIGN_OR_RETURN(constants.x,
                        ReadTensorQuant(spec, ProductInputs::kXQuant));
  std::vector<float> sw;
  HONE_RETURN_IF_ERROR(ReadScales(spec, ProductInputs::kWQuant, columns, &sw));
  constants.epilogue.to_float =
      spec.node->Input(ProductInputs::kYQuant).empty();
  TensorQuant y;
  Int8Epilogue& epilogue = constants.epilogue;
  if (epilogue.to_float) {
    epilogue.float_low =
        spec.node->FloatAttribute("float_low", epilogue.float_low);
    epilogue.float_high =
        spec.node->FloatAttribute("float_high", epilogue.float_high);
  } else {
    HONE_ASSIGN_OR_RETURN(y, ReadTensorQuant(spec, ProductInputs::kYQuant));
    epilogue.zero_point = y.zero;
    epilogue.low = static_cast<int32_t>(
        std::max<int64_t>(y.low(), spec.node->IntAttribute("low", y.low())));
    epilogue.high = static_cast<int32_t>(
        std::min<int64_t>(y.high(), spec.node->IntAttribute("high", y.high())));
  }
  for (int64_t c = 0; c < columns; ++c) {
    const float m =
        Int8Multiplier(constants.x.scale, sw[sw.size() == 1 ? 0 : c], y.scale);
    if (!std::isfinite(m)) {
      return NodeError(*spec.node, "scale of x times scale of W", "finite",
                       absl::StrCat(m));
    }
    constants.multiplier.push_back(m);
  }
  constants.bias.assign(static_cast<size_t>(columns), 0);
  if (spec.node->Input(ProductInputs::kBias).empty()) return constants;
  const Tensor* const bias = ConstantAt(spec, ProductInputs::kBias);
  if (bias == nullptr || bias->dtype() != DType::kS32 ||
      bias->size() != columns) {
    return NodeError(
        *spec.node, "bias", absl::StrCat("a constant of ", columns, " int32"),
        bias == nullptr ? "no constant" : DimsToString(bias->dims()));
  }
  const absl::Span<const int32_t> values = bias->Values<int32_t>();
  constants.bias.assign(values.begin(), values.end());
  return constants;
}

const uint8_t* AsUint8(const TensorView& x, const TensorQuant& quant,
                       std::byte* copy, ThreadPool& pool) {
  const uint8_t* const from = x.As<uint8_t>();
  if (!quant.is_signed) return from;
  uint8_t* const to = reinterpret_cast<uint8_t*>(copy);
  ForRanges(pool, x.size, kLightGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = from[i] ^ 0x80;
  });
  return to;
}

}  // namespace hone
