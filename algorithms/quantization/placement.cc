#include "algorithms/quantization/placement.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "algorithms/fold/linear_affine.h"
#include "algorithms/quantization/first_layers.h"

namespace hone {
namespace {

constexpr int64_t kShuffleRank = 5;

class Placer {
 public:
  Placer(const Model& model, const PostTrainingOptions& options,
         absl::Span<const std::string> ignored)
      : model_(model),
        graph_(model.graph),
        index_(model.graph),
        options_(options),
        onnx_runtime_(options.runtime == TargetRuntime::kOnnxRuntime) {
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      NodeRole role = RoleOf(model, index_, graph_.nodes[i], options.runtime);
      if (!ignored[i].empty() && role.role != Role::kIgnorable) {
        role = {Role::kFloat, ignored[i], {}};
      }
      NodePlacement node;
      node.role = role.role;
      node.why = std::move(role.why);
      node.inputs = std::move(role.inputs);
      placement_.nodes.push_back(std::move(node));
    }
  }

  Placement Place() {
    ChooseWeighted();
    FindBiasAdds();
    MarkAvailable();
    MarkWanted();
    ChooseOthers();
    CollectValues();
    ShareScales();
    std::vector<bool> weighted;
    for (const NodePlacement& node : placement_.nodes) {
      weighted.push_back(node.role == Role::kWeighted && node.quantized);
    }
    for (const int i :
         HalfRangeNodes(graph_, index_, options_.overflow_fix, weighted)) {
      placement_.nodes[i].half_range = true;
    }
    return std::move(placement_);
  }

 private:
  NodePlacement& At(int i) { return placement_.nodes[i]; }
  const Node& NodeAt(int i) const { return graph_.nodes[i]; }
  int count() const { return static_cast<int>(graph_.nodes.size()); }

  // The Relu or Clip that node i's output flows into alone; -1: none.
  int ClampAfter(int i) const {
    const absl::string_view output = NodeAt(i).Output(0);
    if (index_.IsGraphOutput(output)) return -1;
    const std::vector<int>& readers = index_.Consumers(output);
    if (readers.size() != 1 ||
        !IsClampFromZero(model_, index_, NodeAt(readers[0]))) {
      return -1;
    }
    const NodePlacement& clamp = placement_.nodes[readers[0]];
    // An ignored clamp is a float node like any other.
    return clamp.role == Role::kFloat && onnx_runtime_ ? -1 : readers[0];
  }

  // The value that an integer kernel at node i writes.
  std::string IntegerOutput(int i) const {
    const int clamp = ClampAfter(i);
    return NodeAt(clamp >= 0 ? clamp : i).outputs[0];
  }

  bool MakesIntegers(int i) const {
    const NodePlacement& node = placement_.nodes[i];
    return onnx_runtime_ && node.quantized &&
           (node.role == Role::kElementwise || node.role == Role::kConcat ||
            (node.role == Role::kWeighted && NodeAt(i).Is("Conv")));
  }

  void MakeFloat(int i, absl::string_view why) {
    At(i).quantized = false;
    At(i).why = std::string(why);
  }

  void ChooseWeighted() {
    for (int i = 0; i < count(); ++i) {
      NodePlacement& node = At(i);
      if (node.role != Role::kWeighted) continue;
      node.quantized = true;
      if (!NodeAt(i).Is("Conv") || !onnx_runtime_) continue;
      if (index_.IsGraphOutput(IntegerOutput(i)) &&
          !options_.quantize_outputs) {
        MakeFloat(i, "its output is the model's (quantize_outputs is off)");
      } else if (IsCheapFirstConv(model_, index_, i)) {
        MakeFloat(i,
                  "first convolution of at most 3 channels without MaxPool "
                  "after it: faster in float");
      }
    }
  }

  // MatMul, then an Add of a constant vector: one integer operator with an
  // int32 bias.
  void FindBiasAdds() {
    for (int i = 0; i < count(); ++i) {
      if (!At(i).quantized || !NodeAt(i).Is("MatMul")) continue;
      const std::string& output = NodeAt(i).outputs[0];
      const std::vector<int>& readers = index_.Consumers(output);
      if (readers.size() != 1 || index_.IsGraphOutput(output)) continue;
      const Node& add = NodeAt(readers[0]);
      if (!add.Is("Add") || add.inputs.size() != 2 ||
          add.inputs[0] == add.inputs[1]) {
        continue;
      }
      const int side = add.inputs[0] == output ? 1 : 0;
      const Tensor* bias = FixedConstant(index_, add.inputs[side]);
      const Tensor* weight = FixedConstant(index_, NodeAt(i).inputs[1]);
      if (bias == nullptr || bias->dtype() != DType::kF32 ||
          bias->rank() != 1 || bias->size() != weight->dims()[1]) {
        continue;
      }
      At(i).bias_add = readers[0];
      At(readers[0]).is_bias_add = true;
    }
  }

