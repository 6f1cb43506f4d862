// Parameters of Conv (also ConvInteger, QLinearConv) and ConvTranspose.
//
//   HONE_ASSIGN_OR_RETURN(const ConvView conv,
//                         ConvView::Of(node, opset, weight.dims()));
//   HONE_ASSIGN_OR_RETURN(const std::vector<WindowAxis> axes,
//                         conv.window.Resolve(node, spatial_extents));
//
// Conv: x [n, c, d...], w [m, c / group, k...], y [n, m, o...].
// ConvTranspose: x [n, c, d...], w [c, m / group, k...], y [n, m, o...].
#ifndef HONE_IR_VIEWS_CONV_VIEW_H_
#define HONE_IR_VIEWS_CONV_VIEW_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/views/window.h"

namespace hone {

struct ConvView {
  Window window;
  int64_t group = 1;

  // `weight_dims`: the weight's extents, -1 for an unknown one; empty when even
  // the rank is unknown (then kernel_shape must be written). InvalidArgument:
  // kernel_shape and weight differ, or the kernel's extents are not known.
  static absl::StatusOr<ConvView> Of(const Node& node, int64_t opset,
                                     absl::Span<const int64_t> weight_dims);
};

struct ConvTransposeView {
  Window window;
  int64_t group = 1;
  std::vector<int64_t> output_padding;  // one per spatial axis
  std::vector<int64_t> output_shape;    // spatial extents; empty: not given

  static absl::StatusOr<ConvTransposeView> Of(
      const Node& node, int64_t opset, absl::Span<const int64_t> weight_dims);

  // out = stride * (in - 1) + output_padding + k' - pad_begin - pad_end.
  // With output_shape or SAME_* (out = in * stride) the pads follow from the
  // output, the odd one at the end for SAME_UPPER, else at the beginning; a
  // negative total pads nothing.
  absl::StatusOr<WindowAxis> ResolveAxis(const Node& node, size_t axis,
                                         int64_t extent) const;
  absl::StatusOr<std::vector<WindowAxis>> Resolve(
      const Node& node, absl::Span<const int64_t> extents) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_CONV_VIEW_H_
