#include "kernels/exec/fusion/blocks/channel_blocks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/type/type.h"
#include "kernels/cpu/blocked/blocks.h"
#include "kernels/exec/block_types.h"
#include "kernels/exec/fusion/blocks/block_roles.h"
#include "kernels/exec/fusion/fusion_graph.h"

namespace hone {
namespace {

Node InternalNode(const char* op_type, const std::string& from,
                  const std::string& to) {
  Node node;
  node.domain = std::string(kInternalDomain);
  node.op_type = op_type;
  node.inputs = {from};
  node.outputs = {to};
  return node;
}

Node ToBlocks(const std::string& from, const std::string& to) {
  Node node = InternalNode("ChannelsToBlocks", from, to);
  node.SetAttribute(Attribute::Int("block", ChannelBlock()));
  return node;
}

Node ToChannels(const std::string& from, const std::string& to,
                int64_t channels) {
  Node node = InternalNode("BlocksToChannels", from, to);
  node.SetAttribute(Attribute::Int("channels", channels));
  return node;
}

class Rewriter {
 public:
  explicit Rewriter(FusionGraph& graph)
      : graph_(graph), blocks_(graph), roles_(blocks_.Choose()) {}

  int Run() {
    const std::vector<Node> nodes = graph_.model->graph.nodes;
    int count = 0;
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (roles_[i] != BlockRole::kNone) {
        PutInBlocks(nodes[i], roles_[i]);
        ++count;
        continue;
      }
      ForEachRead(nodes[i], [&](absl::string_view name) {
        MakePlain(std::string(name));
      });
      out_.push_back(nodes[i]);
    }
    for (const std::string& name : graph_.kept) {
      if (!TapBlocks(name)) MakePlain(name);
    }
    if (count > 0) {
      graph_.model->graph.nodes = std::move(out_);
      for (Initializer& made : made_) {
        graph_.model->graph.initializers.push_back(std::move(made));
      }
    }
    return count;
  }

 private:
  struct Form {
    std::string name;    // of the value in blocks
    bool plain = false;  // the value as it was exists too
  };

  // The value exists as the graph knows it.
  void MakePlain(const std::string& value) {
    const auto found = forms_.find(value);
    if (found == forms_.end() || found->second.plain) return;
    found->second.plain = true;
    out_.push_back(
        ToChannels(found->second.name, value, blocks_.ChannelsOf(value)));
  }

  // Lets a tap that takes any order see the value in blocks, if no lane of them
  // is padding.
  bool TapBlocks(const std::string& value) {
    const auto found = forms_.find(value);
    if (found == forms_.end() || found->second.plain ||
        graph_.taps.count(value) == 0 ||
        graph_.unordered_taps.count(value) == 0 ||
        blocks_.ChannelsOf(value) % ChannelBlock() != 0) {
      return false;
    }
    graph_.tapped_as[value] = found->second.name;
    return true;
  }

  const std::string& InBlocks(const std::string& value) {
    const auto found = forms_.find(value);
    if (found != forms_.end()) return found->second.name;
    const Form form{NewName(value), true};
    out_.push_back(ToBlocks(value, form.name));
    return forms_.emplace(value, form).first->second.name;
  }

  std::string NewName(const std::string& value) {
    std::string name = absl::StrCat(value, "/blocks");
    graph_.types->types[name] =
        BlockedType(graph_.types->TypeOf(value), ChannelBlock());
    return name;
  }

  std::string AddConstant(std::string name, Tensor tensor) {
    graph_.types->types[name] =
        Type::OfTensor(tensor.dtype(), ShapeOf(tensor.dims()));
    Initializer& made = made_.emplace_back();
    made.name = name;
    made.tensor = std::move(tensor);
    return name;
  }

  // [1, c, 1, 1] in blocks, padding zero.
  std::string ConstantInBlocks(const std::string& value) {
    const auto found = constants_.find(value);
    if (found != constants_.end()) return found->second;
    const Tensor aligned = blocks_.Constant(value)->Aligned();
    const int64_t block = ChannelBlock();
    const int64_t count = ChannelBlocks(aligned.size());
    std::vector<float> padded(static_cast<size_t>(count * block), 0.0f);
    const absl::Span<const float> values = aligned.Values<float>();
    std::copy(values.begin(), values.end(), padded.begin());
    return constants_[value] = AddConstant(
               absl::StrCat(value, "/blocks"),
               Tensor::FromVector<float>({1, count, 1, 1, block},
                                         absl::MakeConstSpan(padded)));
  }

