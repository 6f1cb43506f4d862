#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/function_kernel.h"
#include "kernels/exec/ops/adapter/narrow_types.h"
#include "kernels/exec/ops/adapter/numbers.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/ops/gather/indices.h"
#include "kernels/exec/ops/microsoft/microsoft.h"

namespace hone {
namespace {

struct Options {
  int64_t gather_axis = 0, quantize_axis = 1, block = 128, bits = 4;
};

// Codes that lie `bits` wide, the first in the low bits.
struct Codes {
  const void* data = nullptr;
  DType dtype = DType::kU8;
  int64_t bits = 8;

  int32_t At(int64_t i) const {
    if (const std::optional<NarrowType> narrow = NarrowTypeOf(dtype)) {
      return static_cast<int32_t>(narrow->Read(data, i));
    }
    const auto* bytes = static_cast<const uint8_t*>(data);
    return (bytes[i * bits / 8] >> (i * bits % 8)) & ((1 << bits) - 1);
  }
};

// y = (data - zero) * scale of the slices that the indices name along
// gather_axis; a block of `block` elements along quantize_axis has one scale.
absl::Status Run(const Options& options, const Node& node,
                 const std::string& label, const KernelContext& context) {
  HONE_RETURN_IF_ERROR(ExpectInputs(label, context, 3));
  const TensorView& data = context.inputs[0];
  const TensorView& scale = context.inputs[2];
  const bool bytes = data.dtype == DType::kU8;
  Dims dims = data.dims;
  if (dims.empty()) return NodeError(node, "rank of data", "at least 1");
  if (bytes) dims.back() *= 8 / options.bits;
  const auto rank = static_cast<int64_t>(dims.size());
  HONE_ASSIGN_OR_RETURN(const int64_t gather,
                        FrontAxis(node, options.gather_axis, rank));
  HONE_ASSIGN_OR_RETURN(const int64_t blocked,
                        FrontAxis(node, options.quantize_axis, rank));
  if (gather == blocked) {
    return NodeError(node, "gather_axis and quantize_axis", "two axes");
  }
  const int64_t extent = dims[static_cast<size_t>(blocked)];
  Dims scale_dims = dims;
  scale_dims[static_cast<size_t>(blocked)] =
      (extent + options.block - 1) / options.block;
  HONE_RETURN_IF_ERROR(
      ExpectDims(label, "extents of the scales", scale_dims, scale.dims));
  const bool has_zeros =
      context.inputs.size() > 3 && context.inputs[3].present();
  Dims zero_dims = scale_dims;
  if (bytes) {
    zero_dims.back() = (zero_dims.back() * options.bits + 7) / 8;
  }
  if (has_zeros) {
    HONE_RETURN_IF_ERROR(ExpectDims(label, "extents of the zero points",
                                    zero_dims, context.inputs[3].dims));
    if (context.inputs[3].dtype != data.dtype) {
      return NodeError(node, "zero points", DTypeName(data.dtype),
                       DTypeName(context.inputs[3].dtype));
    }
  }
  // Rows of zero points start at whole bytes.
  const int64_t zero_row =
      bytes ? zero_dims.back() * 8 / options.bits : scale_dims.back();
  HONE_ASSIGN_OR_RETURN(std::vector<int64_t> indices,
                        IndexElements(label, context.inputs[1]));
  HONE_RETURN_IF_ERROR(WrapIndices(label, dims[static_cast<size_t>(gather)],
                                   absl::MakeSpan(indices)));
  HONE_ASSIGN_OR_RETURN(const std::vector<double> scales,
                        ReadNumbers(label, scale));
  const Codes codes = {data.data, data.dtype, options.bits};
  const Codes zeros = {has_zeros ? context.inputs[3].data : nullptr, data.dtype,
                       options.bits};
  const int32_t middle = bytes ? 1 << (options.bits - 1) : 0;
  const int64_t inner =
      Product(dims, static_cast<size_t>(gather) + 1, dims.size());
  const int64_t outer = Product(dims, 0, static_cast<size_t>(gather));
  const int64_t slices = dims[static_cast<size_t>(gather)];
  std::vector<double> y;
  y.reserve(static_cast<size_t>(outer * inner) * indices.size());
  // The extents after the blocked axis, and along it.
  const int64_t after =
      Product(dims, static_cast<size_t>(blocked) + 1, dims.size());
  const int64_t blocks = scale_dims[static_cast<size_t>(blocked)];
  for (int64_t o = 0; o < outer; ++o) {
    for (const int64_t index : indices) {
      for (int64_t i = 0; i < inner; ++i) {
        const int64_t at = (o * slices + index) * inner + i;
        const int64_t place = (at / after / extent * blocks +
                               at / after % extent / options.block) *
                                  after +
                              at % after;
        const int32_t zero =
            has_zeros ? zeros.At(place / scale_dims.back() * zero_row +
                                 place % scale_dims.back())
                      : middle;
        y.push_back((codes.At(at) - zero) * scales[static_cast<size_t>(place)]);
      }
    }
  }
  return WriteNumbers(label, y, context.outputs[0]);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeGatherBlockQuantized(
    const KernelSpec& spec) {
  AttributeReader read(*spec.node);
  Options options;
  const int64_t most = int64_t{1} << 31;
  options.gather_axis = read.IntIn("gather_axis", 0, -most, most);
  options.quantize_axis = read.IntIn("quantize_axis", 1, -most, most);
  options.block = read.IntIn("block_size", 128, 16, most);
  options.bits = read.IntIn("bits", 4, 2, 8);
  HONE_RETURN_IF_ERROR(read.Finish(0).status());
  if (options.bits != 2 && options.bits != 4 && options.bits != 8) {
    return UnimplementedError(spec, "bits");
  }
  const DType dtype =
      spec.input_types.empty() ? DType::kUndefined : spec.input_types[0].dtype;
  if (dtype != DType::kUndefined && dtype != DType::kU8 &&
      dtype != DType::kU4 && dtype != DType::kS4) {
    return UnimplementedError(spec, "the element type", "uint8, uint4 or int4",
                              DTypeName(dtype));
  }
  return MakeFunctionKernel(
      {"gather_blocks"},
      [options, node = *spec.node,
       label = NodeLabel(*spec.node)](const KernelContext& context) {
        return Run(options, node, label, context);
      });
}

}  // namespace hone
