#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kernels/exec/fusion/integer/integer_rewrite.h"

namespace hone {
namespace {

// [n, c, spatial...] to [n, spatial..., c].
std::vector<int64_t> ToLast(int64_t rank) {
  std::vector<int64_t> perm = {0};
  for (int64_t i = 2; i < rank; ++i) perm.push_back(i);
  perm.push_back(1);
  return perm;
}

std::vector<int64_t> ToFirst(int64_t rank) {
  std::vector<int64_t> perm = {0, rank - 1};
  for (int64_t i = 1; i + 1 < rank; ++i) perm.push_back(i);
  return perm;
}

Node Transpose(const std::string& from, const std::string& to,
               std::vector<int64_t> perm) {
  Node node;
  node.op_type = "Transpose";
  node.inputs = {from};
  node.outputs = {to};
  node.SetAttribute(Attribute::Ints("perm", std::move(perm)));
  return node;
}

// Operators whose kernels know channels last alone, and those that take what
// comes.
enum class Layout { kPlain, kLast, kEither };

Layout LayoutOf(const Node& node) {
  if (node.domain != kInternalDomain || node.IntAttribute("rank", 0) < 3) {
    return Layout::kPlain;
  }
  if (node.op_type == "QuantizedConv" || node.op_type == "QuantizedMaxPool" ||
      node.op_type == "QuantizedAveragePool") {
    return Layout::kLast;
  }
  if (node.op_type == "QuantizedAdd" || node.op_type == "QuantizedMul" ||
      node.op_type == "QuantizedTable" || node.op_type == "QuantizedConcat") {
    return Layout::kEither;
  }
  return Layout::kPlain;
}

// The inputs that are images.
std::vector<size_t> ImagesOf(const Node& node) {
  if (node.op_type == "QuantizedAdd" || node.op_type == "QuantizedMul") {
    return {0, 3};
  }
  std::vector<size_t> images = {0};
  if (node.op_type == "QuantizedConcat") {
    for (size_t i = 2; i < node.inputs.size(); i += 2) images.push_back(i);
  }
  return images;
}

class Rewriter {
 public:
  explicit Rewriter(FusionGraph& graph) : graph_(graph) {}

  void Run() {
    std::vector<Node> nodes = std::move(graph_.model->graph.nodes);
    for (Node& node : nodes) {
      const Layout layout = LayoutOf(node);
      if (layout == Layout::kLast ||
          (layout == Layout::kEither && ReadsLast(node))) {
        PutLast(std::move(node));
        continue;
      }
      ForEachRead(
          node, [&](absl::string_view name) { MakePlain(std::string(name)); });
      out_.push_back(std::move(node));
    }
    for (const std::string& name : graph_.kept) MakePlain(name);
    graph_.model->graph.nodes = std::move(out_);
  }

 private:
  struct Form {
    std::string name;  // of the value with channels last
    int64_t rank = 0;
    bool plain = false;  // the value as it was exists too
  };

  bool ReadsLast(const Node& node) const {
    for (const size_t i : ImagesOf(node)) {
      if (last_.count(node.inputs[i]) > 0) return true;
    }
    return false;
  }

  // The value exists as the graph knows it.
  void MakePlain(const std::string& value) {
    const auto found = last_.find(value);
    if (found == last_.end() || found->second.plain) return;
    found->second.plain = true;
    out_.push_back(
        Transpose(found->second.name, value, ToFirst(found->second.rank)));
  }

  const std::string& Last(const std::string& value, int64_t rank) {
    const auto found = last_.find(value);
    if (found != last_.end()) return found->second.name;
    Form form{NewName(value, rank), rank, true};
    out_.push_back(Transpose(value, form.name, ToLast(rank)));
    return last_.emplace(value, std::move(form)).first->second.name;
  }

  std::string NewName(const std::string& value, int64_t rank) {
    const std::string name = absl::StrCat(value, "/channels_last");
    Type type = graph_.types->TypeOf(value);
    if (type.is_tensor() && type.shape.has_value() &&
        static_cast<int64_t>(type.shape->size()) == rank) {
      Shape moved;
      for (const int64_t from : ToLast(rank)) {
        moved.push_back((*type.shape)[static_cast<size_t>(from)]);
      }
      type.shape = std::move(moved);
      graph_.types->types[name] = std::move(type);
    }
    return name;
  }

  void PutLast(Node node) {
    const int64_t rank = node.IntAttribute("rank", 0);
    const std::string value = node.outputs[0];
    // Inference still sees the operators as they were, between transposes.
    std::vector<Node> originals = std::move(graph_.originals[value]);
    graph_.originals.erase(value);
    std::map<std::string, std::string> hidden;
    std::vector<Node> turned;
    const Form y{NewName(value, rank), rank, false};
    for (const size_t i : ImagesOf(node)) {
      const std::string& from = node.inputs[i];
      if (hidden.count(from) == 0) {
        const std::string name = absl::StrCat(y.name, "/in", turned.size());
        turned.push_back(Transpose(Last(from, rank), name, ToFirst(rank)));
        hidden[from] = name;
      }
    }
    for (Node& original : originals) {
      for (std::string& input : original.inputs) {
        const auto found = hidden.find(input);
        if (found != hidden.end()) input = found->second;
      }
    }
    const std::string plain = absl::StrCat(y.name, "/out");
    originals.back().outputs[0] = plain;
    for (const size_t i : ImagesOf(node)) {
      node.inputs[i] = Last(node.inputs[i], rank);
    }
    if (node.op_type == "QuantizedConcat") {
      const int64_t axis = node.IntAttribute("axis", 0);
      const int64_t moved = axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1;
      node.SetAttribute(Attribute::Int("axis", moved));
    }
    node.outputs[0] = y.name;
    turned.insert(turned.end(), std::make_move_iterator(originals.begin()),
                  std::make_move_iterator(originals.end()));
    turned.push_back(Transpose(plain, y.name, ToLast(rank)));
    graph_.originals[y.name] = std::move(turned);
    last_[value] = y;
    out_.push_back(std::move(node));
  }

  FusionGraph& graph_;
  std::vector<Node> out_;
  std::map<std::string, Form> last_;
};

}  // namespace

void PutChannelsLast(FusionGraph& graph) { Rewriter(graph).Run(); }

}  // namespace hone
