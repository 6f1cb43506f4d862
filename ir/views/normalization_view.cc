#include "ir/views/normalization_view.h"

#include <utility>

#include "ir/views/attributes.h"

namespace hone {

absl::StatusOr<BatchNormalizationView> BatchNormalizationView::Of(
    const Node& node, int64_t opset) {
  AttributeReader read(node);
  BatchNormalizationView view;
  view.epsilon = read.Float("epsilon", 1e-5f);
  view.momentum = read.Float("momentum", 0.9f);
  // Before opset 14 the mode was told by the outputs that are asked for.
  view.training =
      opset >= 14 ? read.Bool("training_mode", false) : !node.Output(1).empty();
  if (opset < 9 && read.Int("spatial", 1) == 0) {
    read.Fail("attribute spatial", "1", "0");
  }
  return read.Finish(view);
}

absl::StatusOr<InstanceNormalizationView> InstanceNormalizationView::Of(
    const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  InstanceNormalizationView view;
  view.epsilon = read.Float("epsilon", 1e-5f);
  return read.Finish(view);
}

absl::StatusOr<LayerNormalizationView> LayerNormalizationView::Of(
    const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  LayerNormalizationView view;
  view.axis = read.Int("axis", -1);
  view.epsilon = read.Float("epsilon", 1e-5f);
  view.stash_float32 = read.Int("stash_type", 1) == 1;
  return read.Finish(view);
}

absl::StatusOr<GroupNormalizationView> GroupNormalizationView::Of(
    const Node& node, int64_t opset) {
  AttributeReader read(node);
  GroupNormalizationView view;
  if (!read.Has("num_groups")) read.Fail("attribute num_groups is missing");
  view.num_groups = read.IntIn("num_groups", 1, 1, int64_t{1} << 31);
  view.epsilon = read.Float("epsilon", 1e-5f);
  view.per_channel = opset >= 21;
  return read.Finish(view);
}

absl::StatusOr<LrnView> LrnView::Of(const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  LrnView view;
  view.alpha = read.Float("alpha", 1e-4f);
  view.beta = read.Float("beta", 0.75f);
  view.bias = read.Float("bias", 1);
  if (!read.Has("size")) read.Fail("attribute size is missing");
  view.size = read.IntIn("size", 1, 1, int64_t{1} << 31);
  return read.Finish(view);
}

absl::StatusOr<LpNormalizationView> LpNormalizationView::Of(const Node& node,
                                                            int64_t /*opset*/) {
  AttributeReader read(node);
  LpNormalizationView view;
  view.axis = read.Int("axis", -1);
  view.p = read.IntIn("p", 2, 1, 2);
  return read.Finish(view);
}

absl::StatusOr<MeanVarianceNormalizationView> MeanVarianceNormalizationView::Of(
    const Node& node, int64_t /*opset*/) {
  AttributeReader read(node);
  MeanVarianceNormalizationView view;
  view.axes = read.Ints("axes");
  if (!read.Has("axes")) view.axes = {0, 2, 3};
  return read.Finish(std::move(view));
}

}  // namespace hone
