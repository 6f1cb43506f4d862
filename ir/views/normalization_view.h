// Parameters of the normalizations.
#ifndef HONE_IR_VIEWS_NORMALIZATION_VIEW_H_
#define HONE_IR_VIEWS_NORMALIZATION_VIEW_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

// y = scale * (x - mean) / sqrt(var + epsilon) + bias, over channels (axis 1).
// Inputs: x, scale, bias, mean, var.
struct BatchNormalizationView {
  float epsilon = 1e-5f;
  float momentum = 0.9f;
  // The statistics of the batch are used and the running ones are outputs.
  bool training = false;

  static absl::StatusOr<BatchNormalizationView> Of(const Node& node,
                                                   int64_t opset);
};

// Inputs: x, scale, bias (InstanceNormalization: per channel, [c]).
struct InstanceNormalizationView {
  float epsilon = 1e-5f;

  static absl::StatusOr<InstanceNormalizationView> Of(const Node& node,
                                                      int64_t opset);
};

// LayerNormalization and RMSNormalization: over axes [axis, rank).
struct LayerNormalizationView {
  int64_t axis = -1;
  float epsilon = 1e-5f;
  bool stash_float32 = true;  // statistics in float32 whatever x is

  static absl::StatusOr<LayerNormalizationView> Of(const Node& node,
                                                   int64_t opset);
};

struct GroupNormalizationView {
  int64_t num_groups = 1;
  float epsilon = 1e-5f;
  // Before opset 21 scale and bias have one element per group.
  bool per_channel = true;

  static absl::StatusOr<GroupNormalizationView> Of(const Node& node,
                                                   int64_t opset);
};

// LRN: y = x / (bias + alpha / size * sum of squares over `size`
// channels)^beta.
struct LrnView {
  float alpha = 1e-4f;
  float beta = 0.75f;
  float bias = 1;
  int64_t size = 1;

  static absl::StatusOr<LrnView> Of(const Node& node, int64_t opset);
};

// LpNormalization: x / ||x||_p along `axis`; p is 1 or 2.
struct LpNormalizationView {
  int64_t axis = -1;
  int64_t p = 2;

  static absl::StatusOr<LpNormalizationView> Of(const Node& node,
                                                int64_t opset);
};

// MeanVarianceNormalization over `axes` (default 0, 2, 3).
struct MeanVarianceNormalizationView {
  std::vector<int64_t> axes;

  static absl::StatusOr<MeanVarianceNormalizationView> Of(const Node& node,
                                                          int64_t opset);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_NORMALIZATION_VIEW_H_
