#include "datasets/npy/unicode.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hone::datasets {
namespace {

void AppendUtf8(uint32_t c, std::string* out) {
  const auto tail = [&](int shift) {
    out->push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3f)));
  };
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xc0 | (c >> 6)));
    tail(0);
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | (c >> 12)));
    tail(6);
    tail(0);
  } else {
    out->push_back(static_cast<char>(0xf0 | (c >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::vector<uint32_t> CodePoints(const std::string& text) {
  std::vector<uint32_t> points;
  for (size_t i = 0; i < text.size();) {
    const uint8_t lead = static_cast<uint8_t>(text[i]);
    const size_t more = lead >= 0xf0   ? 3
                        : lead >= 0xe0 ? 2
                        : lead >= 0xc0 ? 1
                                       : 0;
    uint32_t c = more == 0 ? lead : lead & (0x3fu >> more);
    bool good = i + more < text.size();
    for (size_t k = 1; good && k <= more; ++k) {
      const uint8_t next = static_cast<uint8_t>(text[i + k]);
      good = (next & 0xc0) == 0x80;
      c = (c << 6) | (next & 0x3fu);
    }
    points.push_back(good ? c : lead);
    i += good ? more + 1 : 1;
  }
  return points;
}

}  // namespace

bool Utf8FromUtf32(const char* data, size_t letters, std::string* out) {
  std::vector<uint32_t> points(letters);
  if (letters > 0) std::memcpy(points.data(), data, letters * 4);
  while (!points.empty() && points.back() == 0) points.pop_back();
  for (const uint32_t c : points) {
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return false;
    AppendUtf8(c, out);
  }
  return true;
}

size_t LongestUtf32(const std::vector<std::string>& strings) {
  size_t longest = 1;
  for (const std::string& text : strings) {
    longest = std::max(longest, CodePoints(text).size());
  }
  return longest;
}

std::string Utf32Block(const std::vector<std::string>& strings) {
  const size_t width = LongestUtf32(strings) * 4;
  std::string block(strings.size() * width, '\0');
  for (size_t i = 0; i < strings.size(); ++i) {
    const std::vector<uint32_t> points = CodePoints(strings[i]);
    if (!points.empty()) {
      std::memcpy(&block[i * width], points.data(), points.size() * 4);
    }
  }
  return block;
}

}  // namespace hone::datasets
