#include "algorithms/fold/fold_spatial_mean.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "algorithms/contract/patch.h"
#include "ir/shape_inference/shape_inference.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/reduce_view.h"

namespace hone {
namespace {

constexpr int64_t kAxesAreAnInput = 13;  // Squeeze's, from this opset on

// The spatial axes that a ReduceMean reduces; empty when it is another.
std::vector<int64_t> SpatialAxes(const Model& model, const GraphIndex& index,
                                 const InferredTypes& types, const Node& node) {
  if (!node.Is("ReduceMean") || node.outputs.size() != 1) return {};
  const Type& type = types.TypeOf(node.Input(0));
  if (!type.is_tensor() || type.dtype != DType::kF32 ||
      !type.shape.has_value()) {
    return {};
  }
  const int64_t rank = static_cast<int64_t>(type.shape->size());
  const auto view =
      ReduceView::Of(node, model.Opset(), ConstantInputsOf(node, index));
  if (!view.ok() || !view->axes.has_value() || view->axes->empty()) return {};
  const auto axes = view->Resolve(node, rank);
  if (!axes.ok() || rank < 3 ||
      static_cast<int64_t>(axes->size()) != rank - 2 || axes->front() != 2) {
    return {};
  }
  return *axes;
}

}  // namespace

void FoldSpatialMean(Model* model) {
  if (model->Opset() < kAxesAreAnInput) return;
  const auto types = InferShapes(*model, {});
  if (!types.ok()) return;
  Patch patch;
  {
    const GraphIndex index(model->graph);
    for (size_t i = 0; i < model->graph.nodes.size(); ++i) {
      const Node& node = model->graph.nodes[i];
      const std::vector<int64_t> axes =
          SpatialAxes(*model, index, *types, node);
      if (axes.empty()) continue;
      Node pool;
      pool.op_type = "GlobalAveragePool";
      pool.name = node.name;
      pool.inputs = {node.inputs[0]};
      pool.outputs = node.outputs;
      if (node.IntAttribute("keepdims", 1) != 0) {
        patch.Replace(static_cast<int>(i), {pool});
        continue;
      }
      const std::string pooled =
          model->graph.FreshName(absl::StrCat(node.outputs[0], "_pooled"));
      const std::string which =
          model->graph.FreshName(absl::StrCat(node.outputs[0], "_axes"));
      patch.SetInitializer(which, Tensor::FromVector<int64_t>(
                                      {static_cast<int64_t>(axes.size())},
                                      absl::MakeConstSpan(axes)));
      pool.outputs = {pooled};
      Node squeeze;
      squeeze.op_type = "Squeeze";
      squeeze.name = pooled;
      squeeze.inputs = {pooled, which};
      squeeze.outputs = node.outputs;
      patch.Replace(static_cast<int>(i), {pool, squeeze});
    }
  }
  ApplyPatch(patch, model).IgnoreError();  // the indices are the graph's own
}

}  // namespace hone
