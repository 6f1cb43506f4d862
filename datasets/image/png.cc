#include <png.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/image/formats.h"

namespace hone::datasets {

absl::StatusOr<Image> DecodePng(absl::Span<const std::byte> bytes,
                                const std::string& path) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) {
    return BadData(path, absl::StrCat("PNG: ", png.message));
  }
  const bool gray = (png.format & PNG_FORMAT_FLAG_COLOR) == 0;
  const bool alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  // Alpha is decoded and dropped rather than blended with some background.
  png.format = (gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB) |
               (alpha ? PNG_FORMAT_FLAG_ALPHA : 0u);
  const int channels = gray ? 1 : 3;
  const int stored = channels + (alpha ? 1 : 0);
  absl::StatusOr<Image> image = NewImage(png.width, png.height, stored, path);
  if (!image.ok()) {
    png_image_free(&png);
    return image.status();
  }
  if (!png_image_finish_read(&png, nullptr, image->pixels.data(), 0, nullptr)) {
    const std::string message = png.message;
    png_image_free(&png);
    return BadData(path, absl::StrCat("PNG: ", message));
  }
  if (alpha) {
    const size_t count = image->pixels.size() / static_cast<size_t>(stored);
    for (size_t i = 0; i < count; ++i) {
      for (int c = 0; c < channels; ++c) {
        image->pixels[i * channels + c] = image->pixels[i * stored + c];
      }
    }
    image->pixels.resize(count * channels);
    image->channels = channels;
  }
  return image;
}

}  // namespace hone::datasets
