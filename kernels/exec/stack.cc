#include "kernels/exec/stack.h"

#include <cstddef>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/error/error.h"
#include "kernels/exec/buffer.h"

namespace hone {
namespace {

absl::Status CheckElements(DType dtype) {
  if (BitsPerElement(dtype) >= 8) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat("loops over ", DTypeName(dtype), " tensors"));
}

absl::StatusOr<int64_t> AxisOf(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank) {
    return absl::InvalidArgumentError(
        absl::StrCat("axis ", axis, " of ", rank, " axes"));
  }
  return axis < 0 ? axis + rank : axis;
}

size_t BytesOf(absl::Span<const int64_t> dims, DType dtype) {
  size_t bytes = BitsPerElement(dtype) / 8;
  for (const int64_t dim : dims) bytes *= static_cast<size_t>(dim);
  return bytes;
}

}  // namespace

absl::StatusOr<Tensor> Stack(const std::vector<Tensor>& parts, int64_t axis,
                             const Type& part_type) {
  const DType dtype = parts.empty() ? part_type.dtype : parts[0].dtype();
  HONE_RETURN_IF_ERROR(CheckElements(dtype));
  Dims part;
  if (!parts.empty()) {
    part = parts[0].dims();
  } else if (part_type.shape.has_value()) {
    for (const Dim& dim : *part_type.shape) {
      part.push_back(dim.known() ? dim.value : 0);
    }
  }
  HONE_ASSIGN_OR_RETURN(const int64_t at,
                        AxisOf(axis, static_cast<int64_t>(part.size()) + 1));
  Dims dims = part;
  dims.insert(dims.begin() + at, static_cast<int64_t>(parts.size()));
  std::byte* bytes = nullptr;
  HONE_ASSIGN_OR_RETURN(Tensor stacked, NewTensor(dtype, dims, &bytes));
  const absl::Span<const int64_t> extents(part);
  const size_t row = BytesOf(extents.subspan(at), dtype);
  const size_t rows = part.empty() ? 1 : BytesOf(extents.first(at), DType::kU8);
  for (size_t p = 0; p < parts.size(); ++p) {
    if (parts[p].dims() != part || parts[p].dtype() != dtype) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a loop's outputs differ from step to step: expected ",
          DimsToString(part), ", found ", DimsToString(parts[p].dims())));
    }
    for (size_t r = 0; r < rows && row > 0; ++r) {
      std::memcpy(bytes + (r * parts.size() + p) * row,
                  parts[p].bytes().data() + r * row, row);
    }
  }
  return stacked;
}

absl::StatusOr<Tensor> SliceAt(const Tensor& x, int64_t axis, int64_t index) {
  HONE_RETURN_IF_ERROR(CheckElements(x.dtype()));
  HONE_ASSIGN_OR_RETURN(const int64_t at, AxisOf(axis, x.rank()));
  const absl::Span<const int64_t> extents(x.dims());
  if (index < 0 || index >= extents[at]) {
    return absl::InvalidArgumentError(
        absl::StrCat("place ", index, " of ", extents[at]));
  }
  Dims dims = x.dims();
  dims.erase(dims.begin() + at);
  std::byte* bytes = nullptr;
  HONE_ASSIGN_OR_RETURN(Tensor slice, NewTensor(x.dtype(), dims, &bytes));
  const size_t row = BytesOf(extents.subspan(at + 1), x.dtype());
  const size_t rows = BytesOf(extents.first(at), DType::kU8);
  for (size_t r = 0; r < rows && row > 0; ++r) {
    std::memcpy(bytes + r * row,
                x.bytes().data() + (r * extents[at] + index) * row, row);
  }
  return slice;
}

}  // namespace hone
