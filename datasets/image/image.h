// Pictures: decoding, color and size.
#ifndef HONE_DATASETS_IMAGE_IMAGE_H_
#define HONE_DATASETS_IMAGE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone::datasets {

// 8-bit, row-major, channels interleaved: pixels[(y * width + x) * channels +
// c]
struct Image {
  int width = 0;
  int height = 0;
  int channels = 0;  // 1 gray, 3 red green blue
  std::vector<uint8_t> pixels;
};

// Larger pictures are refused before anything is allocated.
inline constexpr int64_t kMaxPixels = int64_t{1} << 27;

// JPEG, PNG, BMP (uncompressed, 8, 24 and 32 bits) and PPM/PGM, told by their
// first bytes. Alpha is dropped, 16-bit samples lose their low byte, palettes
// are looked up, EXIF orientation is not applied. InvalidArgument names `path`.
absl::StatusOr<Image> DecodeImage(absl::Span<const std::byte> bytes,
                                  const std::string& path);
// True for the endings that DecodeImage reads, in any case: .jpg .jpeg .png
// .bmp .ppm .pgm.
bool HasImageName(absl::string_view file);

// "rgb" and "bgr" give three channels; "gray" one, ITU-R 601 luma rounded:
// (19595 R + 38470 G + 7471 B + 32768) >> 16. Gray becomes three equal
// channels.
Image ConvertColor(const Image& image, absl::string_view color);

// Antialiased bilinear. Requires width, height >= 1.
Image Resize(const Image& image, int width, int height);

// Requires the rectangle to lie inside.
Image Crop(const Image& image, int left, int top, int width, int height);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_IMAGE_IMAGE_H_
