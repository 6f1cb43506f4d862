#include "kernels/exec/ops/sequence/pieces.h"

#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status CheckElements(DType dtype) {
  if (dtype == DType::kString || BitsPerElement(dtype) >= 8) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(
      absl::StrCat("cutting and joining ", DTypeName(dtype), " tensors"));
}

size_t CountOf(absl::Span<const int64_t> dims) {
  size_t count = 1;
  for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
  return count;
}

// A tensor that is filled by runs of elements, strings or bytes alike.
class Filler {
 public:
  static absl::StatusOr<Filler> Of(DType dtype, const Dims& dims) {
    HONE_RETURN_IF_ERROR(CheckElements(dtype));
    Filler filler;
    filler.dims_ = dims;
    if (dtype == DType::kString) {
      filler.strings_.resize(CountOf(dims));
      return filler;
    }
    filler.width_ = static_cast<size_t>(BitsPerElement(dtype)) / 8;
    HONE_ASSIGN_OR_RETURN(filler.tensor_,
                          Tensor::Allocate(dtype, dims, &filler.bytes_));
    return filler;
  }

  void Copy(size_t to, const Tensor& from, size_t begin, size_t count) {
    if (width_ == 0) {
      for (size_t i = 0; i < count; ++i) {
        strings_[to + i] = from.Strings()[begin + i];
      }
    } else if (count > 0) {
      std::memcpy(bytes_.data() + to * width_,
                  from.bytes().data() + begin * width_, count * width_);
    }
  }

  Tensor Take() {
    return width_ == 0 ? Tensor::FromStrings(dims_, std::move(strings_))
                       : std::move(tensor_);
  }

 private:
  Dims dims_;
  size_t width_ = 0;  // bytes of an element; 0: strings
  std::vector<std::string> strings_;
  Tensor tensor_;
  absl::Span<std::byte> bytes_;
};

}  // namespace

absl::StatusOr<Tensor> CutPiece(const Tensor& x, int64_t axis, int64_t begin,
                                int64_t end) {
  Dims dims = x.dims();
  const auto at = static_cast<size_t>(axis);
  const size_t extent = static_cast<size_t>(dims[at]);
  dims[at] = end - begin;
  const absl::Span<const int64_t> extents(x.dims());
  const size_t inner = CountOf(extents.subspan(at + 1));
  const size_t rows = CountOf(extents.first(at));
  HONE_ASSIGN_OR_RETURN(Filler filler, Filler::Of(x.dtype(), dims));
  const size_t run = static_cast<size_t>(end - begin) * inner;
  for (size_t r = 0; r < rows; ++r) {
    filler.Copy(r * run, x, (r * extent + static_cast<size_t>(begin)) * inner,
                run);
  }
  return filler.Take();
}

absl::StatusOr<Tensor> JoinPieces(absl::Span<const Tensor> parts,
                                  int64_t axis) {
  if (parts.empty()) return absl::InvalidArgumentError("nothing to join");
  const auto at = static_cast<size_t>(axis);
  Dims dims = parts[0].dims();
  for (size_t p = 1; p < parts.size(); ++p) {
    Dims other = parts[p].dims();
    if (other.size() == dims.size()) {
      dims[at] += other[at];
      other[at] = dims[at];
    }
    if (other != dims || parts[p].dtype() != parts[0].dtype()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the tensors do not join: expected ", DTypeName(parts[0].dtype()),
          DimsToString(parts[0].dims()), ", found ",
          DTypeName(parts[p].dtype()), DimsToString(parts[p].dims())));
    }
  }
  HONE_ASSIGN_OR_RETURN(Filler filler, Filler::Of(parts[0].dtype(), dims));
  const absl::Span<const int64_t> extents(dims);
  const size_t inner = CountOf(extents.subspan(at + 1));
  const size_t rows = CountOf(extents.first(at));
  size_t to = 0;
  for (size_t r = 0; r < rows; ++r) {
    for (const Tensor& part : parts) {
      const size_t run = static_cast<size_t>(part.dims()[at]) * inner;
      filler.Copy(to, part, r * run, run);
      to += run;
    }
  }
  return filler.Take();
}

}  // namespace hone
