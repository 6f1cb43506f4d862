// The header of a .npy file: a Python dict literal of three keys.
#ifndef HONE_DATASETS_NPY_HEADER_H_
#define HONE_DATASETS_NPY_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace hone::datasets {

struct NpyHeaderFields {
  std::string descr;  // "<f4"
  bool fortran = false;
  std::vector<int64_t> shape;  // at most 32 extents, none negative
  size_t data_offset = 0;      // of the first element
};

// InvalidArgument: no .npy file, an unknown version, a header that is cut short
// or is not the dict that the format prescribes.
absl::StatusOr<NpyHeaderFields> ParseNpyHeader(
    absl::Span<const std::byte> bytes, const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_NPY_HEADER_H_
