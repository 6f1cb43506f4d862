// The MNIST family's IDX format (yann.lecun.com/exdb/mnist), gzipped or not:
// two zero bytes, a type, the rank, big-endian 32-bit extents, the elements.
#ifndef HONE_DATASETS_IDX_IDX_H_
#define HONE_DATASETS_IDX_IDX_H_

#include <string>

#include "absl/status/statusor.h"
#include "datasets/array/array.h"

namespace hone::datasets {

// uint8, int8, int16, int32, float32 or float64; 1 to 8 axes. InvalidArgument:
// another format, a size that is not what the extents need; at most 8 GiB.
absl::StatusOr<Array> ReadIdx(const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_IDX_IDX_H_
