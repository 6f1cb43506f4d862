// Maps as values: made from what others wrote, and looked up.
//
//   HONE_ASSIGN_OR_RETURN(const Value map, MakeMap(keys, values));
//   const int64_t place = FindKey(map, int64_t{7});
//   if (place >= 0) use(map.map_values().tensor(), place);
#ifndef HONE_IR_MAP_MAP_H_
#define HONE_IR_MAP_MAP_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ir/dtype/dtype.h"
#include "ir/tensor/tensor.h"
#include "ir/tensor/value.h"

namespace hone {

// What ONNX allows as keys: integers of 8 to 64 bits and strings.
bool IsMapKey(DType dtype);

// keys[i] -> values[i], put in ascending order of the keys: integers by number,
// strings by their bytes. keys: [n]. values: a tensor [n], or a sequence of n
// values; when all n are scalars of one type they become a tensor (but not
// those of less than a byte).
// InvalidArgument: keys of another type or rank, as many values as not keys, a
// key that is there twice.
absl::StatusOr<Value> MakeMap(const Tensor& keys, Value values);

// Where the key is among the map's keys, or -1. The other kind of key: -1.
int64_t FindKey(const Value& map, int64_t key);
int64_t FindKey(const Value& map, absl::string_view key);

}  // namespace hone

#endif  // HONE_IR_MAP_MAP_H_
