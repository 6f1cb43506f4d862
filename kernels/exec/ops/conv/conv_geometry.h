// A node's attributes and the extents of one run, made into the ConvShape that
// kernels take; every contradiction between them is found here.
#ifndef HONE_KERNELS_EXEC_OPS_CONV_CONV_GEOMETRY_H_
#define HONE_KERNELS_EXEC_OPS_CONV_CONV_GEOMETRY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/tensor/tensor.h"
#include "ir/views/conv_view.h"
#include "kernels/cpu/conv/conv_shape.h"
#include "kernels/exec/kernel.h"

namespace hone {

// InvalidArgument: ranks, channels or groups contradict each other.
// Unimplemented: more than three spatial axes.
absl::StatusOr<ConvShape> ConvShapeOf(const Node& node, const ConvView& view,
                                      absl::Span<const int64_t> x,
                                      absl::Span<const int64_t> w);

// What packing weights of extents `w` (of rank 3 to 5, consistent with the
// view) needs: groups, channels, kernel, strides and dilations; nothing of x.
ConvShape ConvWeightShape(const ConvView& view, absl::Span<const int64_t> w);

// [batch, channels, out...] with `rank` axes.
Dims ConvOutputDims(const ConvShape& shape, size_t rank);

// InvalidArgument unless `view` is absent or of exactly these extents.
absl::Status CheckExtents(const Node& node, absl::string_view what,
                          const TensorView& view,
                          absl::Span<const int64_t> dims);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CONV_CONV_GEOMETRY_H_
