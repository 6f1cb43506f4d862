#include "harness/sweep/layers.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "harness/cli/nearest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

bool IsLinear(const Layer& layer) {
  return layer.op == "Conv" || layer.op == "Gemm" || layer.op == "MatMul";
}

bool IsPool(const Layer& layer) {
  return layer.op == "GlobalAveragePool" || layer.op == "ReduceMean" ||
         layer.op == "AveragePool";
}

// What may stand between the pool and the gate.
bool IsGatePart(const Layer& layer) {
  static const std::set<std::string>& ops = *new std::set<std::string>{
      "Conv",        "Gemm",    "MatMul",    "Add",      "Relu",
      "HardSigmoid", "Sigmoid", "HardSwish", "Clip",     "Mul",
      "Div",         "Reshape", "Flatten",   "Squeeze",  "Unsqueeze",
      "PRelu",       "Swish",   "Transpose", "LeakyRelu"};
  return ops.count(layer.op) > 0;
}

// Walks back from one input of a Mul. A squeeze-excite's path reaches a pool
// and at least one linear layer within a few steps, and nothing else.
class GateFinder {
 public:
  GateFinder(const std::vector<Layer>& layers) : layers_(layers) {
    for (size_t i = 0; i < layers.size(); ++i) {
      for (const std::string& output : layers[i].outputs) {
        if (!output.empty()) producer_[output] = i;
      }
    }
  }

  // The nodes of the gate behind `value`, or none.
  std::set<size_t> Gate(const std::string& value) const {
    std::set<size_t> found;
    bool pool = false, linear = false;
    std::vector<std::string> open = {value};
    while (!open.empty()) {
      const std::string name = open.back();
      open.pop_back();
      const auto it = producer_.find(name);
      // An initializer or an input of the model: a gate's weights.
      if (it == producer_.end()) continue;
      const Layer& layer = layers_[it->second];
      if (layer.op == "Constant" || found.count(it->second) > 0) continue;
      if (IsPool(layer)) {
        found.insert(it->second);
        pool = true;
        continue;
      }
      if (!IsGatePart(layer) || found.size() > kLongest) return {};
      linear = linear || IsLinear(layer);
      found.insert(it->second);
      open.insert(open.end(), layer.inputs.begin(), layer.inputs.end());
    }
    if (!pool || !linear) return {};
    return found;
  }

 private:
  static constexpr size_t kLongest = 16;
  const std::vector<Layer>& layers_;
  std::map<std::string, size_t> producer_;
};

std::set<size_t> SqueezeExcite(const std::vector<Layer>& layers) {
  const GateFinder finder(layers);
  std::set<size_t> out;
  for (size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].op != "Mul" || layers[i].inputs.size() != 2) continue;
    // A Mul within a gate has a gate's path on one side and a constant on the
    // other; the Mul that applies it has features there.
    for (int side = 0; side < 2; ++side) {
      const std::set<size_t> gate = finder.Gate(layers[i].inputs[side]);
      if (gate.empty()) continue;
      out.insert(gate.begin(), gate.end());
      out.insert(i);
    }
  }
  return out;
}

std::vector<std::string> Strings(const Json& list) {
  std::vector<std::string> out;
  for (const Json& item : list) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<Layer>> LayersOf(const Json& inspected) {
  if (!inspected.is_object() || !inspected.contains("nodes") ||
      !inspected["nodes"].is_array()) {
    return MakeFailure(
        {"internal", "hone_model_inspect told no nodes", "", "", "", ""});
  }
  std::vector<Layer> layers;
  for (const Json& node : inspected["nodes"]) {
    Layer layer;
    layer.name = node.value("name", std::string());
    layer.op = node.value("op", std::string());
    layer.depthwise = node.value("depthwise", false);
    if (node.contains("inputs")) layer.inputs = Strings(node["inputs"]);
    if (node.contains("outputs")) layer.outputs = Strings(node["outputs"]);
    layers.push_back(std::move(layer));
  }
  return layers;
}

const std::vector<std::string>& IgnoredChoices() {
  static const std::vector<std::string>& choices =
      *new std::vector<std::string>{
          "none", "first", "last", "first_last", "depthwise", "squeeze_excite"};
  return choices;
}

absl::StatusOr<std::vector<std::string>> ResolveIgnored(
    const std::string& choice, const std::vector<Layer>& layers) {
  const std::vector<std::string>& choices = IgnoredChoices();
  if (std::find(choices.begin(), choices.end(), choice) == choices.end()) {
    return MakeFailure(
        {"not_found",
         absl::StrCat("ignored: no choice '", choice, "'; the nearest is ",
                      Nearest(choice, choices), " of ",
                      absl::StrJoin(choices, ", ")),
         "", "", absl::StrJoin(choices, ", "), choice});
  }
  std::set<size_t> picked;
  std::vector<size_t> linear;
  for (size_t i = 0; i < layers.size(); ++i) {
    if (IsLinear(layers[i])) linear.push_back(i);
    if (choice == "depthwise" && layers[i].depthwise) picked.insert(i);
  }
  const bool first = choice == "first" || choice == "first_last";
  const bool last = choice == "last" || choice == "first_last";
  if (first && !linear.empty()) picked.insert(linear.front());
  if (last && !linear.empty()) picked.insert(linear.back());
  if (choice == "squeeze_excite") picked = SqueezeExcite(layers);
  std::vector<std::string> names;
  for (const size_t i : picked) names.push_back(layers[i].name);
  return names;
}

}  // namespace hone::harness
