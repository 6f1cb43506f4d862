// NumPy's fixed-width UTF-32 text, and UTF-8.
#ifndef HONE_DATASETS_NPY_UNICODE_H_
#define HONE_DATASETS_NPY_UNICODE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace hone::datasets {

// Reads up to `letters` little-endian code points (unaligned) and stops at the
// zeros that pad the field. False: a number that is no code point.
bool Utf8FromUtf32(const char* data, size_t letters, std::string* out);

// Code points of the longest string, at least 1. A byte that is no UTF-8 counts
// as one code point of its own value.
size_t LongestUtf32(const std::vector<std::string>& strings);

// The strings one after another, each padded with zeros to LongestUtf32.
std::string Utf32Block(const std::vector<std::string>& strings);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_NPY_UNICODE_H_
