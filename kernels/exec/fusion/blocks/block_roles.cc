#include "kernels/exec/fusion/blocks/block_roles.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {
namespace {

// Multiply-adds in the time of moving one element from one layout to the other.
constexpr double kMove = 48;
// What of its multiply-adds a convolution saves in blocks; 3x3 of stride 1 is
// computed with a quarter of them.
constexpr double kSavedDirect = 0.06;
constexpr double kSavedWinograd = 0.6;
// Multiply-adds an output that a depthwise convolution saves.
constexpr double kSavedDepthwise = 5;
// Where an extent is not known.
constexpr double kLikelyExtent = 32;

bool IsConv(const Node& node) {
  return node.Is("Conv") ||
         (node.domain == kInternalDomain && node.op_type == "FusedConv");
}

// Finite for every finite input, so that lanes which hold no channel stay
// harmless.
bool IsUnary(const Node& node) {
  static constexpr absl::string_view kUnary[] = {
      "Abs",  "Celu",           "Clip",      "Elu",       "Erf",
      "Gelu", "HardSigmoid",    "HardSwish", "LeakyRelu", "Mish",
      "Neg",  "Relu",           "Selu",      "Sigmoid",   "Softsign",
      "Tanh", "ThresholdedRelu"};
  return (node.domain.empty() && absl::c_linear_search(kUnary, node.op_type)) ||
         (node.domain == kInternalDomain && node.op_type == "Silu");
}

bool IsBinary(const Node& node) {
  return node.Is("Add") || node.Is("Sub") || node.Is("Mul");
}

}  // namespace

bool TakesPlainInput(int64_t channels) { return channels < ChannelBlock() / 2; }

BlockGraph::BlockGraph(const FusionGraph& graph)
    : graph_(graph), block_(ChannelBlock()) {
  for (const Initializer& initializer : graph.model->graph.initializers) {
    constants_[initializer.name] = &initializer.tensor;
  }
}

const Tensor* BlockGraph::Constant(absl::string_view value) const {
  const auto found = constants_.find(value);
  return found == constants_.end() ? nullptr : found->second;
}

int64_t BlockGraph::ChannelsOf(const std::string& value) const {
  const Type& type = graph_.types->TypeOf(value);
  if (!type.is_tensor() || type.dtype != DType::kF32 ||
      !type.shape.has_value() || type.shape->size() < 3 ||
      type.shape->size() > 4 || !(*type.shape)[1].known()) {
    return 0;
  }
  return (*type.shape)[1].value;
}

bool BlockGraph::IsChannelConstant(const std::string& value,
                                   int64_t channels) const {
  const Tensor* const tensor = Constant(value);
  if (tensor == nullptr || tensor->dtype() != DType::kF32 ||
      tensor->rank() < 3 || tensor->size() != channels) {
    return false;
  }
  // [c, 1, 1] or [1, c, 1, 1], of images of as many axes.
  const size_t axis = tensor->rank() == 4 ? 1 : 0;
  return tensor->dims()[axis] == channels;
}

std::vector<size_t> BlockGraph::ChannelConstantsOf(const Node& node) const {
  std::vector<size_t> found;
  if (!IsBinary(node)) return found;
  const int64_t channels = ChannelsOf(node.outputs[0]);
  const Type& type = graph_.types->TypeOf(node.outputs[0]);
  if (channels < 2 || type.shape->size() != 4) return found;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (IsChannelConstant(node.inputs[i], channels)) found.push_back(i);
  }
  return found;
}

std::vector<size_t> BlockGraph::ImagesOf(const Node& node,
                                         BlockRole role) const {
  std::vector<size_t> images;
  switch (role) {
    case BlockRole::kNone:
      break;
    case BlockRole::kGate:
    case BlockRole::kElement:
    case BlockRole::kConcat:
      for (size_t i = 0; i < node.inputs.size(); ++i) {
        if (!node.inputs[i].empty() && Constant(node.inputs[i]) == nullptr) {
          images.push_back(i);
        }
      }
      break;
    default:
      images = {0};
      if (IsConv(node) && !node.Input(3).empty()) images.push_back(3);
  }
  return images;
}

bool BlockGraph::IsOnePixel(const std::string& value) const {
  const Type& type = graph_.types->TypeOf(value);
  for (size_t i = 2; i < type.shape->size(); ++i) {
    if ((*type.shape)[i].value != 1) return false;
  }
  return true;
}

size_t BlockGraph::GateOf(const Node& node) const {
  return IsOnePixel(node.inputs[0]) ? 0 : 1;
}

