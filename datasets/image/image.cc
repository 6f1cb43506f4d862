#include "datasets/image/image.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/image/formats.h"

namespace hone::datasets {
namespace {

// Weights of the source pixels that make one destination pixel.
struct Taps {
  int first = 0;
  std::vector<float> weights;  // sum to 1
};

std::vector<Taps> TriangleTaps(int from, int to) {
  const double step = static_cast<double>(from) / to;
  const double radius = std::max(step, 1.0);  // wider only when it shrinks
  std::vector<Taps> all(static_cast<size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double center = (i + 0.5) * step;
    const int first = std::max(0, static_cast<int>(center - radius + 0.5));
    const int last = std::min(from, static_cast<int>(center + radius + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int s = first; s < last; ++s) {
      const double distance = std::abs((s + 0.5 - center) / radius);
      weights.push_back(std::max(0.0, 1.0 - distance));
      sum += weights.back();
    }
    Taps& taps = all[static_cast<size_t>(i)];
    taps.first = first;
    for (const double weight : weights) {
      taps.weights.push_back(static_cast<float>(weight / sum));
    }
  }
  return all;
}

uint8_t RoundToLevel(float value) {
  return static_cast<uint8_t>(
      std::lround(std::min(255.0f, std::max(0.0f, value))));
}

}  // namespace

absl::Status CheckSize(int64_t width, int64_t height, const std::string& path) {
  if (width < 1 || height < 1 || width > kMaxPixels ||
      height > kMaxPixels / width) {
    return BadData(path, "size of the picture",
                   absl::StrCat("1 to ", kMaxPixels, " pixels"),
                   absl::StrCat(width, " x ", height));
  }
  return absl::OkStatus();
}

absl::StatusOr<Image> NewImage(int64_t width, int64_t height, int channels,
                               const std::string& path) {
  if (absl::Status status = CheckSize(width, height, path); !status.ok()) {
    return status;
  }
  Image image;
  image.width = static_cast<int>(width);
  image.height = static_cast<int>(height);
  image.channels = channels;
  image.pixels.resize(static_cast<size_t>(width * height * channels));
  return image;
}

absl::StatusOr<Image> DecodeImage(absl::Span<const std::byte> bytes,
                                  const std::string& path) {
  const absl::string_view text(reinterpret_cast<const char*>(bytes.data()),
                               bytes.size());
  if (absl::StartsWith(text, "\xff\xd8\xff")) return DecodeJpeg(bytes, path);
  if (absl::StartsWith(text, "\x89PNG")) return DecodePng(bytes, path);
  if (absl::StartsWith(text, "BM")) return DecodeBmp(bytes, path);
  if (absl::StartsWith(text, "P5") || absl::StartsWith(text, "P6")) {
    return DecodePnm(bytes, path);
  }
  return BadData(path, "not a picture that can be read",
                 "JPEG, PNG, BMP or binary PPM",
                 absl::StrCat("a file that begins with \"",
                              absl::CHexEscape(text.substr(0, 8)), "\""));
}

bool HasImageName(absl::string_view file) {
  const std::string name = absl::AsciiStrToLower(file);
  for (const char* ending : {".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm"}) {
    if (absl::EndsWith(name, ending)) return true;
  }
  return false;
}

Image ConvertColor(const Image& image, absl::string_view color) {
  const int channels = color == "gray" ? 1 : 3;
  if (channels == image.channels && color != "bgr") return image;
  Image out{image.width, image.height, channels, {}};
  const size_t count = image.pixels.size() / image.channels;
  out.pixels.resize(count * channels);
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* const from = &image.pixels[i * image.channels];
    uint8_t* const to = &out.pixels[i * channels];
    const bool gray = image.channels == 1;
    const uint32_t r = from[0], g = from[gray ? 0 : 1], b = from[gray ? 0 : 2];
    if (channels == 1) {
      to[0] = static_cast<uint8_t>((19595 * r + 38470 * g + 7471 * b + 32768) >>
                                   16);
    } else {
      to[0] = static_cast<uint8_t>(color == "bgr" ? b : r);
      to[1] = static_cast<uint8_t>(g);
      to[2] = static_cast<uint8_t>(color == "bgr" ? r : b);
    }
  }
  return out;
}

Image Resize(const Image& image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  const size_t channels = static_cast<size_t>(image.channels);
  const std::vector<Taps> columns = TriangleTaps(image.width, width);
  const std::vector<Taps> rows = TriangleTaps(image.height, height);
  Image out{width, height, image.channels, {}};
  out.pixels.resize(static_cast<size_t>(width) * height * channels);
  // Rows first into one line of floats, then columns: the intermediate needs
  // one line, not a picture.
  const size_t line_size = static_cast<size_t>(image.width) * channels;
  std::vector<float> line(line_size);
  for (int y = 0; y < height; ++y) {
    const Taps& vertical = rows[static_cast<size_t>(y)];
    std::fill(line.begin(), line.end(), 0.0f);
    for (size_t k = 0; k < vertical.weights.size(); ++k) {
      const uint8_t* const source =
          &image.pixels[(static_cast<size_t>(vertical.first) + k) * line_size];
      const float weight = vertical.weights[k];
      for (size_t i = 0; i < line_size; ++i) line[i] += weight * source[i];
    }
    uint8_t* to = &out.pixels[static_cast<size_t>(y) * width * channels];
    for (const Taps& horizontal : columns) {
      for (size_t c = 0; c < channels; ++c) {
        float sum = 0;
        for (size_t k = 0; k < horizontal.weights.size(); ++k) {
          sum +=
              horizontal.weights[k] *
              line[(static_cast<size_t>(horizontal.first) + k) * channels + c];
        }
        *to++ = RoundToLevel(sum);
      }
    }
  }
  return out;
}

Image Crop(const Image& image, int left, int top, int width, int height) {
  Image out{width, height, image.channels, {}};
  const size_t row = static_cast<size_t>(width) * image.channels;
  out.pixels.resize(row * height);
  for (int y = 0; y < height; ++y) {
    const size_t from =
        (static_cast<size_t>(top + y) * image.width + left) * image.channels;
    std::memcpy(&out.pixels[static_cast<size_t>(y) * row], &image.pixels[from],
                row);
  }
  return out;
}

}  // namespace hone::datasets
