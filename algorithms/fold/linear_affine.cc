#include "algorithms/fold/linear_affine.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hone {
namespace {

const Tensor* FixedFloat(const GraphIndex& index, absl::string_view name) {
  const Tensor* tensor = FixedConstant(index, name);
  return tensor != nullptr && tensor->dtype() == DType::kF32 ? tensor : nullptr;
}

// The output channel of every element of the weight, in its order, divides into
// runs: channel(o, c) for o in outer, c in channels, each `inner` elements
// long.
Tensor ScaleWeight(const LinearNode& linear, absl::Span<const double> a) {
  const Tensor weight = linear.weight->Aligned();
  const absl::Span<const float> w = weight.Values<float>();
  std::vector<float> scaled(w.size());
  const Dims& dims = weight.dims();
  if (linear.gemm && !linear.trans_b) {
    const size_t n = dims[1];
    for (size_t i = 0; i < w.size(); ++i) scaled[i] = w[i] * a[i % n];
  } else if (linear.transposed_conv) {
    // w [in, channels / group, k...]: input i belongs to group i / (in /
    // group).
    const int64_t in = dims[0];
    const int64_t per_group = dims[1];
    const int64_t kernel =
        w.empty() ? 0 : static_cast<int64_t>(w.size()) / (in * per_group);
    for (int64_t i = 0; i < in; ++i) {
      const int64_t group = i / (in / linear.group);
      for (int64_t j = 0; j < per_group; ++j) {
        const double factor = a[group * per_group + j];
        for (int64_t k = 0; k < kernel; ++k) {
          const int64_t at = (i * per_group + j) * kernel + k;
          scaled[at] = w[at] * factor;
        }
      }
    }
  } else {
    const size_t each = w.empty() ? 1 : w.size() / dims[0];
    for (size_t i = 0; i < w.size(); ++i) scaled[i] = w[i] * a[i / each];
  }
  return Tensor::FromVector<float>(dims, absl::MakeConstSpan(scaled));
}

}  // namespace

const Tensor* FixedConstant(const GraphIndex& index, absl::string_view name) {
  if (name.empty() || index.IsGraphInput(name)) return nullptr;
  return index.ConstantTensor(name);
}

std::optional<LinearNode> AsLinear(const Model& model, const GraphIndex& index,
                                   int node_index) {
  const Node& node = model.graph.nodes[node_index];
  LinearNode linear;
  linear.node = node_index;
  linear.transposed_conv = node.Is("ConvTranspose");
  linear.gemm = node.Is("Gemm");
  if (!node.Is("Conv") && !linear.transposed_conv && !linear.gemm) {
    return std::nullopt;
  }
  linear.weight = FixedFloat(index, node.Input(1));
  if (linear.weight == nullptr || linear.weight->rank() < 2 ||
      linear.weight->size() == 0) {
    return std::nullopt;
  }
  const Dims& dims = linear.weight->dims();
  linear.rank = linear.gemm ? 2 : linear.weight->rank();
  linear.group = node.IntAttribute("group", 1);
  linear.trans_b = node.IntAttribute("transB", 0) != 0;
  linear.beta = linear.gemm ? node.FloatAttribute("beta", 1) : 1;
  if (linear.gemm) {
    if (dims.size() != 2) return std::nullopt;
    linear.channels = dims[linear.trans_b ? 0 : 1];
  } else if (linear.transposed_conv) {
    if (linear.group < 1 || dims[0] % linear.group != 0) return std::nullopt;
    linear.channels = dims[1] * linear.group;
  } else {
    linear.channels = dims[0];
  }
  if (!node.Input(2).empty()) {
    linear.bias = FixedFloat(index, node.Input(2));
    if (linear.bias == nullptr) return std::nullopt;
    const bool per_channel =
        linear.gemm ? PerChannel(*linear.bias, 2, linear.channels).has_value()
                    : linear.bias->rank() == 1 &&
                          linear.bias->size() == linear.channels;
    if (!per_channel) return std::nullopt;
  }
  return linear;
}

std::optional<std::vector<double>> PerChannel(const Tensor& constant,
                                              int64_t rank, int64_t channels) {
  if (constant.dtype() != DType::kF32 || constant.rank() > rank) {
    return std::nullopt;
  }
  const Tensor aligned = constant.Aligned();
  const absl::Span<const float> values = aligned.Values<float>();
  if (values.size() == 1) return std::vector<double>(channels, values[0]);
  if (static_cast<int64_t>(values.size()) != channels) return std::nullopt;
  const int64_t axis = 1 - (rank - constant.rank());
  if (axis < 0 || constant.dims()[axis] != channels) return std::nullopt;
  return std::vector<double>(values.begin(), values.end());
}

void FoldAffine(const LinearNode& linear, absl::Span<const double> a,
                absl::Span<const double> b, Graph* graph) {
  const Tensor weight = ScaleWeight(linear, a);
  std::vector<double> old(linear.channels, 0);
  if (linear.bias != nullptr) {
    // AsLinear has checked the shape; a Conv's bias is a vector.
    old = *PerChannel(linear.bias->Reshaped({linear.bias->size()}), 2,
                      linear.channels);
  }
  std::vector<float> bias(linear.channels);
  for (int64_t c = 0; c < linear.channels; ++c) {
    bias[c] = static_cast<float>(old[c] * linear.beta * a[c] + b[c]);
  }
  Node& node = graph->nodes[linear.node];
  const std::string stem = node.inputs[1];
  const std::string weight_name =
      graph->FreshName(absl::StrCat(stem, "_folded"));
  graph->SetInitializer(weight_name, weight);
  const std::string bias_name =
      graph->FreshName(absl::StrCat(stem, "_folded_bias"));
  graph->SetInitializer(
      bias_name,
      Tensor::FromVector<float>({linear.channels}, absl::MakeConstSpan(bias)));
  node.inputs.resize(3);
  node.inputs[1] = weight_name;
  node.inputs[2] = bias_name;
  if (linear.gemm) node.RemoveAttribute("beta");
}

}  // namespace hone