  // A 5-D Transpose (channel shuffle) is faster in float.
  bool IsShuffle(int i) const {
    return onnx_runtime_ && NodeAt(i).Is("Transpose") &&
           NodeAt(i).IntsAttribute("perm").size() >= kShuffleRank;
  }

  // Forward: which values an integer kernel could make.
  void MarkAvailable() {
    if (!onnx_runtime_) return;
    for (int i = 0; i < count(); ++i) {
      NodePlacement& node = At(i);
      if (IsShuffle(i) && node.role == Role::kCarrier) {
        node.role = Role::kFloat;
        node.why = "moves data along five axes: faster in float";
      }
      const bool fed =
          std::any_of(node.inputs.begin(), node.inputs.end(), [&](int input) {
            return available_.contains(NodeAt(i).inputs[input]);
          });
      if (MakesIntegers(i)) {
        available_.insert(IntegerOutput(i));
      } else if (fed && node.role == Role::kCarrier) {
        for (const std::string& output : NodeAt(i).outputs) {
          available_.insert(output);
        }
      } else if (fed && (node.role == Role::kElementwise ||
                         node.role == Role::kConcat)) {
        fed_.insert(i);
        available_.insert(IntegerOutput(i));
      }
    }
  }

  bool WantsInput(int i, absl::string_view value) {
    const NodePlacement& node = At(i);
    const bool reads = std::any_of(
        node.inputs.begin(), node.inputs.end(),
        [&](int input) { return NodeAt(i).inputs[input] == value; });
    if (!reads) return false;
    switch (node.role) {
      case Role::kWeighted:
        return node.quantized;
      case Role::kElementwise:
        if (!onnx_runtime_) return false;
        [[fallthrough]];
      case Role::kConcat:
        return (!onnx_runtime_ || fed_.contains(i)) &&
               wanted_.contains(IntegerOutput(i));
      case Role::kCarrier:
        return std::any_of(
            NodeAt(i).outputs.begin(), NodeAt(i).outputs.end(),
            [&](const std::string& o) { return wanted_.contains(o); });
      default:
        return false;
    }
  }

  // Backward: which values an integer kernel would read.
  void MarkWanted() {
    for (int i = count() - 1; i >= 0; --i) {
      for (const std::string& output : NodeAt(i).outputs) {
        for (const int reader : index_.Consumers(output)) {
          if (WantsInput(reader, output)) wanted_.insert(output);
        }
        if (options_.quantize_outputs && index_.IsGraphOutput(output) &&
            available_.contains(output)) {
          wanted_.insert(output);
        }
      }
    }
  }

  void ChooseOthers() {
    absl::flat_hash_set<int> clamps;
    for (int i = 0; i < count(); ++i) {
      NodePlacement& node = At(i);
      if (node.role == Role::kElementwise || node.role == Role::kConcat) {
        if (!onnx_runtime_ && node.role == Role::kElementwise) {
          node.quantized = IsResidualAdd(i);
          if (!node.quantized) node.why = "no residual of integer operators";
          continue;
        }
        node.quantized =
            (!onnx_runtime_ || fed_.contains(i)) &&
            wanted_.contains(IntegerOutput(i)) &&
            !(onnx_runtime_ && index_.IsGraphOutput(IntegerOutput(i)) &&
              !options_.quantize_outputs);
        if (!node.quantized) {
          node.why = "no integer operator both feeds it and reads it";
        }
      } else if (node.role == Role::kCarrier) {
        node.quantized = WantsInput(i, NodeAt(i).inputs[0]);
        if (!node.quantized) node.why = "no integer operator reads it";
      }
    }
    for (int i = 0; i < count(); ++i) {
      if (!MakesIntegers(i) || clamps.contains(i)) continue;
      const int clamp = ClampAfter(i);
      if (clamp < 0) continue;
      clamps.insert(clamp);
      At(clamp).quantized = true;
      At(clamp).why.clear();
      At(clamp).inputs.clear();  // it reads the kernel's float result
    }
  }

