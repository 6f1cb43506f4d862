// Kernels of pictures in files.
#ifndef HONE_KERNELS_EXEC_OPS_IMAGE_IMAGE_H_
#define HONE_KERNELS_EXEC_OPS_IMAGE_IMAGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// ImageDecoder: BMP, JPEG, PNG and PNM. What is no picture gives uint8[0, 0,
// C], as the standard says; a format that it names and this lacks (JPEG 2000,
// TIFF, WebP) is Unimplemented.
absl::StatusOr<std::unique_ptr<Kernel>> MakeImageDecoder(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_IMAGE_IMAGE_H_
