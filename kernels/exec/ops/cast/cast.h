// Kernels of Cast and CastLike.
#ifndef HONE_KERNELS_EXEC_OPS_CAST_CAST_H_
#define HONE_KERNELS_EXEC_OPS_CAST_CAST_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// Between all number types, bool, the small floats, 2- and 4-bit integers and
// strings; not complex numbers (which the standard does not cast). A float that
// an integer type cannot hold becomes its nearest limit (ONNX leaves it open),
// NaN becomes zero; integers wrap around, and so does everything that becomes a
// 2- or 4-bit integer; bool is x != 0. Cast and CastLike; the target is the
// output's type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCast(const KernelSpec& spec);

// The part of MakeCast that has strings on a side. Floats are written with the
// fewest digits that read back the same. InvalidArgument at run time: a string
// that is no number, or none of the type.
absl::StatusOr<std::unique_ptr<Kernel>> MakeStringCast(const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_CAST_CAST_H_
