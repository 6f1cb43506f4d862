// Little-endian fields of a statistics file.
#ifndef HONE_ALGORITHMS_STATISTICS_WIRE_H_
#define HONE_ALGORITHMS_STATISTICS_WIRE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace hone {

class WireWriter {
 public:
  void Bytes(absl::string_view bytes) {
    bytes_.append(bytes.data(), bytes.size());
  }
  void U32(uint32_t value) { Append(&value, sizeof(value)); }
  void U64(uint64_t value) { Append(&value, sizeof(value)); }
  void Float(float value) { Append(&value, sizeof(value)); }
  void Text(absl::string_view text) {
    U64(text.size());
    Bytes(text);
  }
  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  void Append(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }
  std::string bytes_;
};

// After the first field that does not fit, ok() is false and every field reads
// as zero or empty.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return bytes_.empty(); }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  uint32_t U32() { return Read<uint32_t>(); }
  uint64_t U64() { return Read<uint64_t>(); }
  float Float() { return Read<float>(); }
  std::string Text() {
    const uint64_t size = Count(1);
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  // A number of records of at least `bytes_each` bytes, no more than the bytes
  // that are left can hold.
  uint64_t Count(uint64_t bytes_each) {
    const uint64_t count = U64();
    if (count <= bytes_.size() / bytes_each) return count;
    Fail();
    return 0;
  }

 private:
  template <typename T>
  T Read() {
    T value{};
    if (bytes_.size() < sizeof(T)) {
      Fail();
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
    return value;
  }

  absl::string_view bytes_;
  bool ok_ = true;
};

}  // namespace hone

#endif  // HONE_ALGORITHMS_STATISTICS_WIRE_H_
