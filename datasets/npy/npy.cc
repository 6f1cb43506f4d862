#include "datasets/npy/npy.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "datasets/error/error.h"
#include "datasets/npy/header.h"
#include "datasets/npy/unicode.h"

namespace hone::datasets {
namespace {

struct CodeRow {
  const char* code;
  const char* dtype;
};
constexpr CodeRow kCodes[] = {
    {"b1", "bool"},      {"i1", "int8"},       {"i2", "int16"},
    {"i4", "int32"},     {"i8", "int64"},      {"u1", "uint8"},
    {"u2", "uint16"},    {"u4", "uint32"},     {"u8", "uint64"},
    {"f2", "float16"},   {"f4", "float32"},    {"f8", "float64"},
    {"c8", "complex64"}, {"c16", "complex128"}};

void SwapBytes(std::byte* data, size_t count, size_t width) {
  for (size_t i = 0; i < count; ++i) {
    std::reverse(data + i * width, data + (i + 1) * width);
  }
}

// dst in C order from src in Fortran order; elements of `width` bytes.
void FromFortran(const std::byte* src, absl::Span<const int64_t> shape,
                 size_t width, std::byte* dst) {
  std::vector<int64_t> index(shape.size(), 0);
  std::vector<size_t> stride(shape.size());
  size_t step = width;
  for (size_t a = 0; a < shape.size(); ++a) {
    stride[a] = step;
    step *= static_cast<size_t>(shape[a]);
  }
  const size_t total = step / width;
  size_t from = 0;
  for (size_t n = 0; n < total; ++n) {
    std::memcpy(dst + n * width, src + from, width);
    for (size_t a = shape.size(); a-- > 0;) {
      from += stride[a];
      if (++index[a] < shape[a]) break;
      from -= stride[a] * static_cast<size_t>(shape[a]);
      index[a] = 0;
    }
  }
}

absl::StatusOr<Array> Strings(const NpyHeaderFields& header, char kind,
                              size_t width, const std::byte* data, size_t count,
                              const std::string& path) {
  Array array;
  array.dtype = "string";
  array.shape = header.shape;
  array.strings.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const char* const at = reinterpret_cast<const char*>(data) + i * width;
    if (kind == 'S') {
      array.strings.emplace_back(at, strnlen(at, width));
      continue;
    }
    std::string text;
    if (!Utf8FromUtf32(at, width / 4, &text)) {
      return BadData(path, absl::StrCat("element ", i, " is no Unicode text"));
    }
    array.strings.push_back(std::move(text));
  }
  return array;
}

}  // namespace

absl::StatusOr<Array> ParseNpy(const FileBytes& file, const std::string& path) {
  absl::StatusOr<NpyHeaderFields> header = ParseNpyHeader(file.bytes, path);
  if (!header.ok()) return header.status();
  const std::string& descr = header->descr;
  const bool big = !descr.empty() && descr[0] == '>';
  const std::string code =
      descr.size() > 1 && absl::StrContains("<>|=", descr.substr(0, 1))
          ? descr.substr(1)
          : descr;
  const char* dtype = nullptr;
  for (const CodeRow& row : kCodes) {
    if (code == row.code) dtype = row.dtype;
  }
  size_t width = dtype != nullptr ? ElementBytes(dtype) : 0;
  if (dtype == nullptr && (code[0] == 'S' || code[0] == 'U')) {
    uint32_t letters = 0;
    if (!absl::SimpleAtoi(code.substr(1), &letters)) {
      return BadData(path, "dtype of the array", "a width", descr);
    }
    width = size_t{letters} * (code[0] == 'U' ? 4 : 1);
  } else if (dtype == nullptr) {
    return BadData(path, "dtype of the array is not supported",
                   "booleans, numbers or fixed-width text", descr);
  }
  const std::optional<int64_t> count = ElementCount(header->shape);
  const absl::Span<const std::byte> data =
      file.bytes.subspan(header->data_offset);
  size_t need = 0;
  if (!count.has_value() ||
      __builtin_mul_overflow(static_cast<size_t>(*count), width, &need)) {
    return BadData(path, "extents of the array are impossible", "",
                   ShapeToString(header->shape));
  }
  if (data.size() < need) {
    return BadData(path, "array is cut short", absl::StrCat(need, " bytes"),
                   absl::StrCat(data.size(), " bytes"));
  }
  if (dtype == nullptr) {
    // Zero-width strings would let an empty file claim any count.
    if (width == 0 && *count > 1 << 20) {
      return BadData(path, "extents of the array are impossible", "",
                     ShapeToString(header->shape));
    }
    if (header->fortran && header->shape.size() > 1) {
      return BadData(path, "text in Fortran order is not supported");
    }
    if (big && code[0] == 'U') {
      return BadData(path, "big-endian text is not supported");
    }
    return Strings(*header, code[0], width, data.data(),
                   static_cast<size_t>(*count), path);
  }
  const bool reorder = header->fortran && header->shape.size() > 1;
  if (!reorder && (!big || width == 1)) {
    Array array;
    array.dtype = dtype;
    array.shape = header->shape;
    array.bytes = data.first(need);
    array.owner = file.owner;
    return Aligned(std::move(array));
  }
  absl::Span<std::byte> bytes;
  absl::StatusOr<Array> array = Allocate(dtype, header->shape, &bytes);
  if (!array.ok()) return BadData(path, array.status().message());
  if (reorder && need > 0) {
    FromFortran(data.data(), header->shape, width, bytes.data());
  } else {
    std::memcpy(bytes.data(), data.data(), need);
  }
  if (big) {
    const size_t parts = dtype[0] == 'c' ? 2 : 1;  // complex: two floats
    SwapBytes(bytes.data(), static_cast<size_t>(*count) * parts, width / parts);
  }
  return array;
}

absl::StatusOr<Array> ReadNpy(const std::string& path) {
  absl::StatusOr<FileBytes> file = MapFile(path);
  if (!file.ok()) return file.status();
  return ParseNpy(*file, path);
}

absl::StatusOr<std::string> NpyHeader(const Array& array) {
  std::string descr;
  for (const CodeRow& row : kCodes) {
    if (array.dtype == row.dtype) {
      descr =
          absl::StrCat(ElementBytes(array.dtype) == 1 ? "|" : "<", row.code);
    }
  }
  if (array.dtype == "string") {
    descr = absl::StrCat("<U", LongestUtf32(array.strings));
  }
  if (descr.empty()) {
    return absl::UnimplementedError(
        absl::StrCat(".npy cannot hold dtype ", array.dtype));
  }
  std::string shape = absl::StrJoin(array.shape, ", ");
  if (array.rank() == 1) shape += ",";
  std::string text =
      absl::StrCat("{'descr': '", descr,
                   "', 'fortran_order': False, 'shape': (", shape, "), }");
  constexpr size_t kPreamble = 10;
  text.append(63 - (kPreamble + text.size()) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

absl::Status WriteNpy(const std::string& path, const Array& array) {
  absl::StatusOr<std::string> header = NpyHeader(array);
  if (!header.ok()) {
    return DataError(header.status().code(), path, header.status().message());
  }
  std::string text;
  absl::Span<const std::byte> body = array.bytes;
  if (array.dtype == "string") {
    text = Utf32Block(array.strings);
    body = absl::MakeConstSpan(reinterpret_cast<const std::byte*>(text.data()),
                               text.size());
  }
  const absl::Span<const std::byte> pieces[] = {
      absl::MakeConstSpan(reinterpret_cast<const std::byte*>(header->data()),
                          header->size()),
      body};
  return WriteFile(path, pieces);
}

}  // namespace hone::datasets
