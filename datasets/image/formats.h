// The decoders behind DecodeImage, one a format. Each is given bytes that begin
// with its format's signature.
#ifndef HONE_DATASETS_IMAGE_FORMATS_H_
#define HONE_DATASETS_IMAGE_FORMATS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "datasets/image/image.h"

namespace hone::datasets {

absl::StatusOr<Image> DecodeJpeg(absl::Span<const std::byte> bytes,
                                 const std::string& path);
absl::StatusOr<Image> DecodePng(absl::Span<const std::byte> bytes,
                                const std::string& path);
absl::StatusOr<Image> DecodeBmp(absl::Span<const std::byte> bytes,
                                const std::string& path);
absl::StatusOr<Image> DecodePnm(absl::Span<const std::byte> bytes,
                                const std::string& path);

// InvalidArgument: an extent below 1, or more than kMaxPixels in all.
absl::Status CheckSize(int64_t width, int64_t height, const std::string& path);

// An image of zeros, its size checked.
absl::StatusOr<Image> NewImage(int64_t width, int64_t height, int channels,
                               const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_IMAGE_FORMATS_H_
