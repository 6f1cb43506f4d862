#include "ir/views/conv_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ir/error/error.h"
#include "ir/views/attributes.h"

namespace hone {
namespace {

constexpr int64_t kMaxGroup = (int64_t{1} << 31) - 1;

std::vector<int64_t> ReadKernel(AttributeReader* read,
                                absl::Span<const int64_t> weight_dims) {
  std::vector<int64_t> kernel = read->Ints("kernel_shape");
  if (weight_dims.size() == 1 || weight_dims.size() == 2) {
    read->Fail("rank of the weight", "at least 3",
               absl::StrCat(weight_dims.size()));
  }
  if (weight_dims.size() < 3) {
    if (kernel.empty()) {
      read->Fail("neither kernel_shape nor the weight's extents are known");
    }
    return kernel;
  }
  const absl::Span<const int64_t> spatial = weight_dims.subspan(2);
  if (kernel.empty()) kernel.assign(spatial.begin(), spatial.end());
  bool agrees = kernel.size() == spatial.size();
  for (size_t i = 0; agrees && i < kernel.size(); ++i) {
    agrees = spatial[i] < 0 || kernel[i] == spatial[i];
  }
  if (!agrees) {
    read->Fail("kernel_shape", absl::StrJoin(spatial, "x"),
               absl::StrJoin(kernel, "x"));
  }
  return kernel;
}

}  // namespace

absl::StatusOr<ConvView> ConvView::Of(const Node& node, int64_t /*opset*/,
                                      absl::Span<const int64_t> weight_dims) {
  AttributeReader read(node);
  ConvView view;
  view.group = read.IntIn("group", 1, 1, kMaxGroup);
  std::vector<int64_t> kernel = ReadKernel(&read, weight_dims);
  if (read.ok()) view.window = Window::Read(&read, std::move(kernel));
  return read.Finish(std::move(view));
}

absl::StatusOr<ConvTransposeView> ConvTransposeView::Of(
    const Node& node, int64_t /*opset*/,
    absl::Span<const int64_t> weight_dims) {
  AttributeReader read(node);
  ConvTransposeView view;
  view.group = read.IntIn("group", 1, 1, kMaxGroup);
  std::vector<int64_t> kernel = ReadKernel(&read, weight_dims);
  if (!read.ok()) return read.Finish(std::move(view));
  const size_t rank = kernel.size();
  view.window = Window::Read(&read, std::move(kernel));
  view.output_padding = read.Ints("output_padding");
  if (view.output_padding.empty()) view.output_padding.assign(rank, 0);
  view.output_shape = read.Ints("output_shape");
  // Some exporters write batch and channels too.
  if (view.output_shape.size() == rank + 2) {
    view.output_shape.erase(view.output_shape.begin(),
                            view.output_shape.begin() + 2);
  }
  const auto check = [&](const std::vector<int64_t>& values, const char* name) {
    if (values.size() != rank) {
      read.Fail(name, absl::StrCat(rank, " numbers"),
                absl::StrCat(values.size()));
    }
    for (int64_t value : values) {
      if (value < 0 || value > kMaxGroup) {
        read.Fail(name, absl::StrCat("numbers in [0, ", kMaxGroup, "]"),
                  absl::StrCat(value));
      }
    }
  };
  check(view.output_padding, "output_padding");
  if (!view.output_shape.empty()) check(view.output_shape, "output_shape");
  return read.Finish(std::move(view));
}

absl::StatusOr<WindowAxis> ConvTransposeView::ResolveAxis(
    const Node& node, size_t axis, int64_t extent) const {
  const int64_t stride = window.strides[axis];
  // Kernel, dilation and padding are below 2^31; only the extent can overflow.
  const int64_t added = (window.kernel[axis] - 1) * window.dilations[axis] + 1 +
                        output_padding[axis];
  int64_t full = 0;
  if (extent < 1 || __builtin_mul_overflow(extent - 1, stride, &full) ||
      full > (int64_t{1} << 62)) {
    return NodeError(node, "input extent out of range", "a positive number",
                     absl::StrCat(extent));
  }
  if (__builtin_add_overflow(full, added, &full)) {
    return NodeError(node, "output extent overflows");
  }
  WindowAxis resolved;
  const bool same = window.auto_pad == AutoPad::kSameUpper ||
                    window.auto_pad == AutoPad::kSameLower;
  if (!output_shape.empty() || same) {
    resolved.output =
        output_shape.empty() ? extent * stride : output_shape[axis];
    const int64_t total = std::max<int64_t>(full - resolved.output, 0);
    resolved.pad_begin =
        window.auto_pad == AutoPad::kSameUpper ? total / 2 : total - total / 2;
    resolved.pad_end = total - resolved.pad_begin;
    return resolved;
  }
  if (window.auto_pad == AutoPad::kNotSet) {
    resolved.pad_begin = window.pads_begin[axis];
    resolved.pad_end = window.pads_end[axis];
  }
  resolved.output = full - resolved.pad_begin - resolved.pad_end;
  if (resolved.output < 0) {
    return NodeError(node, "pads larger than the output", "at most full extent",
                     absl::StrCat(resolved.output));
  }
  return resolved;
}

absl::StatusOr<std::vector<WindowAxis>> ConvTransposeView::Resolve(
    const Node& node, absl::Span<const int64_t> extents) const {
  if (extents.size() != window.rank()) {
    return NodeError(node, "spatial rank of the input",
                     absl::StrCat(window.rank()), absl::StrCat(extents.size()));
  }
  std::vector<WindowAxis> axes;
  axes.reserve(extents.size());
  for (size_t i = 0; i < extents.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                          ResolveAxis(node, i, extents[i]));
    axes.push_back(axis);
  }
  return axes;
}

}  // namespace hone
