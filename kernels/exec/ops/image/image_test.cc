#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "kernels/exec/ops/testing/text_case.h"

namespace hone {
namespace {

std::string Decoder(const std::string& bytes, int count,
                    const std::string& format) {
  return absl::StrCat(
      "<ir_version: 10, opset_import: [\"\": 20]>\n"
      "net () => (uint8[h, w, c] y) {\n x = constant uint8[",
      count, "] {", bytes, "}\n y = ImageDecoder<pixel_format = \"", format,
      "\">(x)\n}");
}

// "P6 2 1 255\n" and two pixels.
constexpr char kTwoPixels[] =
    "80, 54, 32, 50, 32, 49, 32, 50, 53, 53, 10, 1, 2, 3, 200, 100, 50";

TEST(ImageDecoder, ReadsAPictureInEveryPixelFormat) {
  ExpectOutputs(Decoder(kTwoPixels, 17, "RGB"),
                {"uint8[1, 2, 3] {1, 2, 3, 200, 100, 50}"});
  ExpectOutputs(Decoder(kTwoPixels, 17, "BGR"),
                {"uint8[1, 2, 3] {3, 2, 1, 50, 100, 200}"});
  // 0.299 R + 0.587 G + 0.114 B
  ExpectOutputs(Decoder(kTwoPixels, 17, "Grayscale"),
                {"uint8[1, 2, 1] {2, 124}"});
}

TEST(ImageDecoder, WhatIsNoPictureIsEmpty) {
  ExpectOutputs(Decoder("1, 2, 3, 4", 4, "RGB"), {"uint8[0, 0, 3] {}"});
  ExpectOutputs(Decoder("80, 54, 32, 50", 4, "Grayscale"),
                {"uint8[0, 0, 1] {}"});
}

TEST(ImageDecoder, NamesWhatItLacks) {
  ExpectFailure(Decoder("73, 73, 42, 0, 8, 0, 0, 0", 8, "RGB"), "TIFF");
  ExpectFailure(
      Decoder("82, 73, 70, 70, 0, 0, 0, 0, 87, 69, 66, 80", 12, "RGB"), "WebP");
  ExpectFailure(Decoder(kTwoPixels, 17, "HSV"), "Grayscale");
}

}  // namespace
}  // namespace hone
