#include "kernels/exec/constant_folding.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/evaluate.h"

namespace hone {
namespace {

// Below this an output may grow at will (ConstantOfShape of a small shape).
constexpr size_t kSmallBytes = size_t{1} << 20;
// DequantizeLinear of 4-bit weights grows eightfold; nothing useful grows more.
constexpr size_t kMostGrowth = 9;

bool HasSubgraph(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(),
                     [](const Attribute& a) {
                       return a.kind == Attribute::Kind::kGraph ||
                              a.kind == Attribute::Kind::kGraphs;
                     });
}

bool IsRandom(const Node& node) {
  return node.Is("RandomNormal") || node.Is("RandomUniform") ||
         node.Is("RandomNormalLike") || node.Is("RandomUniformLike") ||
         node.Is("Multinomial") || node.Is("Bernoulli") || node.Is("Dropout");
}

class Folder {
 public:
  Folder(Model& model, const InferredTypes& types,
         const std::set<std::string>& kept, bool keep_integers,
         ThreadPool& pool)
      : model_(model),
        types_(types),
        kept_(kept),
        keep_integers_(keep_integers),
        pool_(pool) {
    for (const Initializer& i : model.graph.initializers) {
      constants_.emplace(i.name, i.tensor);
    }
  }

  void Run() {
    std::vector<Node> left;
    for (Node& node : model_.graph.nodes) {
      if (!Fold(node)) left.push_back(std::move(node));
    }
    model_.graph.nodes = std::move(left);
  }

 private:
  bool Fold(const Node& node) {
    if (HasSubgraph(node) || IsRandom(node) || node.outputs.empty()) {
      return false;
    }
    if (keep_integers_ && node.op_type == "DequantizeLinear") return false;
    for (const std::string& output : node.outputs) {
      if (kept_.count(output) > 0 || constants_.contains(output)) return false;
    }
    std::vector<Tensor> made(node.outputs.size());
    if (!KnownContents(node, made) && !Evaluate(node, made)) return false;
    for (size_t i = 0; i < made.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      constants_.emplace(node.outputs[i], made[i]);
      Initializer initializer;
      initializer.name = node.outputs[i];
      initializer.tensor = std::move(made[i]);
      model_.graph.initializers.push_back(std::move(initializer));
    }
    return true;
  }

  bool KnownContents(const Node& node, std::vector<Tensor>& made) const {
    if (std::optional<Tensor> constant = ConstantNodeTensor(node)) {
      made[0] = *std::move(constant);
      return made.size() == 1;
    }
    for (size_t i = 0; i < made.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      const auto found = types_.contents.find(node.outputs[i]);
      if (found == types_.contents.end()) return false;
      made[i] = found->second;
    }
    return true;
  }

  bool Evaluate(const Node& node, std::vector<Tensor>& made) {
    std::vector<Tensor> inputs;
    size_t bytes = 0;
    for (const std::string& input : node.inputs) {
      if (input.empty()) {
        inputs.emplace_back();
        continue;
      }
      const auto found = constants_.find(input);
      if (found == constants_.end()) return false;
      inputs.push_back(found->second);
      bytes += found->second.bytes().size();
    }
    const size_t most = std::max(kSmallBytes, bytes * kMostGrowth);
    // A chain of growing nodes in a small hostile file must not fill memory.
    if (folded_bytes_ > most_folded_bytes_) return false;
    absl::StatusOr<std::vector<Value>> outputs =
        EvaluateNode(node, model_.Opset(node.domain), inputs, most, pool_);
    if (!outputs.ok() || outputs->size() != made.size()) return false;
    for (size_t i = 0; i < made.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      if (!(*outputs)[i].is_tensor()) return false;
      made[i] = (*outputs)[i].tensor();
      folded_bytes_ += made[i].bytes().size();
    }
    return true;
  }

  Model& model_;
  const InferredTypes& types_;
  const std::set<std::string>& kept_;
  const bool keep_integers_;
  ThreadPool& pool_;
  absl::flat_hash_map<std::string, Tensor> constants_;
  size_t folded_bytes_ = 0;
  static constexpr size_t most_folded_bytes_ = size_t{4} << 30;
};

}  // namespace

void FoldConstants(Model& model, const InferredTypes& types,
                   const std::set<std::string>& kept, bool keep_integers,
                   ThreadPool& pool) {
  Folder(model, types, kept, keep_integers, pool).Run();
}

}  // namespace hone
