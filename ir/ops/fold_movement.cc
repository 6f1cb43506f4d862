// The part of fold.h that moves elements and makes them from extents.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/ops/fold.h"
#include "ir/ops/infer.h"
#include "ir/views/attributes.h"
#include "ir/views/axis_view.h"
#include "ir/views/slice_view.h"

namespace hone {
namespace {

size_t Extent(int64_t extent) { return static_cast<size_t>(extent); }

// Calls visit(position) for every index of `dims`, row-major.
template <typename Visit>
void ForEachPosition(const Dims& dims, const Visit& visit) {
  const std::optional<int64_t> count = ElementCount(dims);
  std::vector<size_t> position(dims.size(), 0);
  for (int64_t i = 0; i < count.value_or(0); ++i) {
    visit(position);
    for (size_t d = dims.size(); d-- > 0;) {
      if (++position[d] < Extent(dims[d])) break;
      position[d] = 0;
    }
  }
}

size_t Offset(const Dims& dims, const std::vector<size_t>& position) {
  size_t offset = 0;
  for (size_t d = 0; d < dims.size(); ++d)
    offset = offset * Extent(dims[d]) + position[d];
  return offset;
}

// The front axis; nullopt when it is out of range (inference has refused it).
std::optional<size_t> Axis(const InferInput& in, int64_t otherwise,
                           size_t rank) {
  const absl::StatusOr<int64_t> axis =
      FrontAxis(*in.node, in.node->IntAttribute("axis", otherwise),
                static_cast<int64_t>(rank));
  if (!axis.ok()) return std::nullopt;
  return static_cast<size_t>(*axis);
}

}  // namespace

std::optional<PartialTensor> FoldReshape(const InferInput& in, size_t /*index*/,
                                         const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  if (x == nullptr) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value() || y->elements.size() != x->elements.size()) {
    return std::nullopt;
  }
  y->elements = x->elements;
  return y;
}

std::optional<PartialTensor> FoldShape(const InferInput& in, size_t /*index*/,
                                       const Type& output) {
  const Shape* x = InputShape(in, 0);
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (x == nullptr || !y.has_value()) return std::nullopt;
  const auto rank = static_cast<int64_t>(x->size());
  int64_t start = in.node->IntAttribute("start", 0);
  if (start < 0) start = std::max<int64_t>(start + rank, 0);
  for (size_t i = 0; i < y->elements.size(); ++i) {
    const size_t from = Extent(start) + i;
    if (from >= x->size()) return std::nullopt;
    y->elements[i] = PartialElement::OfDim((*x)[from]);
  }
  return y;
}

std::optional<PartialTensor> FoldSize(const InferInput& in, size_t /*index*/,
                                      const Type& output) {
  const Shape* x = InputShape(in, 0);
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (x == nullptr || !y.has_value()) return std::nullopt;
  y->elements[0] = PartialElement::OfDim(ProductOf(*x, 0, x->size()));
  return y;
}

std::optional<PartialTensor> FoldConcat(const InferInput& in, size_t /*index*/,
                                        const Type& output) {
  for (size_t i = 0; i < in.inputs.size(); ++i) {
    // One known part is worth it, but only if the others' extents are known.
    if (InputPartial(in, i) == nullptr &&
        !PartialTensor::OfType(in.inputs[i]).has_value()) {
      return std::nullopt;
    }
  }
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value()) return std::nullopt;
  const std::optional<size_t> axis = Axis(in, 0, y->dims.size());
  if (!axis.has_value()) return std::nullopt;
  size_t begin = 0;
  for (size_t i = 0; i < in.inputs.size(); ++i) {
    const PartialTensor unknown = in.partial[i] == nullptr
                                      ? *PartialTensor::OfType(in.inputs[i])
                                      : PartialTensor();
    const PartialTensor& x =
        in.partial[i] == nullptr ? unknown : *in.partial[i];
    if (x.dims.size() != y->dims.size()) return std::nullopt;
    ForEachPosition(x.dims, [&](std::vector<size_t> position) {
      const size_t from = Offset(x.dims, position);
      position[*axis] += begin;
      y->elements[Offset(y->dims, position)] = x.elements[from];
    });
    begin += Extent(x.dims[*axis]);
  }
  return y;
}

std::optional<PartialTensor> FoldGather(const InferInput& in, size_t /*index*/,
                                        const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  const PartialTensor* indices = InputPartial(in, 1);
  if (x == nullptr || indices == nullptr) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  const std::optional<size_t> axis = Axis(in, 0, x->dims.size());
  if (!y.has_value() || !axis.has_value() || indices->dtype == DType::kF32) {
    return std::nullopt;
  }
  const size_t picked = indices->dims.size();
  size_t at = 0;
  ForEachPosition(y->dims, [&](const std::vector<size_t>& position) {
    PartialElement& element = y->elements[at++];
    const std::vector<size_t> pick(
        position.begin() + static_cast<std::ptrdiff_t>(*axis),
        position.begin() + static_cast<std::ptrdiff_t>(*axis + picked));
    const PartialElement& index =
        indices->elements[Offset(indices->dims, pick)];
    if (!index.known) return;
    const int64_t extent = x->dims[*axis];
    const int64_t i = index.value < 0 ? index.value + extent : index.value;
    if (i < 0 || i >= extent) return;
    std::vector<size_t> source(
        position.begin(),
        position.begin() + static_cast<std::ptrdiff_t>(*axis));
    source.push_back(static_cast<size_t>(i));
    source.insert(
        source.end(),
        position.begin() + static_cast<std::ptrdiff_t>(*axis + picked),
        position.end());
    element = x->elements[Offset(x->dims, source)];
  });
  return y;
}

