#include "kernels/exec/ops/microsoft/block_product.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "kernels/cpu/gemm/gemm.h"
#include "kernels/cpu/gemm/pack.h"
#include "kernels/exec/ops/adapter/element_types.h"
#include "kernels/exec/ops/adapter/shapes.h"
#include "kernels/exec/packed_cache.h"

namespace hone {
namespace {

std::shared_ptr<const PackedColumns> Pack(const std::vector<float>& weights,
                                          int64_t k, int64_t n) {
  return std::make_shared<const PackedColumns>(
      StridedMatrix{weights.data(), 1, k}, k, n);
}

class BlockProductKernel : public Kernel {
 public:
  BlockProductKernel(const Node& node, BlockProduct product,
                     std::shared_ptr<const PackedColumns> weights)
      : node_(node),
        label_(NodeLabel(node)),
        product_(std::move(product)),
        weights_(std::move(weights)) {}
  absl::string_view name() const override { return product_.name; }
  size_t packed_bytes() const override {
    return weights_ == nullptr ? 0 : weights_->bytes();
  }
  bool reads_input(size_t index) const override {
    return weights_ == nullptr || index < product_.first ||
           index >= product_.last;
  }

  size_t ScratchBytes(absl::Span<const TensorView> inputs,
                      absl::Span<const MutableTensorView> /*outputs*/,
                      int /*threads*/) const override {
    return GemmScratchBytes(inputs[0].size / std::max<int64_t>(1, product_.k),
                            product_.k);
  }

  absl::Status Run(const KernelContext& context) const override {
    HONE_RETURN_IF_ERROR(ExpectInputs(label_, context, 3));
    const TensorView& a = context.inputs[0];
    if (a.dims.empty() || a.dims.back() != product_.k) {
      return NodeError(node_, "last extent of the input",
                       absl::StrCat(product_.k), DimsToString(a.dims));
    }
    Dims dims = a.dims;
    dims.back() = product_.n;
    HONE_RETURN_IF_ERROR(
        ExpectDims(label_, "output extents", dims, context.outputs[0].dims));
    std::shared_ptr<const PackedColumns> weights = weights_;
    if (weights == nullptr) {
      HONE_ASSIGN_OR_RETURN(const std::vector<float> late,
                            product_.dequantize(context.inputs));
      weights = Pack(late, product_.k, product_.n);
    }
    GemmEpilogue epilogue;
    const auto bias = static_cast<size_t>(product_.bias_input);
    if (product_.bias_input >= 0 && bias < context.inputs.size() &&
        context.inputs[bias].present()) {
      HONE_RETURN_IF_ERROR(
          ExpectDims(label_, "bias", {product_.n}, context.inputs[bias].dims));
      epilogue.initial = context.inputs[bias].As<float>();
    }
    Gemm(Product(dims, 0, dims.size() - 1), {a.As<float>(), product_.k, 1}, 1,
         *weights, epilogue, context.outputs[0].As<float>(), product_.n,
         context.scratch, *context.pool);
    return absl::OkStatus();
  }

 private:
  const Node node_;
  const std::string label_;
  const BlockProduct product_;
  const std::shared_ptr<const PackedColumns> weights_;  // null: not constant
};

}  // namespace

absl::StatusOr<std::unique_ptr<Kernel>> MakeBlockProduct(
    const KernelSpec& spec, BlockProduct product, absl::string_view packing) {
  using Single = ElementTypes<float>;
  HONE_RETURN_IF_ERROR(CheckDType(Single(), spec, 0));
  std::vector<Tensor> aligned(spec.node->inputs.size());
  std::vector<TensorView> views(aligned.size());
  bool constant = true;
  std::string key(packing);
  for (size_t i = product.first; i < product.last && i < views.size(); ++i) {
    if (spec.node->inputs[i].empty()) continue;
    if (i >= spec.constants.size() || spec.constants[i] == nullptr) {
      constant = false;
      break;
    }
    aligned[i] = spec.constants[i]->Aligned();
    views[i].dtype = aligned[i].dtype();
    views[i].dims = aligned[i].dims();
    views[i].size = aligned[i].size();
    views[i].data = aligned[i].bytes().data();
    absl::StrAppend(&key, ".", i, ":", aligned[i].ContentHash());
  }
  std::shared_ptr<const PackedColumns> weights;
  if (constant && aligned[product.first].defined()) {
    HONE_ASSIGN_OR_RETURN(const std::vector<float> floats,
                          product.dequantize(views));
    weights = PackOnce<PackedColumns>(
        spec.packed, aligned[product.first], key,
        [&] { return Pack(floats, product.k, product.n); });
  }
  return std::make_unique<BlockProductKernel>(*spec.node, std::move(product),
                                              std::move(weights));
}

}  // namespace hone
