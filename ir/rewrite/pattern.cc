#include "ir/rewrite/pattern.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_split.h"

namespace hone {

Pattern Pattern::Any(std::string name) {
  Pattern pattern;
  pattern.name_ = std::move(name);
  return pattern;
}

Pattern Pattern::Constant(std::string name,
                          std::function<bool(const Tensor&)> holds) {
  Pattern pattern;
  pattern.kind_ = Kind::kConstant;
  pattern.name_ = std::move(name);
  pattern.constant_holds_ = std::move(holds);
  return pattern;
}

Pattern Pattern::Absent() {
  Pattern pattern;
  pattern.kind_ = Kind::kAbsent;
  return pattern;
}

Pattern Pattern::Op(absl::string_view op_types, std::vector<Pattern> inputs) {
  Pattern pattern;
  pattern.kind_ = Kind::kOp;
  pattern.op_types_ = absl::StrSplit(op_types, '|');
  pattern.inputs_ = std::move(inputs);
  return pattern;
}

Pattern Pattern::As(std::string name) && {
  name_ = std::move(name);
  return std::move(*this);
}

Pattern Pattern::Where(std::function<bool(const Node&)> holds) && {
  node_holds_ = std::move(holds);
  return std::move(*this);
}

Pattern Pattern::Commutative() && {
  commutative_ = true;
  return std::move(*this);
}

Pattern Pattern::Shared() && {
  shared_ = true;
  return std::move(*this);
}

class Matcher {
 public:
  Matcher(const Graph& graph, const GraphIndex& index)
      : graph_(graph), index_(index) {}

  bool MatchNode(const Pattern& pattern, int at, Match* match) const {
    if (at < 0) return false;
    const Node& node = graph_.nodes[static_cast<size_t>(at)];
    const auto& types = pattern.op_types_;
    if (!node.domain.empty() ||
        std::find(types.begin(), types.end(), node.op_type) == types.end() ||
        (pattern.node_holds_ != nullptr && !pattern.node_holds_(node))) {
      return false;
    }
    for (size_t i = pattern.inputs_.size(); i < node.inputs.size(); ++i) {
      if (!node.inputs[i].empty()) return false;
    }
    // A failed attempt may have bound names.
    const Match before = *match;
    if (MatchInputs(pattern, node, at, /*swapped=*/false, match) ||
        (*match = before,
         pattern.commutative_ && pattern.inputs_.size() == 2 &&
             MatchInputs(pattern, node, at, /*swapped=*/true, match))) {
      if (!pattern.name_.empty()) match->named_nodes[pattern.name_] = at;
      match->nodes.push_back(at);
      return true;
    }
    *match = before;
    return false;
  }

 private:
  bool MatchInputs(const Pattern& pattern, const Node& node, int reader,
                   bool swapped, Match* match) const {
    for (size_t i = 0; i < pattern.inputs_.size(); ++i) {
      const std::string value(node.Input(swapped ? 1 - i : i));
      if (!MatchValue(pattern.inputs_[i], value, reader, match)) return false;
    }
    return true;
  }

  bool MatchValue(const Pattern& pattern, const std::string& value, int reader,
                  Match* match) const {
    switch (pattern.kind_) {
      case Pattern::Kind::kAbsent:
        return value.empty();
      case Pattern::Kind::kAny:
        return Bind(pattern, value, match);
      case Pattern::Kind::kConstant: {
        if (value.empty() || index_.IsGraphInput(value)) return false;
        const Tensor* tensor = index_.ConstantTensor(value);
        return tensor != nullptr &&
               (pattern.constant_holds_ == nullptr ||
                pattern.constant_holds_(*tensor)) &&
               Bind(pattern, value, match);
      }
      case Pattern::Kind::kOp:
        break;
    }
    if (value.empty()) return false;
    const int producer = index_.ProducerIndex(value);
    if (producer < 0 ||
        graph_.nodes[static_cast<size_t>(producer)].Output(0) != value) {
      return false;
    }
    if (!pattern.shared_) {
      const std::vector<int>& readers = index_.Consumers(value);
      if (index_.IsGraphOutput(value) || readers.size() != 1 ||
          readers[0] != reader) {
        return false;
      }
    }
    return MatchNode(pattern, producer, match);
  }

  static bool Bind(const Pattern& pattern, const std::string& value,
                   Match* match) {
    if (value.empty()) return false;
    if (pattern.name_.empty()) return true;
    return match->values.emplace(pattern.name_, value).first->second == value;
  }

  const Graph& graph_;
  const GraphIndex& index_;
};

std::optional<Match> FindMatch(const Pattern& pattern, const Graph& graph,
                               const GraphIndex& index, int root) {
  Match match;
  if (!Matcher(graph, index).MatchNode(pattern, root, &match)) {
    return std::nullopt;
  }
  match.root = root;
  std::sort(match.nodes.begin(), match.nodes.end());
  match.nodes.erase(std::unique(match.nodes.begin(), match.nodes.end()),
                    match.nodes.end());
  return match;
}

}  // namespace hone
