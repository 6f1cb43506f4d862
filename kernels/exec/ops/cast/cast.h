// Kernels of Cast and CastLike.
#ifndef HONE_KERNELS_EXEC_OPS_CAST_CAST_H_
#define HONE_KERNELS_EXEC_OPS_CAST_CAST_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Between all number types, bool, the small floats and 2- and 4-bit integers;
// not strings and complex numbers. A float that an integer type cannot hold
// becomes its nearest limit (ONNX leaves it open), NaN becomes zero; integers
// wrap around, and so does everything that becomes a 2- or 4-bit integer; bool
// is x != 0. Cast and CastLike; the target is the output's type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCast(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CAST_CAST_H_
