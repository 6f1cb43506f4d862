#include "datasets/npy/header.h"

#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

// Reads the literal from the front; each function answers false when what it
// looks for is not there.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  bool Take(absl::string_view token) {
    text_ = absl::StripLeadingAsciiWhitespace(text_);
    return absl::ConsumePrefix(&text_, token);
  }
  bool String(std::string* out) {
    text_ = absl::StripLeadingAsciiWhitespace(text_);
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return false;
    const size_t end = text_.find(text_[0], 1);
    if (end == absl::string_view::npos) return false;
    *out = std::string(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return true;
  }
  bool Bool(bool* out) {
    *out = Take("True");
    return *out || Take("False");
  }
  bool Extents(std::vector<int64_t>* out) {
    if (!Take("(")) return false;
    while (!Take(")")) {
      text_ = absl::StripLeadingAsciiWhitespace(text_);
      size_t digits = 0;
      while (digits < text_.size() && absl::ascii_isdigit(text_[digits])) {
        ++digits;
      }
      int64_t extent = 0;
      if (out->size() >= 32 ||
          !absl::SimpleAtoi(text_.substr(0, digits), &extent)) {
        return false;
      }
      out->push_back(extent);
      text_.remove_prefix(digits);
      Take("L");  // Python 2 wrote long integers so
      if (!Take(",") &&
          !absl::StartsWith(absl::StripLeadingAsciiWhitespace(text_), ")")) {
        return false;
      }
    }
    return true;
  }
  bool AtEnd() const { return absl::StripAsciiWhitespace(text_).empty(); }

 private:
  absl::string_view text_;
};

bool ParseDict(absl::string_view text, NpyHeaderFields* out) {
  Reader reader(text);
  if (!reader.Take("{")) return false;
  bool descr = false, order = false, shape = false;
  while (!reader.Take("}")) {
    std::string key;
    if (!reader.String(&key) || !reader.Take(":")) return false;
    if (key == "descr" && !descr) {
      descr = reader.String(&out->descr) && !out->descr.empty();
      if (!descr) return false;
    } else if (key == "fortran_order" && !order) {
      order = reader.Bool(&out->fortran);
      if (!order) return false;
    } else if (key == "shape" && !shape) {
      shape = reader.Extents(&out->shape);
      if (!shape) return false;
    } else {
      return false;
    }
    reader.Take(",");
  }
  return descr && order && shape && reader.AtEnd();
}

}  // namespace

absl::StatusOr<NpyHeaderFields> ParseNpyHeader(
    absl::Span<const std::byte> bytes, const std::string& path) {
  const absl::string_view text(reinterpret_cast<const char*>(bytes.data()),
                               bytes.size());
  constexpr absl::string_view kMagic("\x93NUMPY", 6);
  if (!absl::StartsWith(text, kMagic) || text.size() < 10) {
    return BadData(
        path, "not a .npy file", "\\x93NUMPY",
        absl::StrCat("\"", absl::CHexEscape(text.substr(0, 6)), "\""));
  }
  const int major = static_cast<uint8_t>(text[6]);
  if (major < 1 || major > 3) {
    return BadData(path, "version of the .npy format", "1, 2 or 3",
                   absl::StrCat(major));
  }
  const size_t width = major == 1 ? 2 : 4;
  if (text.size() < 8 + width) {
    return BadData(path, "header of the .npy file is cut short");
  }
  size_t length = 0;
  for (size_t i = 0; i < width; ++i) {
    length |= static_cast<size_t>(static_cast<uint8_t>(text[8 + i])) << (8 * i);
  }
  const absl::string_view rest = text.substr(8 + width);
  if (length > rest.size()) {
    return BadData(path, "header of the .npy file is cut short",
                   absl::StrCat(length, " bytes"),
                   absl::StrCat(rest.size(), " bytes"));
  }
  NpyHeaderFields fields;
  if (!ParseDict(rest.substr(0, length), &fields)) {
    return BadData(
        path, "header of the .npy file",
        "{'descr': 'a plain dtype', 'fortran_order': bool, 'shape': tuple}",
        absl::CHexEscape(rest.substr(0, std::min<size_t>(length, 120))));
  }
  fields.data_offset = 8 + width + length;
  return fields;
}

}  // namespace hone::datasets