BlockRole BlockGraph::RoleOf(const Node& node) const {
  if (node.inputs.empty() || node.outputs.empty() || node.outputs[0].empty()) {
    return BlockRole::kNone;
  }
  const int64_t channels = ChannelsOf(node.outputs[0]);
  const int64_t in_channels = ChannelsOf(node.inputs[0]);
  if (channels == 0) return BlockRole::kNone;
  // An element-wise node may read a constant first; all others read an image.
  if (!IsBinary(node) &&
      (in_channels == 0 || Constant(node.inputs[0]) != nullptr)) {
    return BlockRole::kNone;
  }
  if (IsConv(node)) {
    const Tensor* const w = Constant(node.Input(1));
    if (w == nullptr || w->dtype() != DType::kF32 || w->size() == 0 ||
        (!node.Input(2).empty() && Constant(node.Input(2)) == nullptr) ||
        (!node.Input(3).empty() && Constant(node.Input(3)) != nullptr)) {
      return BlockRole::kNone;
    }
    const int64_t group = node.IntAttribute("group", 1);
    if (group == 1) return BlockRole::kConv;
    return w->dims()[1] == 1 && group == channels ? BlockRole::kDepthwise
                                                  : BlockRole::kNone;
  }
  if (node.Is("MaxPool") || node.Is("AveragePool")) {
    const bool indices = node.outputs.size() > 1 && !node.outputs[1].empty();
    return indices ? BlockRole::kNone : BlockRole::kPool;
  }
  if (node.Is("GlobalAveragePool")) return BlockRole::kGlobalPool;
  if (node.Is("ReduceMean") && node.IntAttribute("keepdims", 1) == 1) {
    std::vector<int64_t> axes = node.IntsAttribute("axes");
    if (const Tensor* const given = Constant(node.Input(1));
        given != nullptr && given->dtype() == DType::kS64) {
      const Tensor aligned = given->Aligned();
      axes.assign(aligned.Values<int64_t>().begin(),
                  aligned.Values<int64_t>().end());
    }
    const Type& type = graph_.types->TypeOf(node.inputs[0]);
    const int64_t rank = static_cast<int64_t>(type.shape->size());
    for (int64_t& axis : axes) axis += axis < 0 ? rank : 0;
    absl::c_sort(axes);
    std::vector<int64_t> pixels(static_cast<size_t>(rank - 2));
    std::iota(pixels.begin(), pixels.end(), 2);
    return axes == pixels ? BlockRole::kGlobalPool : BlockRole::kNone;
  }
  if (node.Is("BatchNormalization")) {
    if (node.outputs.size() > 1 || node.inputs.size() != 5 ||
        node.IntAttribute("training_mode", 0) != 0) {
      return BlockRole::kNone;
    }
    for (size_t i = 1; i < 5; ++i) {
      const Tensor* const tensor = Constant(node.inputs[i]);
      if (tensor == nullptr || tensor->dtype() != DType::kF32 ||
          tensor->size() != channels) {
        return BlockRole::kNone;
      }
    }
    return BlockRole::kScale;
  }
  if (node.Is("Concat")) {
    const Type& type = graph_.types->TypeOf(node.outputs[0]);
    const int64_t rank = static_cast<int64_t>(type.shape->size());
    const int64_t axis = node.IntAttribute("axis", 0);
    if (axis != 1 && axis != 1 - rank) return BlockRole::kNone;
    for (const std::string& input : node.inputs) {
      const int64_t of_input = ChannelsOf(input);
      if (of_input == 0 || of_input % block_ != 0 ||
          Constant(input) != nullptr) {
        return BlockRole::kNone;
      }
    }
    return BlockRole::kConcat;
  }
  if (IsUnary(node)) {
    for (size_t i = 1; i < node.inputs.size(); ++i) {
      // Clip's bounds.
      if (!node.inputs[i].empty() && Constant(node.inputs[i]) == nullptr) {
        return BlockRole::kNone;
      }
    }
    return BlockRole::kElement;
  }
  if (IsBinary(node) && node.inputs.size() == 2) {
    const size_t rank = graph_.types->TypeOf(node.outputs[0]).shape->size();
    for (const std::string& input : node.inputs) {
      if (const Tensor* const tensor = Constant(input)) {
        const bool one =
            tensor->size() == 1 && tensor->rank() <= static_cast<int>(rank);
        if (!one && (rank != 4 || !IsChannelConstant(input, channels))) {
          return BlockRole::kNone;
        }
      } else if (ChannelsOf(input) != channels ||
                 graph_.types->TypeOf(input).shape->size() != rank) {
        return BlockRole::kNone;
      }
    }
    const bool gate = node.Is("Mul") && Constant(node.inputs[0]) == nullptr &&
                      Constant(node.inputs[1]) == nullptr &&
                      IsOnePixel(node.inputs[0]) != IsOnePixel(node.inputs[1]);
    // A factor that is broadcast along the batch too is left to Mul.
    const auto batch = [&](size_t i) {
      return (*graph_.types->TypeOf(node.inputs[i]).shape)[0];
    };
    const bool same_batch = gate && batch(0) == batch(1) &&
                            (batch(0).known() || batch(0).symbolic());
    return same_batch ? BlockRole::kGate : BlockRole::kElement;
  }
  return BlockRole::kNone;
}

