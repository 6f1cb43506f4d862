// Whether a computed value is the expected one, by ONNX's own tolerances.
#ifndef HONE_KERNELS_EXEC_CONFORMANCE_COMPARE_H_
#define HONE_KERNELS_EXEC_CONFORMANCE_COMPARE_H_

#include "absl/status/status.h"
#include "ir/tensor/value.h"

namespace hone {

struct Tolerance {
  // |found - expected| <= absolute + relative * |expected|, for floating
  // types; ONNX's backend tests take these.
  double relative = 1e-3;
  double absolute = 1e-7;
  // False: only kinds, types and extents are compared, of random numbers.
  bool values = true;
};

// OK, or what differs first: kind, dtype, extents, an element's index and both
// numbers. NaN equals NaN; integers, booleans and strings must be equal.
absl::Status Compare(const Value& expected, const Value& found,
                     const Tolerance& tolerance);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_CONFORMANCE_COMPARE_H_
