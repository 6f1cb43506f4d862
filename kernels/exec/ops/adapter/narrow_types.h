// Elements narrower than C++'s: 2- and 4-bit integers and the small floats, as
// they lie in a tensor (the first element in the low bits of a byte; elements
// of 6 bits reach over into the next one).
#ifndef HONE_KERNELS_EXEC_OPS_ADAPTER_NARROW_TYPES_H_
#define HONE_KERNELS_EXEC_OPS_ADAPTER_NARROW_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ir/dtype/dtype.h"
#include "kernels/cpu/float_types/float_types.h"

namespace hone {

struct NarrowType {
  int bits = 8;
  bool is_float = false;
  SmallFloat format = SmallFloat::kE4M3FN;  // of a float
  int32_t low = 0, high = 0;                // of an integer

  // The value of element i of a packed array.
  float Read(const void* data, int64_t i) const;
  // Stores a code of `bits` bits; the neighbours in its byte stay.
  void Write(void* data, int64_t i, uint8_t code) const;
  // The code nearest to `value`, ties to even; integers saturate.
  uint8_t Encode(float value, bool saturate) const;
};

// Of int2, uint2, int4, uint4, float4e2m1, float6*, float8*; else nullopt.
std::optional<NarrowType> NarrowTypeOf(DType dtype);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ADAPTER_NARROW_TYPES_H_