double BlockGraph::Elements(const std::string& value) const {
  const Type& type = graph_.types->TypeOf(value);
  if (!type.is_tensor() || !type.shape.has_value()) return 0;
  double elements = 1;
  for (size_t i = 0; i < type.shape->size(); ++i) {
    const Dim& dim = (*type.shape)[i];
    if (dim.known()) {
      elements *= static_cast<double>(dim.value);
    } else if (i > 0) {
      elements *= kLikelyExtent;
    }
  }
  return elements;
}

double BlockGraph::Saved(const Node& node, BlockRole role) const {
  const double outputs = Elements(node.outputs[0]);
  if (role == BlockRole::kDepthwise) return kSavedDepthwise * outputs;
  if (role != BlockRole::kConv) return 0;
  const Tensor* const w = Constant(node.inputs[1]);
  const double products =
      outputs * static_cast<double>(w->size() / w->dims()[0]);
  const std::vector<int64_t> strides = node.IntsAttribute("strides");
  const bool winograd =
      w->rank() == 4 && w->dims()[2] == 3 && w->dims()[3] == 3 &&
      w->dims()[1] >= 2 * block_ && w->dims()[0] >= 2 * block_ &&
      absl::c_all_of(strides, [](int64_t s) { return s == 1; });
  return products * (winograd ? kSavedWinograd : kSavedDirect);
}

std::vector<BlockRole> BlockGraph::Choose() const {
  const std::vector<Node>& nodes = graph_.model->graph.nodes;
  std::vector<BlockRole> roles;
  absl::flat_hash_map<std::string, size_t> makers;
  for (const Node& node : nodes) roles.push_back(RoleOf(node));
  // Nodes that pass an image to each other are one part.
  std::vector<size_t> part(nodes.size());
  std::iota(part.begin(), part.end(), size_t{0});
  const auto find = [&](size_t i) {
    while (part[i] != i) i = part[i] = part[part[i]];
    return i;
  };
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const size_t input : ImagesOf(nodes[i], roles[i])) {
      const auto maker = makers.find(nodes[i].inputs[input]);
      if (maker != makers.end()) part[find(i)] = find(maker->second);
    }
    if (roles[i] != BlockRole::kNone) makers[nodes[i].outputs[0]] = i;
  }
  std::vector<double> gain(nodes.size(), 0);
  absl::flat_hash_map<std::string, bool> plain;  // already counted
  const auto pay_plain = [&](const std::string& value) {
    const auto maker = makers.find(value);
    if (maker == makers.end() || !plain.emplace(value, true).second) return;
    gain[find(maker->second)] -= kMove * Elements(value);
  };
  absl::flat_hash_map<std::string, bool> blocked;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    if (roles[i] == BlockRole::kNone) {
      ForEachRead(
          node, [&](absl::string_view name) { pay_plain(std::string(name)); });
      continue;
    }
    gain[find(i)] += Saved(node, roles[i]);
    for (const size_t input : ImagesOf(node, roles[i])) {
      const std::string& value = node.inputs[input];
      if (makers.contains(value) ||
          (roles[i] == BlockRole::kConv && input == 0 &&
           TakesPlainInput(ChannelsOf(value))) ||
          !blocked.emplace(value, true).second) {
        continue;
      }
      gain[find(i)] -= kMove * Elements(value);
    }
  }
  // Taps do not count: what is computed must not depend on who watches.
  for (const std::string& value : graph_.kept) {
    if (graph_.taps.count(value) == 0) pay_plain(value);
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (gain[find(i)] <= 0) roles[i] = BlockRole::kNone;
  }
  return roles;
}

}  // namespace hone
