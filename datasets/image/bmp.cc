#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/image/formats.h"

namespace hone::datasets {
namespace {

uint32_t Little(absl::Span<const std::byte> bytes, size_t at, int width) {
  uint32_t value = 0;
  for (int i = 0; i < width; ++i) {
    value |= static_cast<uint32_t>(bytes[at + i]) << (8 * i);
  }
  return value;
}

}  // namespace

absl::StatusOr<Image> DecodeBmp(absl::Span<const std::byte> bytes,
                                const std::string& path) {
  constexpr size_t kHeaders = 14 + 40;
  if (bytes.size() < kHeaders) return BadData(path, "BMP header is cut short");
  const size_t pixels_at = Little(bytes, 10, 4);
  const size_t info_size = Little(bytes, 14, 4);
  const int64_t width = static_cast<int32_t>(Little(bytes, 18, 4));
  const int64_t signed_height = static_cast<int32_t>(Little(bytes, 22, 4));
  const uint32_t bits = Little(bytes, 28, 2);
  const uint32_t compression = Little(bytes, 30, 4);
  uint32_t colors = Little(bytes, 46, 4);
  // 3 (bit fields) with the usual masks is what 32-bit writers emit.
  const bool plain = compression == 0 || (compression == 3 && bits == 32);
  if (!plain || (bits != 8 && bits != 24 && bits != 32)) {
    return BadData(
        path, "BMP encoding", "uncompressed, 8, 24 or 32 bits",
        absl::StrCat("compression ", compression, ", ", bits, " bits"));
  }
  const bool top_down = signed_height < 0;
  const int64_t height = top_down ? -signed_height : signed_height;
  if (absl::Status status = CheckSize(width, height, path); !status.ok()) {
    return status;
  }
  const size_t row = (static_cast<size_t>(width) * bits / 8 + 3) / 4 * 4;
  if (pixels_at > bytes.size() ||
      bytes.size() - pixels_at < row * static_cast<size_t>(height)) {
    return BadData(path, "BMP is cut short",
                   absl::StrCat(row * static_cast<size_t>(height), " bytes"),
                   absl::StrCat(bytes.size()));
  }
  absl::StatusOr<Image> image = NewImage(width, height, 3, path);
  if (!image.ok()) return image.status();
  if (colors == 0 || colors > 256) colors = 256;
  if (bits == 8 && (info_size > bytes.size() ||
                    14 + info_size + colors * 4 > bytes.size())) {
    return BadData(path, "BMP palette is cut short");
  }
  for (int64_t y = 0; y < height; ++y) {
    const size_t from =
        pixels_at + row * static_cast<size_t>(top_down ? y : height - 1 - y);
    uint8_t* out = &image->pixels[static_cast<size_t>(y * width) * 3];
    for (int64_t x = 0; x < width; ++x, out += 3) {
      size_t at = from + static_cast<size_t>(x) * (bits / 8);
      if (bits == 8) {
        const uint32_t entry = Little(bytes, at, 1);
        if (entry >= colors) {
          return BadData(path, "BMP color", absl::StrCat("below ", colors),
                         absl::StrCat(entry));
        }
        at = 14 + info_size + entry * 4;
      }
      for (int c = 0; c < 3; ++c) {
        out[c] = static_cast<uint8_t>(bytes[at + 2 - c]);  // stored as BGR
      }
    }
  }
  return image;
}

}  // namespace hone::datasets
