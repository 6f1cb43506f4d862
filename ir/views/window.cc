#include "ir/views/window.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr int64_t kLimit = int64_t{1} << 31;
// Input extents above this are refused, so that extent + pads cannot overflow.
constexpr int64_t kExtentLimit = int64_t{1} << 62;

std::vector<int64_t> ReadPerAxis(AttributeReader* read, absl::string_view name,
                                 size_t count, int64_t otherwise, int64_t low) {
  std::vector<int64_t> values = read->Ints(name);
  if (values.empty()) return std::vector<int64_t>(count, otherwise);
  if (values.size() != count) {
    read->Fail(absl::StrCat("attribute ", name),
               absl::StrCat(count, " numbers"), absl::StrCat(values.size()));
    return std::vector<int64_t>(count, otherwise);
  }
  for (int64_t value : values) {
    if (value < low || value >= kLimit) {
      read->Fail(absl::StrCat("attribute ", name),
                 absl::StrCat("numbers in [", low, ", ", kLimit, ")"),
                 absl::StrCat(value));
      return std::vector<int64_t>(count, otherwise);
    }
  }
  return values;
}

}  // namespace

Window Window::Read(AttributeReader* read, std::vector<int64_t> kernel) {
  static constexpr absl::string_view kAutoPads[] = {"NOTSET", "SAME_UPPER",
                                                    "SAME_LOWER", "VALID"};
  Window window;
  const size_t rank = kernel.size();
  for (int64_t extent : kernel) {
    if (extent < 1 || extent >= kLimit) {
      read->Fail("kernel extent", absl::StrCat("a number in [1, ", kLimit, ")"),
                 absl::StrCat(extent));
      return window;
    }
  }
  window.kernel = std::move(kernel);
  window.strides = ReadPerAxis(read, "strides", rank, 1, 1);
  window.dilations = ReadPerAxis(read, "dilations", rank, 1, 1);
  const std::vector<int64_t> pads = ReadPerAxis(read, "pads", 2 * rank, 0, 0);
  const auto middle = pads.begin() + static_cast<std::ptrdiff_t>(rank);
  window.pads_begin.assign(pads.begin(), middle);
  window.pads_end.assign(middle, pads.end());
  window.auto_pad = static_cast<AutoPad>(
      read->Choice("auto_pad", "NOTSET", absl::MakeConstSpan(kAutoPads)));
  window.ceil_mode = read->Bool("ceil_mode", false);
  return window;
}

absl::StatusOr<WindowAxis> Window::ResolveAxis(const Node& node, size_t axis,
                                               int64_t extent) const {
  if (extent < 0 || extent > kExtentLimit) {
    return NodeError(node, "input extent out of range",
                     absl::StrCat("at most ", kExtentLimit),
                     absl::StrCat(extent));
  }
  const int64_t stride = strides[axis];
  const int64_t effective = (kernel[axis] - 1) * dilations[axis] + 1;
  WindowAxis resolved;
  if (auto_pad == AutoPad::kSameUpper || auto_pad == AutoPad::kSameLower) {
    resolved.output = extent / stride + (extent % stride != 0 ? 1 : 0);
    // The last window's start is below extent, so that this cannot overflow.
    const int64_t needed =
        resolved.output == 0 ? 0 : (resolved.output - 1) * stride - extent;
    const int64_t total = std::max<int64_t>(needed + effective, 0);
    resolved.pad_begin =
        auto_pad == AutoPad::kSameUpper ? total / 2 : total - total / 2;
    resolved.pad_end = total - resolved.pad_begin;
    return resolved;
  }
  if (auto_pad == AutoPad::kNotSet) {
    resolved.pad_begin = pads_begin[axis];
    resolved.pad_end = pads_end[axis];
  }
  const int64_t room =
      extent + resolved.pad_begin + resolved.pad_end - effective;
  if (room < 0) {
    return NodeError(node, "window larger than the padded input",
                     absl::StrCat("an extent of at least ", effective,
                                  " on spatial axis ", axis),
                     absl::StrCat(room + effective));
  }
  resolved.output = room / stride + 1;
  if (ceil_mode && room % stride != 0 &&
      resolved.output * stride < extent + resolved.pad_begin) {
    ++resolved.output;
  }
  return resolved;
}

absl::StatusOr<std::vector<WindowAxis>> Window::Resolve(
    const Node& node, absl::Span<const int64_t> extents) const {
  if (extents.size() != rank()) {
    return NodeError(node, "spatial rank of the input", absl::StrCat(rank()),
                     absl::StrCat(extents.size()));
  }
  std::vector<WindowAxis> axes;
  axes.reserve(rank());
  for (size_t i = 0; i < rank(); ++i) {
    HONE_ASSIGN_OR_RETURN(const WindowAxis axis,
                          ResolveAxis(node, i, extents[i]));
    axes.push_back(axis);
  }
  return axes;
}

}  // namespace hone
