#include "datasets/image/image.h"

#include <gtest/gtest.h>
// clang-format off: jpeglib.h needs what stdio.h declares.
#include <stdio.h>
#include <jpeglib.h>
// clang-format on
#include <png.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"

namespace hone::datasets {
namespace {

absl::StatusOr<Image> Decode(const std::string& bytes) {
  return DecodeImage(
      absl::MakeConstSpan(reinterpret_cast<const std::byte*>(bytes.data()),
                          bytes.size()),
      "x.img");
}

std::string Png(int width, int height, uint32_t format,
                const std::vector<uint8_t>& pixels) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  png.width = width;
  png.height = height;
  png.format = format;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&png, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels.data(), 0,
                            nullptr);
  bytes.resize(size);
  return bytes;
}

std::string Jpeg(int width, int height, std::vector<uint8_t> rgb) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &out, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = rgb.data() + info.next_scanline * width * 3;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const std::string bytes(reinterpret_cast<const char*>(out), size);
  free(out);
  return bytes;
}

void ExpectTruncationsFail(const std::string& whole, size_t step) {
  for (size_t n = 0; n < whole.size(); n += step) {
    const absl::StatusOr<Image> image = Decode(whole.substr(0, n));
    ASSERT_FALSE(image.ok()) << n << " of " << whole.size();
    EXPECT_TRUE(absl::StartsWith(image.status().message(), "x.img"));
  }
}

const std::vector<uint8_t> kPixels = {255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7};

TEST(ImageTest, Png) {
  const std::string bytes = Png(2, 2, PNG_FORMAT_RGB, kPixels);
  const Image image = *Decode(bytes);
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.channels, 3);
  EXPECT_EQ(image.pixels, kPixels);
  const Image alpha = *Decode(Png(1, 1, PNG_FORMAT_RGBA, {1, 2, 3, 4}));
  EXPECT_EQ(alpha.pixels, std::vector<uint8_t>({1, 2, 3}));
  EXPECT_EQ(Decode(Png(2, 1, PNG_FORMAT_GRAY, {5, 6}))->channels, 1);
  // The last 12 bytes are the IEND chunk, which decoders do without.
  ExpectTruncationsFail(bytes.substr(0, bytes.size() - 12), 1);
}

TEST(ImageTest, Jpeg) {
  const std::string bytes =
      Jpeg(16, 16, std::vector<uint8_t>(16 * 16 * 3, 128));
  const Image image = *Decode(bytes);
  EXPECT_EQ(image.height, 16);
  EXPECT_EQ(image.channels, 3);
  EXPECT_NEAR(image.pixels[100], 128, 1);
  ExpectTruncationsFail(bytes.substr(0, bytes.size() - 2), 3);
}

TEST(ImageTest, Bmp) {
  // 1 x 2, 24 bits, bottom row first, rows padded to four bytes.
  std::string bytes(54 + 8, '\0');
  bytes[0] = 'B';
  bytes[1] = 'M';
  bytes[10] = 54;
  bytes[14] = 40;
  bytes[18] = 1;
  bytes[22] = 2;
  bytes[26] = 1;
  bytes[28] = 24;
  bytes[54] = 1;  // bottom pixel, blue
  bytes[60] = 9;  // top pixel, red
  const Image image = *Decode(bytes);
  EXPECT_EQ(image.pixels, std::vector<uint8_t>({9, 0, 0, 0, 0, 1}));
  ExpectTruncationsFail(bytes, 1);
  std::string hostile = bytes;
  hostile[21] = 0x7f;  // 2^31 wide
  EXPECT_FALSE(Decode(hostile).ok());
  hostile = bytes;
  hostile[10] = '\xff';
  hostile[11] = '\xff';
  EXPECT_FALSE(Decode(hostile).ok());
}

TEST(ImageTest, Pnm) {
  EXPECT_EQ(Decode("P6 1 1 255\nabc")->pixels,
            std::vector<uint8_t>({'a', 'b', 'c'}));
  EXPECT_EQ(Decode(std::string("P5\n# note\n2 1\n1\n\0\1", 19))->pixels,
            std::vector<uint8_t>({0, 255}));
  ExpectTruncationsFail("P6 1 1 255\nabc", 1);
  for (const char* bad :
       {"P6 0 1 255\nabc", "P6 99999999999 1 255\nabc", "P6 60000 60000 255\na",
        "P6 1 1 0\nabc", "P6 x 1 255\nabc"}) {
    EXPECT_FALSE(Decode(bad).ok()) << bad;
  }
}

TEST(ImageTest, OtherFilesAreNamed) {
  const absl::Status status = Decode("GIF89a").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "GIF89a")) << status;
}

TEST(ImageTest, ColorConversion) {
  const Image red{1, 1, 3, {255, 0, 0}};
  EXPECT_EQ(ConvertColor(red, "gray").pixels, std::vector<uint8_t>({76}));
  EXPECT_EQ(ConvertColor(red, "bgr").pixels, std::vector<uint8_t>({0, 0, 255}));
  const Image gray{1, 1, 1, {7}};
  EXPECT_EQ(ConvertColor(gray, "rgb").pixels, std::vector<uint8_t>({7, 7, 7}));
}

TEST(ImageTest, ResizeHasKnownAnswers) {
  // Halving widens the triangle to radius 2: weights 3/4, 3/4, 1/4 over 7/4.
  const Image row{4, 1, 1, {0, 100, 200, 240}};
  EXPECT_EQ(Resize(row, 2, 1).pixels, std::vector<uint8_t>({71, 203}));
  const Image flat{3, 5, 3, std::vector<uint8_t>(45, 77)};
  EXPECT_EQ(Resize(flat, 7, 2).pixels, std::vector<uint8_t>(42, 77));
  // Doubling interpolates: weights 1/4 and 3/4.
  const Image two{2, 1, 1, {0, 100}};
  EXPECT_EQ(Resize(two, 4, 1).pixels, std::vector<uint8_t>({0, 25, 75, 100}));
}

}  // namespace
}  // namespace hone::datasets
