#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/image/formats.h"

namespace hone::datasets {
namespace {

// Reads the next decimal number of the header, skipping blanks and comments.
bool Number(absl::string_view text, size_t* at, int64_t* out) {
  while (*at < text.size()) {
    if (text[*at] == '#') {
      while (*at < text.size() && text[*at] != '\n') ++*at;
    } else if (absl::ascii_isspace(text[*at])) {
      ++*at;
    } else {
      break;
    }
  }
  const size_t first = *at;
  *out = 0;
  while (*at < text.size() && absl::ascii_isdigit(text[*at])) {
    *out = *out * 10 + (text[*at] - '0');
    if (*out > (1 << 30)) return false;
    ++*at;
  }
  return *at > first;
}

}  // namespace

absl::StatusOr<Image> DecodePnm(absl::Span<const std::byte> bytes,
                                const std::string& path) {
  const absl::string_view text(reinterpret_cast<const char*>(bytes.data()),
                               bytes.size());
  const int channels = text[1] == '6' ? 3 : 1;
  size_t at = 2;
  int64_t width = 0, height = 0, most = 0;
  if (!Number(text, &at, &width) || !Number(text, &at, &height) ||
      !Number(text, &at, &most) || at >= text.size()) {
    return BadData(path, "PPM header", "P5 or P6, width, height, maximum");
  }
  ++at;  // the one blank that ends the header
  if (most < 1 || most > 65535) {
    return BadData(path, "PPM maximum", "1 to 65535", absl::StrCat(most));
  }
  if (absl::Status status = CheckSize(width, height, path); !status.ok()) {
    return status;
  }
  const size_t wide = most > 255 ? 2 : 1;
  const size_t need = static_cast<size_t>(width * height) * channels * wide;
  if (text.size() - at < need) {
    return BadData(path, "PPM is cut short", absl::StrCat(need, " bytes"),
                   absl::StrCat(text.size() - at, " bytes"));
  }
  absl::StatusOr<Image> image = NewImage(width, height, channels, path);
  if (!image.ok()) return image.status();
  for (size_t i = 0; i < image->pixels.size(); ++i) {
    int64_t value = static_cast<uint8_t>(text[at + i * wide]);
    if (wide == 2) {
      value = value * 256 + static_cast<uint8_t>(text[at + i * wide + 1]);
    }
    if (value > most) value = most;
    image->pixels[i] = static_cast<uint8_t>((value * 255 + most / 2) / most);
  }
  return image;
}

}  // namespace hone::datasets
