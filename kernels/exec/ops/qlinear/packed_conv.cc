#include "kernels/exec/ops/qlinear/packed_conv.h"

#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv.h"
#include "kernels/cpu/int8/depthwise/depthwise.h"
#include "kernels/cpu/int8/gemm/product.h"
#include "kernels/exec/ops/conv/conv_geometry.h"

namespace hone {
namespace {

// w less its zero points; false where int8 lacks a difference.
bool Center(const Dims& dims, const uint8_t* w, bool is_signed,
            const std::vector<int32_t>& zero, std::vector<int8_t>* centered) {
  const int64_t each = static_cast<int64_t>(centered->size()) / dims[0];
  for (size_t i = 0; i < centered->size(); ++i) {
    const size_t channel = static_cast<size_t>(static_cast<int64_t>(i) / each);
    const int32_t z =
        zero.empty() ? 0 : zero[zero.size() == 1 ? size_t{0} : channel];
    const int32_t value =
        (is_signed ? int32_t{static_cast<int8_t>(w[i])} : int32_t{w[i]}) - z;
    if (value < -128 || value > 127) return false;
    (*centered)[i] = static_cast<int8_t>(value);
  }
  return true;
}

}  // namespace

PackedConv::PackedConv(const ConvView& view, const Dims& dims, const uint8_t* w,
                       bool is_signed, const std::vector<int32_t>* zero) {
  int64_t size = 1;
  for (const int64_t extent : dims) size *= extent;
  std::vector<int8_t> values(static_cast<size_t>(size));
  centered = zero != nullptr && Center(dims, w, is_signed, *zero, &values);
  if (!centered) {
    const uint8_t flip = is_signed ? 0 : 0x80;
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<int8_t>(w[i] ^ flip);
    }
  }
  const ConvShape shape = ConvWeightShape(view, dims);
  const Int8Layout layout = CurrentInt8Layout();
  if (centered && dims.size() <= 4 && Int8DepthwiseApplies(shape)) {
    const int64_t together = Int8DepthwisePixelsTogether(shape);
    std::vector<int8_t> pixels;
    for (int64_t i = 0; i < together; ++i) {
      pixels.insert(pixels.end(), values.begin(), values.end());
    }
    depthwise = std::make_unique<const Int8DepthwiseWeights>(
        pixels.data(), together * shape.groups, Volume(shape.kernel), layout);
    return;
  }
  const Int8ConvTaps taps = Int8ConvTapsOf(shape);
  gemm = std::make_unique<const PackedInt8>(
      ArrangeInt8Taps(shape, values.data()).data(), shape.groups,
      shape.out_channels, taps.count, taps.depth, layout);
}

}  // namespace hone