std::optional<PartialTensor> FoldSlice(const InferInput& in, size_t /*index*/,
                                       const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  if (x == nullptr) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  const absl::StatusOr<SliceView> view =
      SliceView::Of(*in.node, in.opset, in.contents);
  if (!y.has_value() || !view.ok() || !view->known()) return std::nullopt;
  const auto axes = view->Resolve(*in.node, x->dims);
  if (!axes.ok()) return std::nullopt;
  size_t at = 0;
  ForEachPosition(y->dims, [&](std::vector<size_t> position) {
    for (size_t d = 0; d < position.size(); ++d) {
      position[d] = static_cast<size_t>((*axes)[d].start +
                                        (*axes)[d].step *
                                            static_cast<int64_t>(position[d]));
    }
    y->elements[at++] = x->elements[Offset(x->dims, position)];
  });
  return y;
}

std::optional<PartialTensor> FoldSplit(const InferInput& in, size_t index,
                                       const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  if (x == nullptr || x->dims.size() != 1) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value()) return std::nullopt;
  const PartialTensor* sizes = in.opset >= 13 ? InputPartial(in, 1) : nullptr;
  const std::vector<int64_t> written = in.node->IntsAttribute("split");
  size_t begin = 0;
  for (size_t i = 0; i < index; ++i) {
    if (sizes != nullptr && i < sizes->elements.size()) {
      if (!sizes->elements[i].known) return std::nullopt;
      begin += Extent(sizes->elements[i].value);
    } else if (i < written.size()) {
      begin += Extent(written[i]);
    } else {
      // Equal parts: all but the last have the first one's extent.
      const size_t outputs = in.node->outputs.size();
      begin += (x->elements.size() + outputs - 1) / outputs;
    }
  }
  if (begin + y->elements.size() > x->elements.size()) return std::nullopt;
  for (size_t i = 0; i < y->elements.size(); ++i)
    y->elements[i] = x->elements[begin + i];
  return y;
}

std::optional<PartialTensor> FoldTranspose(const InferInput& in,
                                           size_t /*index*/,
                                           const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  if (x == nullptr) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  const absl::StatusOr<TransposeView> view =
      TransposeView::Of(*in.node, in.opset);
  if (!y.has_value() || !view.ok()) return std::nullopt;
  const auto perm =
      view->Resolve(*in.node, static_cast<int64_t>(x->dims.size()));
  if (!perm.ok()) return std::nullopt;
  size_t at = 0;
  std::vector<size_t> source(x->dims.size());
  ForEachPosition(y->dims, [&](const std::vector<size_t>& position) {
    for (size_t d = 0; d < position.size(); ++d)
      source[static_cast<size_t>((*perm)[d])] = position[d];
    y->elements[at++] = x->elements[Offset(x->dims, source)];
  });
  return y;
}

std::optional<PartialTensor> FoldExpand(const InferInput& in, size_t /*index*/,
                                        const Type& output) {
  const PartialTensor* x = InputPartial(in, 0);
  if (x == nullptr) return std::nullopt;
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value() || y->dims.size() < x->dims.size()) return std::nullopt;
  const size_t skipped = y->dims.size() - x->dims.size();
  size_t at = 0;
  std::vector<size_t> source(x->dims.size());
  ForEachPosition(y->dims, [&](const std::vector<size_t>& position) {
    for (size_t d = 0; d < source.size(); ++d)
      source[d] = x->dims[d] == 1 ? 0 : position[d + skipped];
    y->elements[at++] = x->elements[Offset(x->dims, source)];
  });
  return y;
}

std::optional<PartialTensor> FoldConstantOfShape(const InferInput& in,
                                                 size_t /*index*/,
                                                 const Type& output) {
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value()) return std::nullopt;
  PartialElement fill = y->dtype == DType::kF32 ? PartialElement::OfFloat(0)
                                                : PartialElement::Of(0);
  if (const Attribute* value = in.node->FindAttribute("value")) {
    const Tensor* tensor = std::get_if<Tensor>(&value->data);
    if (tensor == nullptr || tensor->size() != 1) return std::nullopt;
    const std::optional<PartialTensor> given = PartialTensor::Of(*tensor);
    if (!given.has_value()) return std::nullopt;
    fill = given->elements[0];
  }
  std::fill(y->elements.begin(), y->elements.end(), fill);
  return y;
}

std::optional<PartialTensor> FoldRange(const InferInput& in, size_t /*index*/,
                                       const Type& output) {
  std::optional<PartialTensor> y = PartialTensor::OfType(output);
  if (!y.has_value() || y->dtype == DType::kF32) return std::nullopt;
  const PartialTensor* start = InputPartial(in, 0);
  const PartialTensor* step = InputPartial(in, 2);
  if (start == nullptr || step == nullptr || start->elements.size() != 1 ||
      step->elements.size() != 1 || !start->elements[0].known ||
      !step->elements[0].known) {
    return std::nullopt;
  }
  int64_t value = start->elements[0].value;
  for (PartialElement& element : y->elements) {
    element = PartialElement::Of(value);
    if (__builtin_add_overflow(value, step->elements[0].value, &value)) {
      return std::nullopt;
    }
  }
  return y;
}

}  // namespace hone
