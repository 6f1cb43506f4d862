#include "kernels/exec/ops/conv/conv_geometry.h"

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/attributes.h"
#include "ir/views/conv_view.h"
#include "ir/views/window.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/exec/kernel.h"

namespace hone {

absl::StatusOr<ConvShape> ConvShapeOf(const Node& node, const ConvView& view,
                                      absl::Span<const int64_t> x,
                                      absl::Span<const int64_t> w) {
  if (x.size() < 3 || x.size() != w.size()) {
    return NodeError(node, "ranks of X and W", "equal, at least 3",
                     absl::StrCat(x.size(), " and ", w.size()));
  }
  if (x.size() > 5) {
    return MakeError(absl::StatusCode::kUnimplemented,
                     "convolution over many axes",
                     {.node = NodeLabel(node),
                      .expected = "at most 3 spatial axes",
                      .found = absl::StrCat(x.size() - 2)});
  }
  if (w[0] % view.group != 0) {
    return NodeError(node, "output channels of W",
                     absl::StrCat("a multiple of group ", view.group),
                     absl::StrCat(w[0]));
  }
  if (x[1] != w[1] * view.group) {
    return NodeError(node, "channels of X",
                     absl::StrCat(w[1] * view.group, " (W ", DimsToString(w),
                                  ", group ", view.group, ")"),
                     absl::StrCat(x[1]));
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<WindowAxis> axes,
                        view.window.Resolve(node, x.subspan(2)));
  ConvShape shape;
  shape.batch = x[0];
  shape.groups = view.group;
  shape.in_channels = w[1];
  shape.out_channels = w[0] / view.group;
  const size_t first = 3 - axes.size();
  for (size_t i = 0; i < axes.size(); ++i) {
    shape.in[first + i] = x[2 + i];
    shape.kernel[first + i] = w[2 + i];
    shape.stride[first + i] = view.window.strides[i];
    shape.dilation[first + i] = view.window.dilations[i];
    shape.pad_begin[first + i] = axes[i].pad_begin;
    shape.out[first + i] = axes[i].output;
  }
  return shape;
}

ConvShape ConvWeightShape(const ConvView& view, absl::Span<const int64_t> w) {
  ConvShape shape;
  shape.groups = view.group;
  shape.in_channels = w[1];
  shape.out_channels = w[0] / view.group;
  const size_t first = 5 - w.size();
  for (size_t i = 2; i < w.size(); ++i) {
    shape.kernel[first + i - 2] = w[i];
    shape.dilation[first + i - 2] = view.window.dilations[i - 2];
    shape.stride[first + i - 2] = view.window.strides[i - 2];
  }
  return shape;
}

Dims ConvOutputDims(const ConvShape& shape, size_t rank) {
  Dims dims = {shape.batch, shape.groups * shape.out_channels};
  for (size_t i = 5 - rank; i < 3; ++i) dims.push_back(shape.out[i]);
  return dims;
}

absl::Status CheckExtents(const Node& node, absl::string_view what,
                          const TensorView& view,
                          absl::Span<const int64_t> dims) {
  if (!view.present() || absl::MakeConstSpan(view.dims) == dims) {
    return absl::OkStatus();
  }
  return NodeError(node, absl::StrCat("extents of ", what), DimsToString(dims),
                   DimsToString(view.dims));
}

}  // namespace hone
