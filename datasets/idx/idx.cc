#include "datasets/idx/idx.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/file/file.h"
#include "datasets/inflate/inflate.h"

namespace hone::datasets {
namespace {

const char* DTypeOfCode(uint8_t code) {
  switch (code) {
    case 0x08:
      return "uint8";
    case 0x09:
      return "int8";
    case 0x0b:
      return "int16";
    case 0x0c:
      return "int32";
    case 0x0d:
      return "float32";
    case 0x0e:
      return "float64";
    default:
      return nullptr;
  }
}

}  // namespace

absl::StatusOr<Array> ReadIdx(const std::string& path) {
  absl::StatusOr<FileBytes> file = ReadMaybeGzip(path, size_t{1} << 33);
  if (!file.ok()) return file.status();
  const absl::Span<const std::byte> bytes = file->bytes;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  if (bytes.size() < 4 || byte(0) != 0 || byte(1) != 0) {
    return BadData(path, "not an IDX file", "0 0 TYPE RANK",
                   bytes.size() < 4 ? absl::StrCat(bytes.size(), " bytes")
                                    : absl::StrCat(byte(0), " ", byte(1), " ",
                                                   byte(2), " ", byte(3)));
  }
  const char* const dtype = DTypeOfCode(byte(2));
  if (dtype == nullptr) {
    return BadData(path, "IDX element type", "8, 9, 11, 12, 13 or 14",
                   absl::StrCat(byte(2)));
  }
  const size_t rank = byte(3);
  const size_t header = 4 + 4 * rank;
  if (rank < 1 || rank > 8 || bytes.size() < header) {
    return BadData(path, "IDX extents", "1 to 8", absl::StrCat(rank));
  }
  Array array;
  array.dtype = dtype;
  for (size_t a = 0; a < rank; ++a) {
    int64_t extent = 0;
    for (size_t i = 0; i < 4; ++i) extent = extent * 256 + byte(4 + 4 * a + i);
    array.shape.push_back(extent);
  }
  const size_t width = ElementBytes(dtype);
  const std::optional<int64_t> count = ElementCount(array.shape);
  size_t need = 0;
  if (!count.has_value() ||
      __builtin_mul_overflow(static_cast<size_t>(*count), width, &need) ||
      need != bytes.size() - header) {
    return BadData(path, "size of the IDX file does not match its extents",
                   absl::StrCat(dtype, ShapeToString(array.shape)),
                   absl::StrCat(bytes.size() - header, " bytes"));
  }
  if (width == 1) {
    array.bytes = bytes.subspan(header);
    array.owner = file->owner;
    return array;
  }
  absl::Span<std::byte> values;
  absl::StatusOr<Array> swapped =
      Allocate(dtype, std::move(array.shape), &values);
  if (!swapped.ok()) return BadData(path, swapped.status().message());
  for (size_t i = 0; i < values.size(); i += width) {
    std::reverse_copy(&bytes[header + i], &bytes[header + i] + width,
                      &values[i]);
  }
  return swapped;
}

}  // namespace hone::datasets
