#include "datasets/inflate/inflate.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

absl::Status TemporaryError(const std::string& folder) {
  return DataError(absl::StatusCode::kUnavailable, folder,
                   absl::StrCat("decompressed data cannot be kept here "
                                "($TMPDIR names another folder): ",
                                std::strerror(errno)));
}

// Bytes appended piece by piece, in memory until they are too many.
class Output {
 public:
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() {
    if (file_ >= 0) close(file_);
  }

  size_t size() const { return size_; }

  absl::Status Append(absl::Span<const std::byte> piece) {
    size_ += piece.size();
    if (file_ < 0 && size_ <= kInMemory) {
      memory_.insert(memory_.end(), piece.begin(), piece.end());
      return absl::OkStatus();
    }
    if (file_ < 0) {
      if (absl::Status status = OpenFile(); !status.ok()) return status;
      if (absl::Status status = Write(memory_); !status.ok()) return status;
      memory_ = {};
    }
    return Write(piece);
  }

  absl::StatusOr<FileBytes> Finish() {
    if (file_ < 0) {
      auto owner =
          std::make_shared<const std::vector<std::byte>>(std::move(memory_));
      return FileBytes{absl::MakeConstSpan(*owner), owner};
    }
    const size_t size = size_;
    void* const data = mmap(nullptr, size, PROT_READ, MAP_SHARED, file_, 0);
    if (data == MAP_FAILED) return TemporaryError(folder_);
    std::shared_ptr<const void> owner(
        data, [size](const void* p) { munmap(const_cast<void*>(p), size); });
    return FileBytes{
        absl::MakeConstSpan(static_cast<const std::byte*>(data), size), owner};
  }

 private:
  absl::Status OpenFile() {
    const char* const wanted = getenv("TMPDIR");
    folder_ = wanted != nullptr && *wanted != '\0' ? wanted : "/tmp";
    std::string name = JoinPath(folder_, "hone-data-XXXXXX");
    file_ = mkstemp(name.data());
    if (file_ < 0) return TemporaryError(folder_);
    unlink(name.c_str());  // it goes with the process, however that ends
    return absl::OkStatus();
  }

  // By write(), not through a mapping: a full disk is an error here, a signal
  // there.
  absl::Status Write(absl::Span<const std::byte> piece) {
    while (!piece.empty()) {
      const ssize_t n = write(file_, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return TemporaryError(folder_);
      piece.remove_prefix(static_cast<size_t>(n));
    }
    return absl::OkStatus();
  }

  std::vector<std::byte> memory_;
  size_t size_ = 0;
  int file_ = -1;
  std::string folder_;
};

// `window` is zlib's windowBits: negative for raw deflate, +16 for gzip.
absl::StatusOr<FileBytes> RunInflate(absl::Span<const std::byte> in, int window,
                                     size_t limit, const std::string& path) {
  z_stream stream = {};
  if (inflateInit2(&stream, window) != Z_OK) {
    return absl::ResourceExhaustedError("no memory for zlib");
  }
  absl::Cleanup end = [&stream] { inflateEnd(&stream); };
  Output out;
  std::vector<std::byte> piece(size_t{1} << 16);
  size_t in_at = 0;
  while (true) {
    constexpr size_t kStep = size_t{1} << 30;  // avail_in is 32 bits wide
    const size_t in_step = std::min(in.size() - in_at, kStep);
    stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data() + in_at));
    stream.avail_in = static_cast<uInt>(in_step);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    in_at += in_step - stream.avail_in;
    const size_t written = piece.size() - stream.avail_out;
    if (written > limit - out.size()) {
      return BadData(path, "compressed data is too large",
                     absl::StrCat("at most ", limit, " bytes"));
    }
    absl::Status status =
        out.Append(absl::MakeConstSpan(piece).subspan(0, written));
    if (!status.ok()) return status;
    if (result == Z_STREAM_END) {
      // A gzip file may hold several members one after another.
      if (window > 16 && in_at < in.size() && in[in_at] == std::byte{0x1f}) {
        if (inflateReset(&stream) != Z_OK) break;
        continue;
      }
      return out.Finish();
    }
    if (result != Z_OK && result != Z_BUF_ERROR) break;
    if (in_at == in.size() && written == 0) {
      return BadData(path, "compressed data ends too early");
    }
    if (result == Z_BUF_ERROR && written == 0) break;
  }
  return BadData(path, absl::StrCat("compressed data is broken: ",
                                    stream.msg ? stream.msg : "zlib error"));
}

}  // namespace

absl::StatusOr<FileBytes> ReadMaybeGzip(const std::string& path, size_t limit) {
  absl::StatusOr<FileBytes> file = MapFile(path);
  if (!file.ok()) return file.status();
  const absl::Span<const std::byte> bytes = file->bytes;
  if (bytes.size() < 2 || bytes[0] != std::byte{0x1f} ||
      bytes[1] != std::byte{0x8b}) {
    return file;
  }
  return RunInflate(bytes, 15 + 16, limit, path);
}

absl::StatusOr<FileBytes> Inflate(absl::Span<const std::byte> compressed,
                                  size_t size, const std::string& path) {
  // Deflate cannot shrink more than 1032 times: a larger claim is hostile.
  if (size / 1032 > compressed.size() + 1) {
    return BadData(path, "implausible size of compressed data",
                   absl::StrCat("at most ", (compressed.size() + 1) * 1032),
                   absl::StrCat(size));
  }
  absl::StatusOr<FileBytes> out = RunInflate(compressed, -15, size, path);
  if (out.ok() && out->bytes.size() != size) {
    return BadData(path, "compressed data of wrong size",
                   absl::StrCat(size, " bytes"),
                   absl::StrCat(out->bytes.size(), " bytes"));
  }
  return out;
}

}  // namespace hone::datasets
