#include "kernels/exec/constant_folding.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "kernels/exec/evaluate.h"

namespace hone {
namespace {

bool WithSubgraph(const Node& node) {
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
  Folder(const Model& model, const InferredTypes& types,
         const FoldOptions& options, ThreadPool& pool, Graph* graph)
      : model_(model),
        types_(types),
        options_(options),
        pool_(pool),
        graph_(graph) {
    for (const ValueInfo& input : graph->inputs) own_.insert(input.name);
    for (const Node& node : graph->nodes) {
      own_.insert(node.outputs.begin(), node.outputs.end());
    }
    for (const Initializer& i : graph->initializers) {
      if (options.variable.count(i.name) > 0) continue;
      constants_.emplace(i.name, i.tensor);
    }
  }

  void Run() {
    std::vector<Node> left;
    for (Node& node : graph_->nodes) {
      if (!Fold(node)) {
        left.push_back(std::move(node));
      } else if (options_.folded) {
        options_.folded(node);
      }
    }
    graph_->nodes = std::move(left);
  }

 private:
  bool Fold(const Node& node) {
    if (WithSubgraph(node) || IsRandom(node) || node.outputs.empty()) {
      return false;
    }
    if (options_.keep_integers && node.op_type == "DequantizeLinear")
      return false;
    for (const std::string& output : node.outputs) {
      if (options_.kept.count(output) > 0 || constants_.contains(output))
        return false;
    }
    std::vector<Tensor> made(node.outputs.size());
    if (!KnownContents(node, made) && !Evaluate(node, made)) return false;
    for (size_t i = 0; i < made.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      constants_.emplace(node.outputs[i], made[i]);
      Initializer initializer;
      initializer.name = node.outputs[i];
      initializer.tensor = std::move(made[i]);
      graph_->initializers.push_back(std::move(initializer));
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
      const Tensor* constant = Constant(input);
      if (constant == nullptr) return false;
      inputs.push_back(*constant);
      bytes += constant->bytes().size();
    }
    const size_t most = std::max(options_.small_bytes, bytes * options_.growth);
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

  const Tensor* Constant(const std::string& name) const {
    const auto found = constants_.find(name);
    if (found != constants_.end()) return &found->second;
    if (!options_.outer || own_.contains(name)) return nullptr;
    return options_.outer(name);
  }

  const Model& model_;
  const InferredTypes& types_;
  const FoldOptions& options_;
  ThreadPool& pool_;
  Graph* graph_;
  absl::flat_hash_set<std::string> own_;  // names that nodes and inputs have
  absl::flat_hash_map<std::string, Tensor> constants_;
  size_t folded_bytes_ = 0;
  static constexpr size_t most_folded_bytes_ = size_t{4} << 30;
};

}  // namespace

void FoldConstants(Model& model, const InferredTypes& types,
                   const std::set<std::string>& kept, bool keep_integers,
                   ThreadPool& pool) {
  FoldOptions options;
  options.kept = kept;
  options.keep_integers = keep_integers;
  FoldConstants(model, types, options, pool, &model.graph);
}

void FoldConstants(const Model& model, const InferredTypes& types,
                   const FoldOptions& options, ThreadPool& pool, Graph* graph) {
  Folder(model, types, options, pool, graph).Run();
}

}  // namespace hone
