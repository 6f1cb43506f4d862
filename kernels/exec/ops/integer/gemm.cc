#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/cpu/int8/conv/conv.h"
#include "kernels/cpu/int8/conv/conv_ref.h"
#include "kernels/cpu/int8/gemm/pack.h"
#include "kernels/exec/kernel.h"
#include "kernels/exec/ops/integer/integer.h"
#include "kernels/exec/ops/integer/product_kernel.h"
#include "kernels/exec/ops/integer/quant_constants.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

class QuantizedGemm : public Kernel {
 public:
  QuantizedGemm(const KernelSpec& spec, int64_t depth, int64_t columns,
                ProductConstants constants)
      : node_(*spec.node),
        depth_(depth),
        columns_(columns),
        constants_(std::move(constants)) {}

 protected:
  // The rows of x, or what is wrong with them.
  absl::StatusOr<int64_t> Rows(const KernelContext& context) const {
    const TensorView& x = context.inputs[0];
    const MutableTensorView& y = context.outputs[0];
    if (x.dims.empty() || x.dims.back() != depth_) {
      return NodeError(node_, "last extent of x", absl::StrCat(depth_),
                       DimsToString(x.dims));
    }
    Dims expected = x.dims;
    expected.back() = columns_;
    if (y.dims != expected) {
      return NodeError(node_, "extents of Y", DimsToString(expected),
                       DimsToString(y.dims));
    }
    return depth_ == 0 ? 0 : x.size / depth_;
  }

  const Node node_;
  const int64_t depth_;
  const int64_t columns_;
  const ProductConstants constants_;
};

class DefinedGemm : public QuantizedGemm {
 public:
  DefinedGemm(const KernelSpec& spec, int64_t depth, int64_t columns,
              ProductConstants constants, std::vector<int8_t> weights)
      : QuantizedGemm(spec, depth, columns, std::move(constants)),
        weights_(std::move(weights)) {}
  absl::string_view name() const override { return "int8.gemm.definition"; }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const int64_t rows, Rows(context));
    ConvShape shape;
    shape.batch = rows;
    shape.in_channels = depth_;
    shape.out_channels = columns_;
    const MutableTensorView& y = context.outputs[0];
    if (constants_.epilogue.to_float) {
      RunTo(shape, context.inputs[0], y.As<float>());
    } else {
      RunTo(shape, context.inputs[0], y.As<uint8_t>());
    }
    return absl::OkStatus();
  }

 private:
  template <typename Y>
  void RunTo(const ConvShape& shape, const TensorView& x, Y* y) const {
    const auto run = [&](const auto* from) {
      Int8ConvRef(shape, from, constants_.x.zero, weights_.data(),
                  constants_.bias.data(), constants_.multiplier.data(),
                  constants_.epilogue, y);
    };
    if (constants_.x.is_signed) {
      run(x.As<int8_t>());
    } else {
      run(x.As<uint8_t>());
    }
  }

  const std::vector<int8_t> weights_;  // [columns][depth]
};

class PackedGemm : public QuantizedGemm {
 public:
  PackedGemm(const KernelSpec& spec, int64_t depth, int64_t columns,
             ProductConstants constants,
             std::shared_ptr<const PackedInt8> weights)
      : QuantizedGemm(spec, depth, columns, std::move(constants)),
        weights_(std::move(weights)),
        epilogue_(constants_, 1, columns, [this](int64_t g, int64_t c) {
          return weights_->column_sum(g, c);
        }) {}

  absl::string_view name() const override { return "int8.gemm.packed"; }
  bool reads_input(size_t index) const override { return index == 0; }
  size_t packed_bytes() const override { return weights_->bytes(); }
  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int threads) const override {
    return CopyBytes(inputs[0]) +
           Int8GemmScratchBytes(inputs[0].size / std::max<int64_t>(1, depth_),
                                depth_, threads);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_ASSIGN_OR_RETURN(const int64_t rows, Rows(context));
    const uint8_t* const x = AsUint8(context.inputs[0], constants_.x,
                                     context.scratch, *context.pool);
    Int8Gemm(rows, depth_, x, *weights_, epilogue_.get(),
             context.outputs[0].data,
             context.scratch + CopyBytes(context.inputs[0]), *context.pool);
    return absl::OkStatus();
  }

 private:
  size_t CopyBytes(const TensorView& x) const {
    return constants_.x.is_signed ? (x.size + 63) / 64 * 64 : 0;
  }

  const std::shared_ptr<const PackedInt8> weights_;
  const ProductEpilogue epilogue_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeQuantizedGemm(
    const KernelSpec& spec) {
  const bool transposed = spec.node->op_type == "QuantizedGemm" &&
                          spec.node->IntAttribute("transB", 0) != 0;
  const int axis = transposed ? 0 : 1;
  HONE_ASSIGN_OR_RETURN(const std::vector<int8_t> w,
                        ProductConstants::CenteredWeights(spec, axis));
  const Tensor& tensor = *spec.constants[ProductInputs::kW];
  if (tensor.rank() != 2 || tensor.size() == 0) {
    return NodeError(*spec.node, "extents of W", "2 axes",
                     DimsToString(tensor.dims()));
  }
  const int64_t columns = tensor.dims()[axis];
  const int64_t depth = tensor.dims()[1 - axis];
  HONE_ASSIGN_OR_RETURN(ProductConstants constants,
                        ProductConstants::Of(spec, columns));
  // [columns][depth], the depth rounded up to `stride`.
  const auto arrange = [&](int64_t stride) {
    std::vector<int8_t> rows(static_cast<size_t>(columns * stride));
    for (int64_t c = 0; c < columns; ++c) {
      for (int64_t k = 0; k < depth; ++k) {
        rows[c * stride + k] =
            transposed ? w[c * depth + k] : w[k * columns + c];
      }
    }
    return rows;
  };
  if (RunsDefinition(spec)) {
    return std::make_unique<DefinedGemm>(spec, depth, columns,
                                         std::move(constants), arrange(depth));
  }
  const Tensor* const zero = spec.constants[ProductInputs::kWQuant + 1];
  std::shared_ptr<const PackedInt8> weights = PackOnce<PackedInt8>(
      spec.packed, tensor,
      absl::StrCat("int8.gemm.", CurrentInt8Layout().name(), ".", transposed,
                   ".", zero == nullptr ? "" : zero->ContentHash()),
      [&] {
        const int64_t stride = (depth + 3) / 4 * 4;
        return std::make_shared<const PackedInt8>(
            arrange(stride).data(), 1, columns, 1, stride, CurrentInt8Layout());
      });
  return std::make_unique<PackedGemm>(spec, depth, columns,
                                      std::move(constants), std::move(weights));
}

}  // namespace hone
