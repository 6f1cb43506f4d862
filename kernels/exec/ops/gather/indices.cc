#include "kernels/exec/ops/gather/indices.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "kernels/exec/ops/adapter/element_types.h"

namespace hone {

absl::StatusOr<std::vector<int64_t>> IndexElements(absl::string_view label,
                                                   const TensorView& indices) {
  std::vector<int64_t> elements(static_cast<size_t>(indices.size));
  using Indices = ElementTypes<int32_t, int64_t>;
  HONE_RETURN_IF_ERROR(
      VisitDType(Indices(), label, indices.dtype, [&](auto type) {
        using T = typename decltype(type)::type;
        const T* from = indices.As<T>();
        for (size_t i = 0; i < elements.size(); ++i) elements[i] = from[i];
        return absl::OkStatus();
      }));
  return elements;
}

absl::Status WrapIndices(absl::string_view label, int64_t extent,
                         absl::Span<int64_t> indices) {
  for (int64_t& index : indices) {
    if (index < -extent || index >= extent) {
      ErrorDetail detail;
      detail.node = std::string(label);
      detail.expected = absl::StrCat("[", -extent, ", ", extent, ")");
      detail.found = absl::StrCat(index);
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "an index out of range", detail);
    }
    if (index < 0) index += extent;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<int64_t>> SliceOffsets(
    absl::string_view label, const TensorView& indices,
    absl::Span<const int64_t> dims, absl::Span<const int64_t> strides) {
  HONE_ASSIGN_OR_RETURN(std::vector<int64_t> elements,
                        IndexElements(label, indices));
  const size_t depth =
      indices.dims.empty() ? 0 : static_cast<size_t>(indices.dims.back());
  if (depth == 0 || depth > dims.size()) {
    ErrorDetail detail;
    detail.node = std::string(label);
    detail.expected = absl::StrCat("1 to ", dims.size());
    detail.found = absl::StrCat(depth);
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "last extent of the indices", detail);
  }
  std::vector<int64_t> offsets(elements.size() / depth, 0);
  for (size_t i = 0; i < elements.size(); ++i) {
    const size_t axis = i % depth;
    HONE_RETURN_IF_ERROR(
        WrapIndices(label, dims[axis], absl::MakeSpan(&elements[i], 1)));
    offsets[i / depth] += elements[i] * strides[axis];
  }
  return offsets;
}

}  // namespace hone
