// NumPy's .npy format, versions 1.0 to 3.0
// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//
// Read: bool, (u)int8..64, float16/32/64, complex64/128, fixed-width bytes (S)
// and text (U, as UTF-8), either byte order, C or Fortran order (made C).
// Refused: objects (pickles), structured types, dates. ml_dtypes' bfloat16 is
// read from its '<V2' form only under the name bfloat16 that numpy loses, so it
// is refused too.
#ifndef HONE_DATASETS_NPY_NPY_H_
#define HONE_DATASETS_NPY_NPY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "datasets/array/array.h"
#include "datasets/file/file.h"

namespace hone::datasets {

// The array is a view of `file` where byte order and memory order allow.
// InvalidArgument names `path`, expected, found.
absl::StatusOr<Array> ParseNpy(const FileBytes& file, const std::string& path);
absl::StatusOr<Array> ReadNpy(const std::string& path);

// Version 1.0, little-endian, C order; data begins at a multiple of 64 bytes.
// Unimplemented: bfloat16, which .npy cannot say. Strings are written as U.
absl::StatusOr<std::string> NpyHeader(const Array& array);
absl::Status WriteNpy(const std::string& path, const Array& array);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_NPY_NPY_H_
