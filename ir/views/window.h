// The sliding window of a convolution or a pool, per spatial axis.
//
// Output extent of one axis, with effective kernel k' = (kernel - 1) * dilation
// + 1: explicit pads and VALID: floor((in + begin + end - k') / stride) + 1
// (ceil with ceil_mode, less one when the last window would start in the end
// padding); SAME_*: ceil(in / stride), with pads that make it so, the odd one
// at the end (UPPER) or the beginning (LOWER).
#ifndef HONE_IR_VIEWS_WINDOW_H_
#define HONE_IR_VIEWS_WINDOW_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ir/graph/graph.h"
#include "ir/views/attributes.h"

namespace hone {

enum class AutoPad { kNotSet, kSameUpper, kSameLower, kValid };

// One axis resolved against an input extent.
struct WindowAxis {
  int64_t pad_begin = 0;
  int64_t pad_end = 0;
  int64_t output = 0;
};

// Every vector has one element per spatial axis. Values are checked to lie in
// [1, 2^31) (pads in [0, 2^31)), so that sums and products of two fit.
struct Window {
  std::vector<int64_t> kernel;
  std::vector<int64_t> strides;
  std::vector<int64_t> dilations;
  std::vector<int64_t> pads_begin;  // as written; see Resolve for auto_pad
  std::vector<int64_t> pads_end;
  AutoPad auto_pad = AutoPad::kNotSet;
  bool ceil_mode = false;

  size_t rank() const { return kernel.size(); }

  // Reads strides, dilations, pads, auto_pad and ceil_mode, with defaults for
  // `kernel`'s rank. Errors go to `read`.
  static Window Read(AttributeReader* read, std::vector<int64_t> kernel);

  // Pads and output extent of spatial axis `axis`. InvalidArgument: the window
  // is larger than the padded input, or an extent overflows.
  absl::StatusOr<WindowAxis> ResolveAxis(const Node& node, size_t axis,
                                         int64_t extent) const;
  // All axes. InvalidArgument also when the ranks differ.
  absl::StatusOr<std::vector<WindowAxis>> Resolve(
      const Node& node, absl::Span<const int64_t> extents) const;
};

}  // namespace hone

#endif  // HONE_IR_VIEWS_WINDOW_H_
