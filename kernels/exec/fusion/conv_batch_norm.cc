#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"

namespace hone {
namespace {

struct Affine {
  std::vector<double> factor, offset;  // by channel
};

std::optional<std::vector<double>> Floats(const NodeTable& table,
                                          absl::string_view name) {
  const Tensor* tensor = table.Constant(name);
  if (tensor == nullptr || tensor->dtype() != DType::kF32) return std::nullopt;
  const Tensor aligned = tensor->Aligned();
  const absl::Span<const float> values = aligned.Values<float>();
  return std::vector<double>(values.begin(), values.end());
}

// y = x factor + offset.
std::optional<Affine> AffineOf(const NodeTable& table, const Node& norm) {
  if (!norm.Is("BatchNormalization") || norm.inputs.size() != 5 ||
      norm.IntAttribute("training_mode", 0) != 0) {
    return std::nullopt;
  }
  for (size_t i = 1; i < norm.outputs.size(); ++i) {
    if (!norm.outputs[i].empty()) return std::nullopt;
  }
  const auto scale = Floats(table, norm.inputs[1]);
  const auto beta = Floats(table, norm.inputs[2]);
  const auto mean = Floats(table, norm.inputs[3]);
  const auto var = Floats(table, norm.inputs[4]);
  if (!scale || !beta || !mean || !var || beta->size() != scale->size() ||
      mean->size() != scale->size() || var->size() != scale->size()) {
    return std::nullopt;
  }
  const double epsilon = norm.FloatAttribute("epsilon", 1e-5f);
  Affine affine;
  for (size_t c = 0; c < scale->size(); ++c) {
    const double factor = (*scale)[c] / std::sqrt((*var)[c] + epsilon);
    affine.factor.push_back(factor);
    affine.offset.push_back((*beta)[c] - (*mean)[c] * factor);
  }
  return affine;
}

// The weight with every output channel multiplied by its factor.
std::optional<Tensor> Scaled(const Tensor& weight, const Affine& affine,
                             bool transposed, int64_t groups) {
  if (weight.dtype() != DType::kF32 || weight.rank() < 3 || groups < 1) {
    return std::nullopt;
  }
  const int64_t channels = static_cast<int64_t>(affine.factor.size());
  const Dims& dims = weight.dims();
  if (transposed ? dims[1] * groups != channels || dims[0] % groups != 0
                 : dims[0] != channels) {
    return std::nullopt;
  }
  if (weight.size() == 0) return std::nullopt;
  const Tensor aligned = weight.Aligned();
  const float* in = aligned.Values<float>().data();
  std::vector<float> out(weight.size());
  const int64_t inner =
      weight.size() / (transposed ? dims[0] * dims[1] : dims[0]);
  const int64_t rows = weight.size() / inner;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t channel = row;
    if (transposed) {
      const int64_t group = row / dims[1] / (dims[0] / groups);
      channel = group * dims[1] + row % dims[1];
    }
    for (int64_t i = row * inner; i < (row + 1) * inner; ++i) {
      out[i] = static_cast<float>(in[i] * affine.factor[channel]);
    }
  }
  return Tensor::FromVector<float>(dims, absl::MakeConstSpan(out));
}

bool FuseAt(NodeTable& table, int at) {
  const Node& norm = table.node(at);
  const std::optional<Affine> affine = AffineOf(table, norm);
  if (!affine.has_value()) return false;
  const int producer = table.Producer(norm.inputs[0]);
  if (producer < 0 || !table.ReadOnlyBy(norm.inputs[0], at)) return false;
  const Node& conv = table.node(producer);
  const bool transposed = conv.Is("ConvTranspose");
  if (!conv.Is("Conv") && !transposed) return false;
  const Tensor* weight = table.Constant(conv.Input(1));
  if (weight == nullptr) return false;
  const std::optional<Tensor> scaled =
      Scaled(*weight, *affine, transposed, conv.IntAttribute("group", 1));
  if (!scaled.has_value()) return false;
  std::vector<float> bias(affine->offset.begin(), affine->offset.end());
  if (!conv.Input(2).empty()) {
    const auto old = Floats(table, conv.Input(2));
    if (!old.has_value() || old->size() != bias.size()) return false;
    for (size_t c = 0; c < bias.size(); ++c) {
      bias[c] =
          static_cast<float>((*old)[c] * affine->factor[c] + affine->offset[c]);
    }
  }
  Node fused = conv;
  fused.inputs.resize(3);
  fused.inputs[1] = table.AddConstant(conv.Input(1), *scaled);
  fused.inputs[2] = table.AddConstant(
      norm.inputs[2],
      Tensor::FromVector<float>({static_cast<int64_t>(bias.size())},
                                absl::MakeConstSpan(bias)));
  fused.outputs = {norm.outputs[0]};
  table.Replace(at, std::move(fused), {producer});
  return true;
}

}  // namespace

int FuseConvBatchNorm(FusionGraph& graph) {
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) made += FuseAt(table, i) ? 1 : 0;
  table.Finish();
  return made;
}

}  // namespace hone
