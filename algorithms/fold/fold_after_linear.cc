#include "algorithms/fold/fold_after_linear.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "algorithms/contract/patch.h"
#include "algorithms/fold/linear_affine.h"
#include "ir/views/normalization_view.h"

namespace hone {
namespace {

struct Affine {
  std::vector<double> a;
  std::vector<double> b;
};

std::optional<Affine> OfBatchNormalization(const Model& model,
                                           const GraphIndex& index,
                                           const Node& node, int64_t channels) {
  const auto view = BatchNormalizationView::Of(node, model.Opset());
  if (!view.ok() || view->training || model.Opset() < 7) return std::nullopt;
  std::vector<double> parts[4];  // scale, bias, mean, variance
  for (int i = 0; i < 4; ++i) {
    const Tensor* tensor = FixedConstant(index, node.Input(i + 1));
    if (tensor == nullptr || tensor->size() != channels) return std::nullopt;
    const auto values = PerChannel(tensor->Reshaped({channels}), 2, channels);
    if (!values.has_value()) return std::nullopt;
    parts[i] = *values;
  }
  Affine affine;
  for (int64_t c = 0; c < channels; ++c) {
    const double a = parts[0][c] / std::sqrt(parts[3][c] + view->epsilon);
    affine.a.push_back(a);
    affine.b.push_back(parts[1][c] - a * parts[2][c]);
  }
  return affine;
}

// `input` is the node's input that the linear node makes.
std::optional<Affine> OfArithmetic(const GraphIndex& index, const Node& node,
                                   absl::string_view input, int64_t rank,
                                   int64_t channels) {
  const bool mul = node.Is("Mul"), div = node.Is("Div"), add = node.Is("Add"),
             sub = node.Is("Sub");
  if ((!mul && !div && !add && !sub) || node.inputs.size() != 2) {
    return std::nullopt;
  }
  const bool first = node.inputs[0] == input;
  if ((div || sub) && !first) return std::nullopt;
  const Tensor* constant = FixedConstant(index, node.inputs[first ? 1 : 0]);
  if (constant == nullptr) return std::nullopt;
  const auto values = PerChannel(*constant, rank, channels);
  if (!values.has_value()) return std::nullopt;
  Affine affine{std::vector<double>(channels, 1),
                std::vector<double>(channels, 0)};
  for (int64_t c = 0; c < channels; ++c) {
    const double v = (*values)[c];
    if (div && v == 0) return std::nullopt;
    if (mul) affine.a[c] = v;
    if (div) affine.a[c] = 1 / v;
    if (add) affine.b[c] = v;
    if (sub) affine.b[c] = -v;
  }
  return affine;
}

// Folds the node after `linear`, if it can; true when the graph has changed.
bool FoldNext(Model* model, const GraphIndex& index, const LinearNode& linear,
              Patch* patch) {
  Graph& graph = model->graph;
  Node& node = graph.nodes[linear.node];
  const std::string output = node.outputs.empty() ? "" : node.outputs[0];
  if (output.empty() || index.IsGraphOutput(output)) return false;
  const std::vector<int>& readers = index.Consumers(output);
  if (readers.size() != 1) return false;
  const Node& next = graph.nodes[readers[0]];
  if (std::count(next.inputs.begin(), next.inputs.end(), output) != 1 ||
      next.outputs.empty()) {
    return false;
  }
  std::optional<Affine> affine;
  if (next.Is("BatchNormalization")) {
    if (next.inputs[0] != output) return false;
    affine = OfBatchNormalization(*model, index, next, linear.channels);
  } else {
    affine = OfArithmetic(index, next, output, linear.rank, linear.channels);
  }
  if (!affine.has_value()) return false;
  ReportRow row{NodeLabel(next),
                next.op_type,
                "folded",
                absl::StrCat("into the weights of ", NodeLabel(node)),
                {}};
  const std::string result = next.outputs[0];
  patch->Replace(readers[0], {});
  patch->rows.push_back(std::move(row));
  FoldAffine(linear, affine->a, affine->b, &graph);
  node.outputs[0] = result;
  return true;
}

}  // namespace

Report FoldAfterLinear(Model* model) {
  Report rows;
  // A round folds one node after every linear node; chains take more rounds.
  for (bool changed = true; changed;) {
    changed = false;
    const Graph before = model->graph;  // weights are shared
    Patch patch;
    {
      const GraphIndex index(model->graph);
      // FoldNext adds initializers and renames an output, of which the index
      // holds stale views; each linear node is looked at through the index
      // once, before its own change.
      std::vector<LinearNode> linears;
      for (size_t i = 0; i < model->graph.nodes.size(); ++i) {
        const auto linear = AsLinear(*model, index, static_cast<int>(i));
        if (linear.has_value()) linears.push_back(*linear);
      }
      Model next = *model;
      for (const LinearNode& linear : linears) {
        changed |= FoldNext(&next, index, linear, &patch);
      }
      if (!changed) break;
      // The index looks into the old graph until here.
      std::swap(*model, next);
    }
    rows.insert(rows.end(), patch.rows.begin(), patch.rows.end());
    ApplyPatch(patch, model).IgnoreError();  // the indices are the graph's own
    DropUnreadConstants(before, &model->graph);
  }
  for (const Node& node : model->graph.nodes) {
    if (!node.Is("BatchNormalization")) continue;
    rows.push_back({NodeLabel(node),
                    node.op_type,
                    "float",
                    "its input is not made by a Conv or Gemm with constant "
                    "weights that nothing else reads",
                    {}});
  }
  return rows;
}

}  // namespace hone