  // y = x s + t a channel, s = scale / sqrt(var + epsilon), as a depthwise
  // convolution of one tap.
  void MakeScale(Node& node, const Node& original) {
    std::vector<Tensor> given;
    for (size_t i = 1; i < 5; ++i) {
      given.push_back(blocks_.Constant(original.inputs[i])->Aligned());
    }
    const int64_t channels = given[0].size();
    const double epsilon = original.FloatAttribute("epsilon", 1e-5f);
    std::vector<float> w, b;
    for (size_t c = 0; c < static_cast<size_t>(channels); ++c) {
      const double s =
          given[0].Values<float>()[c] /
          std::sqrt(static_cast<double>(given[3].Values<float>()[c]) + epsilon);
      w.push_back(static_cast<float>(s));
      b.push_back(static_cast<float>(given[1].Values<float>()[c] -
                                     given[2].Values<float>()[c] * s));
    }
    const size_t rank = graph_.types->TypeOf(original.inputs[0]).shape->size();
    Dims dims(rank, 1);
    dims[0] = channels;
    const std::string& stem = original.outputs[0];
    node.inputs = {
        original.inputs[0],
        AddConstant(absl::StrCat(stem, "/scale"),
                    Tensor::FromVector<float>(dims, absl::MakeConstSpan(w))),
        AddConstant(
            absl::StrCat(stem, "/shift"),
            Tensor::FromVector<float>({channels}, absl::MakeConstSpan(b)))};
    node.attributes.clear();
    node.SetAttribute(Attribute::Int("group", channels));
  }

  void PutInBlocks(const Node& original, BlockRole role) {
    const std::string value = original.outputs[0];
    const Form y{NewName(value), false};
    Node node = original;
    bool renamed = true;  // to an operator that inference does not know
    switch (role) {
      case BlockRole::kConv:
      case BlockRole::kDepthwise:
        node.op_type = "BlockedConv";
        break;
      case BlockRole::kScale:
        node.op_type = "BlockedConv";
        MakeScale(node, original);
        break;
      case BlockRole::kGate:
        node.op_type = "BlockedScale";
        break;
      case BlockRole::kPool:
        node.op_type = absl::StrCat("Blocked", original.op_type);
        break;
      case BlockRole::kGlobalPool:
        node.op_type = "BlockedGlobalAveragePool";
        node.inputs.resize(1);
        break;
      default:
        renamed = false;
    }
    if (renamed) node.domain = std::string(kInternalDomain);
    std::map<std::string, std::string> names;  // of images, in blocks
    for (const size_t i : blocks_.ImagesOf(original, role)) {
      const std::string& from = original.inputs[i];
      if (role == BlockRole::kConv && i == 0 && forms_.count(from) == 0 &&
          TakesPlainInput(blocks_.ChannelsOf(from))) {
        node.SetAttribute(Attribute::Int("plain_input", 1));
        continue;
      }
      node.inputs[i] = names[from] = InBlocks(from);
    }
    if (role == BlockRole::kGate && blocks_.GateOf(original) == 0) {
      std::swap(node.inputs[0], node.inputs[1]);
    }
    if (role == BlockRole::kElement) {
      for (const size_t i : blocks_.ChannelConstantsOf(original)) {
        node.inputs[i] = names[original.inputs[i]] =
            ConstantInBlocks(original.inputs[i]);
      }
    }
    if (role == BlockRole::kConcat) {
      node.SetAttribute(Attribute::Int("axis", 1));
    }
    node.outputs.resize(1);
    node.outputs[0] = y.name;
    SetOriginals(original, renamed, names, y.name);
    forms_[value] = y;
    out_.push_back(std::move(node));
  }

  // What inference sees: the operators as they were, between conversions where
  // they do not take blocks themselves.
  void SetOriginals(const Node& original, bool renamed,
                    const std::map<std::string, std::string>& names,
                    const std::string& y) {
    const std::string& value = original.outputs[0];
    std::vector<Node> were = {original};
    const auto found = graph_.originals.find(value);
    if (found != graph_.originals.end()) {
      were = std::move(found->second);
      graph_.originals.erase(found);
    } else if (!renamed) {
      return;
    }
    std::vector<Node> seen;
    std::map<std::string, std::string> inputs = names;
    if (renamed) {
      for (auto& [from, blocked] : inputs) {
        const std::string plain = absl::StrCat(y, "/in", seen.size());
        seen.push_back(ToChannels(blocked, plain, blocks_.ChannelsOf(from)));
        blocked = plain;
      }
    }
    for (Node& node : were) {
      for (std::string& input : node.inputs) {
        const auto other = inputs.find(input);
        if (other != inputs.end()) input = other->second;
      }
    }
    const std::string plain = renamed ? absl::StrCat(y, "/out") : y;
    were.back().outputs[0] = plain;
    seen.insert(seen.end(), std::make_move_iterator(were.begin()),
                std::make_move_iterator(were.end()));
    if (renamed) seen.push_back(ToBlocks(plain, y));
    graph_.originals[y] = std::move(seen);
  }

  FusionGraph& graph_;
  const BlockGraph blocks_;
  const std::vector<BlockRole> roles_;
  std::vector<Node> out_;
  std::vector<Initializer> made_;
  std::map<std::string, Form> forms_;
  std::map<std::string, std::string> constants_;
};

}  // namespace

int PutChannelsInBlocks(FusionGraph& graph) { return Rewriter(graph).Run(); }

}  // namespace hone