  // TensorRT: an Add of which one side comes straight from a weighted node,
  // into which it is fused; the other side, the residual, is quantized.
  bool IsResidualAdd(int i) {
    for (const int input : At(i).inputs) {
      const int producer = index_.ProducerIndex(NodeAt(i).inputs[input]);
      if (producer >= 0 && At(producer).role == Role::kWeighted &&
          At(producer).quantized) {
        At(i).inputs = {1 - input};
        return true;
      }
    }
    return false;
  }

  ValuePlacement& AddValue(const std::string& name) {
    ValuePlacement& value = placement_.values[name];
    if (value.group.empty()) value.group = name;
    return value;
  }

  void CollectValues() {
    for (int i = 0; i < count(); ++i) {
      const NodePlacement& node = At(i);
      if (!node.quantized) continue;
      for (const int input : node.inputs) AddValue(NodeAt(i).inputs[input]);
      if (MakesIntegers(i)) {
        // A clamp that is fused behind an integer kernel is part of it.
        if (node.role != Role::kElementwise || !node.inputs.empty()) {
          AddValue(IntegerOutput(i)).for_all_readers = true;
        }
      } else if (node.role == Role::kCarrier) {
        for (const std::string& output : NodeAt(i).outputs) {
          if (wanted_.contains(output)) AddValue(output).measured = false;
        }
      } else if (node.role == Role::kConcat) {
        AddValue(NodeAt(i).outputs[0]).measured = false;
      }
    }
    for (auto& [name, value] : placement_.values) {
      const Node* producer = index_.Producer(name);
      value.non_negative =
          producer != nullptr && IsClampFromZero(model_, index_, *producer);
    }
  }

  std::string Group(const std::string& value) {
    std::string name = value;
    while (placement_.values[name].group != name) {
      name = placement_.values[name].group;
    }
    return name;
  }
  void Unite(const std::string& a, const std::string& b) {
    const std::string ga = Group(a), gb = Group(b);
    if (ga != gb) placement_.values[std::max(ga, gb)].group = std::min(ga, gb);
  }

  // Whether a weighted node reads the value, carriers between.
  bool FeedsWeighted(const std::string& value) {
    for (const int reader : index_.Consumers(value)) {
      if (At(reader).role == Role::kWeighted && At(reader).quantized) {
        return true;
      }
      if (At(reader).role == Role::kCarrier && At(reader).quantized &&
          FeedsWeighted(NodeAt(reader).outputs[0])) {
        return true;
      }
    }
    return false;
  }

  void ShareScales() {
    for (int i = 0; i < count(); ++i) {
      const NodePlacement& node = At(i);
      if (!node.quantized) continue;
      if (node.role == Role::kCarrier) {
        for (const std::string& output : NodeAt(i).outputs) {
          if (placement_.values.count(output) > 0) {
            Unite(NodeAt(i).inputs[0], output);
          }
        }
      } else if (node.role == Role::kConcat) {
        const std::string output = IntegerOutput(i);
        if (onnx_runtime_ && !FeedsWeighted(output)) continue;
        for (const int input : node.inputs) {
          Unite(NodeAt(i).inputs[input], output);
        }
        placement_.values[output].measured = false;
      }
    }
    std::vector<std::string> names;
    for (const auto& [name, value] : placement_.values) names.push_back(name);
    for (const std::string& name : names) {
      placement_.values[name].group = Group(name);
    }
    // A shared scale has a zero point of 0 only where all of its values allow.
    absl::flat_hash_map<std::string, bool> signed_group;
    for (const auto& [name, value] : placement_.values) {
      if (value.measured && !value.non_negative) {
        signed_group[value.group] = true;
      }
    }
    for (auto& [name, value] : placement_.values) {
      value.non_negative = !signed_group[value.group];
    }
  }

  const Model& model_;
  const Graph& graph_;
  const GraphIndex index_;
  const PostTrainingOptions& options_;
  const bool onnx_runtime_;
  Placement placement_;
  absl::flat_hash_set<std::string> available_;
  absl::flat_hash_set<std::string> wanted_;
  absl::flat_hash_set<int> fed_;
};

}  // namespace

Placement PlaceQuantizers(const Model& model,
                          const PostTrainingOptions& options,
                          absl::Span<const std::string> ignored) {
  return Placer(model, options, ignored).Place();
}

}  // namespace hone
