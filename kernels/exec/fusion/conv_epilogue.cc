#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/exec/fusion/activation.h"
#include "kernels/exec/fusion/fusions.h"
#include "kernels/exec/fusion/node_table.h"
#include "kernels/exec/ops/registry.h"

namespace hone {
namespace {

bool IsInternal(const Node& node, absl::string_view op_type) {
  return node.domain == kInternalDomain && node.op_type == op_type;
}

bool IsConv(const Node& node) {
  return node.Is("Conv") || IsInternal(node, "FusedConv");
}

bool IsConvTranspose(const Node& node) {
  return node.Is("ConvTranspose") || IsInternal(node, "FusedConvTranspose");
}

bool HasActivation(const Node& node) {
  return !node.StringAttribute("activation", "").empty();
}

// The same node in the internal domain, as far as it can be fused.
Node Fusable(const Node& node) {
  Node fused = node;
  if (fused.domain != kInternalDomain) {
    fused.domain = std::string(kInternalDomain);
    fused.op_type = "Fused" + node.op_type;
  }
  return fused;
}

// The Conv that makes input `side` of node `at`, if `at` alone reads it.
int OwnConv(const NodeTable& table, int at, int side) {
  const Node& node = table.node(at);
  const int conv = table.Producer(node.inputs[side]);
  if (conv < 0 || !table.ReadOnlyBy(node.inputs[side], at)) return -1;
  if (!IsConv(table.node(conv)) || HasActivation(table.node(conv)) ||
      table.TypeOf(node.inputs[side]).dtype != DType::kF32) {
    return -1;
  }
  return conv;
}

// `tensor` as a bias of `channels`, if it broadcasts over a rank-`rank` output
// along its channel axis only.
std::optional<Tensor> AsBias(const Tensor& tensor, int64_t channels, int rank) {
  if (tensor.dtype() != DType::kF32 || tensor.rank() > rank) {
    return std::nullopt;
  }
  const int channel = 1 - (rank - tensor.rank());
  for (int i = 0; i < tensor.rank(); ++i) {
    if (i != channel && tensor.dims()[i] != 1) return std::nullopt;
  }
  const Tensor aligned = tensor.Aligned();
  const absl::Span<const float> values = aligned.Values<float>();
  std::vector<float> bias(channels, values.empty() ? 0.0f : values[0]);
  if (static_cast<int64_t>(values.size()) == channels) {
    bias.assign(values.begin(), values.end());
  } else if (values.size() != 1) {
    return std::nullopt;
  }
  return Tensor::FromVector<float>({channels}, absl::MakeConstSpan(bias));
}

// Both are known to have the same extents in every run.
bool SameExtents(const Type& a, const Type& b) {
  if (!a.is_tensor() || !b.is_tensor() || a.dtype != b.dtype || !a.shape ||
      !b.shape || a.shape->size() != b.shape->size()) {
    return false;
  }
  for (size_t i = 0; i < a.shape->size(); ++i) {
    const Dim& x = (*a.shape)[i];
    if (x != (*b.shape)[i] || (!x.known() && !x.symbolic())) return false;
  }
  return true;
}

bool FuseBiasAt(NodeTable& table, int at) {
  const Node& add = table.node(at);
  if (!add.Is("Add") || add.inputs.size() != 2) return false;
  for (int side = 0; side < 2; ++side) {
    const Tensor* addend = table.Constant(add.inputs[1 - side]);
    const int producer = OwnConv(table, at, side);
    if (addend == nullptr || producer < 0) continue;
    const Node& conv = table.node(producer);
    const Tensor* weight = table.Constant(conv.Input(1));
    if (weight == nullptr || weight->rank() < 3 || !conv.Input(3).empty()) {
      continue;
    }
    std::optional<Tensor> bias =
        AsBias(*addend, weight->dims()[0], weight->rank());
    if (!bias.has_value()) continue;
    if (!conv.Input(2).empty()) {
      const Tensor* old = table.Constant(conv.Input(2));
      if (old == nullptr || old->dtype() != DType::kF32 ||
          old->size() != bias->size()) {
        continue;
      }
      const Tensor aligned = old->Aligned();
      std::vector<float> sum(aligned.Values<float>().begin(),
                             aligned.Values<float>().end());
      for (size_t c = 0; c < sum.size(); ++c) {
        sum[c] += bias->Values<float>()[c];
      }
      bias =
          Tensor::FromVector<float>({bias->size()}, absl::MakeConstSpan(sum));
    }
    Node fused = conv;
    fused.inputs.resize(3);
    fused.inputs[2] = table.AddConstant(add.outputs[0], *bias);
    fused.outputs = add.outputs;
    table.Replace(at, std::move(fused), {producer});
    return true;
  }
  return false;
}

bool FuseResidualAt(NodeTable& table, int at) {
  const Node& add = table.node(at);
  if (!add.Is("Add") || add.inputs.size() != 2) return false;
  int best = -1;
  int best_side = 0;
  for (int side = 0; side < 2; ++side) {
    const int producer = OwnConv(table, at, side);
    if (producer < 0 || !table.node(producer).Input(3).empty() ||
        !SameExtents(table.TypeOf(add.inputs[0]),
                     table.TypeOf(add.inputs[1]))) {
      continue;
    }
    // Of two, the later: the other's output is wanted before it anyway.
    if (producer > best) {
      best = producer;
      best_side = side;
    }
  }
  if (best < 0) return false;
  Node fused = Fusable(table.node(best));
  fused.inputs.resize(4);
  fused.inputs[3] = add.inputs[1 - best_side];
  fused.outputs = add.outputs;
  table.Replace(at, std::move(fused), {best});
  return true;
}

bool FuseActivationAt(NodeTable& table, int at) {
  const Node& node = table.node(at);
  if (node.inputs.empty() || node.inputs[0].empty()) return false;
  const std::optional<Activation> activation = ActivationOf(table, node);
  if (!activation.has_value()) return false;
  const int producer = table.Producer(node.inputs[0]);
  if (producer < 0 || !table.ReadOnlyBy(node.inputs[0], at)) return false;
  const Node& matrix = table.node(producer);
  const bool fits =
      (IsConv(matrix) && FindKernel(kInternalDomain, "FusedConv")) ||
      (IsConvTranspose(matrix) &&
       FindKernel(kInternalDomain, "FusedConvTranspose"));
  if (!fits || HasActivation(matrix) ||
      table.TypeOf(node.inputs[0]).dtype != DType::kF32) {
    return false;
  }
  Node fused = Fusable(matrix);
  fused.SetAttribute(Attribute::String("activation", activation->name));
  fused.SetAttribute(
      Attribute::Floats("activation_params", activation->params));
  fused.outputs = node.outputs;
  table.Replace(at, std::move(fused), {producer});
  return true;
}

int ForEachNode(FusionGraph& graph, bool (*fuse)(NodeTable&, int)) {
  NodeTable table(graph);
  int made = 0;
  for (int i = 0; i < table.size(); ++i) made += fuse(table, i) ? 1 : 0;
  table.Finish();
  return made;
}

}  // namespace

int FuseConvBias(FusionGraph& graph) { return ForEachNode(graph, FuseBiasAt); }

int FuseConvAdd(FusionGraph& graph) {
  if (FindKernel(kInternalDomain, "FusedConv") == nullptr) return 0;
  return ForEachNode(graph, FuseResidualAt);
}

int FuseConvActivation(FusionGraph& graph) {
  return ForEachNode(graph, FuseActivationAt);
}

}  // namespace hone
