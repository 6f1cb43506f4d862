// clang-format off: jpeglib.h needs what stdio.h declares.
#include <stdio.h>
#include <jpeglib.h>
// clang-format on

#include <csetjmp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/image/formats.h"

namespace hone::datasets {
namespace {

struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void OnError(j_common_ptr info) {
  ErrorManager* const manager = reinterpret_cast<ErrorManager*>(info->err);
  manager->base.format_message(info, manager->message);
  std::longjmp(manager->escape, 1);
}

// libjpeg reports a truncated or corrupt file as a warning and fills the rest
// with gray; a data set should not be read so.
void OnMessage(j_common_ptr info, int level) {
  if (level < 0) OnError(info);
}

// Nothing here has a destructor: longjmp would skip it.
bool Decode(absl::Span<const std::byte> bytes, const std::string& path,
            ErrorManager* manager, absl::StatusOr<Image>* image) {
  jpeg_decompress_struct info = {};
  info.err = jpeg_std_error(&manager->base);
  manager->base.error_exit = OnError;
  manager->base.emit_message = OnMessage;
  if (setjmp(manager->escape) != 0) {
    jpeg_destroy_decompress(&info);
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()),
               bytes.size());
  jpeg_read_header(&info, TRUE);
  const bool gray = info.jpeg_color_space == JCS_GRAYSCALE;
  info.out_color_space = gray ? JCS_GRAYSCALE : JCS_RGB;
  if (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK) {
    *image = BadData(path, "JPEG color space", "gray, YCbCr or RGB", "CMYK");
  } else {
    *image = NewImage(info.image_width, info.image_height, gray ? 1 : 3, path);
  }
  if (image->ok()) {
    jpeg_start_decompress(&info);
    const size_t row = static_cast<size_t>((*image)->width) *
                       static_cast<size_t>((*image)->channels);
    while (info.output_scanline < info.output_height) {
      JSAMPROW line = (*image)->pixels.data() + info.output_scanline * row;
      jpeg_read_scanlines(&info, &line, 1);
    }
    jpeg_finish_decompress(&info);
  }
  jpeg_destroy_decompress(&info);
  return true;
}

}  // namespace

absl::StatusOr<Image> DecodeJpeg(absl::Span<const std::byte> bytes,
                                 const std::string& path) {
  ErrorManager manager = {};
  absl::StatusOr<Image> image = Image();
  if (!Decode(bytes, path, &manager, &image)) {
    return BadData(path, absl::StrCat("JPEG: ", manager.message));
  }
  return image;
}

}  // namespace hone::datasets
