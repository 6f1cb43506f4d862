// hone_value: a tensor, a sequence, a map or an absent optional.
#ifndef HONE_CAPI_VALUE_H_
#define HONE_CAPI_VALUE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"

struct hone_value {
  explicit hone_value(hone::Value given);

  hone::Value value;
  // What the accessors point to: of a sequence its items, of a map its keys and
  // its values.
  std::vector<hone_value> items;
};

namespace hone::capi {

// The extents of a tensor that the caller describes. INVALID_ARGUMENT: a
// negative rank or extent, NULL dims with a rank above 0, too many elements.
absl::StatusOr<Dims> ReadDims(int32_t rank, const int64_t* dims);

}  // namespace hone::capi

#endif  // HONE_CAPI_VALUE_H_
