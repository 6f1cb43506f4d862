// Parameters of Clip (attributes before opset 11, then inputs).
#ifndef HONE_IR_VIEWS_CLIP_VIEW_H_
#define HONE_IR_VIEWS_CLIP_VIEW_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

struct ClipView {
  // -infinity and infinity when left out (as attributes: the lowest and highest
  // float32); nullopt: an input that is not constant.
  std::optional<double> min;
  std::optional<double> max;

  static absl::StatusOr<ClipView> Of(const Node& node, int64_t opset,
                                     ConstantInputs constants);
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_CLIP_VIEW_H_
