#include "datasets/file/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"

namespace hone::datasets {
namespace {

absl::Status SystemError(const std::string& path, absl::string_view what) {
  const int error = errno;
  absl::StatusCode code = absl::StatusCode::kUnavailable;
  if (error == ENOENT || error == ENOTDIR) code = absl::StatusCode::kNotFound;
  if (error == EACCES) code = absl::StatusCode::kPermissionDenied;
  return DataError(code, path, absl::StrCat(what, ": ", std::strerror(error)));
}

// `window` is zlib's windowBits: negative for raw deflate, +16 for gzip.
// Grows the output up to `limit`.
absl::StatusOr<std::vector<std::byte>> RunInflate(
    absl::Span<const std::byte> in, int window, size_t limit, size_t guess,
    const std::string& path) {
  z_stream stream = {};
  if (inflateInit2(&stream, window) != Z_OK) {
    return absl::ResourceExhaustedError("no memory for zlib");
  }
  absl::Cleanup end = [&stream] { inflateEnd(&stream); };
  std::vector<std::byte> out(std::min(limit, std::max<size_t>(guess, 4096)));
  size_t in_at = 0;
  size_t out_at = 0;
  while (true) {
    constexpr size_t kStep = size_t{1} << 30;  // avail_* are 32 bits wide
    const size_t in_step = std::min(in.size() - in_at, kStep);
    const size_t out_step = std::min(out.size() - out_at, kStep);
    stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data() + in_at));
    stream.avail_in = static_cast<uInt>(in_step);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + out_at);
    stream.avail_out = static_cast<uInt>(out_step);
    const int result = inflate(&stream, Z_NO_FLUSH);
    in_at += in_step - stream.avail_in;
    out_at += out_step - stream.avail_out;
    if (result == Z_STREAM_END) {
      // A gzip file may hold several members one after another.
      if (window > 16 && in_at < in.size() && in[in_at] == std::byte{0x1f}) {
        if (inflateReset(&stream) != Z_OK) break;
        continue;
      }
      out.resize(out_at);
      return out;
    }
    if (result != Z_OK && result != Z_BUF_ERROR) break;
    if (out_at == out.size()) {
      if (out.size() >= limit) {
        return BadData(path, "compressed data is too large",
                       absl::StrCat("at most ", limit, " bytes"));
      }
      out.resize(std::min(limit, out.size() * 2));
    } else if (in_at == in.size()) {
      return BadData(path, "compressed data ends too early");
    } else if (result == Z_BUF_ERROR) {
      break;
    }
  }
  return BadData(path, absl::StrCat("compressed data is broken: ",
                                    stream.msg ? stream.msg : "zlib error"));
}

FileBytes Own(std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return {absl::MakeConstSpan(*owner), owner};
}

}  // namespace

absl::StatusOr<FileBytes> MapFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return SystemError(path, "cannot be opened");
  absl::Cleanup close_file = [file] { close(file); };
  struct stat info;
  if (fstat(file, &info) != 0) return SystemError(path, "cannot be read");
  if (S_ISDIR(info.st_mode)) return BadData(path, "is a folder", "a file");
  const size_t size = static_cast<size_t>(info.st_size);
  if (size == 0) return FileBytes{};
  void* const data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (data == MAP_FAILED) return SystemError(path, "cannot be mapped");
  std::shared_ptr<const void> owner(
      data, [size](const void* p) { munmap(const_cast<void*>(p), size); });
  return FileBytes{
      absl::MakeConstSpan(static_cast<const std::byte*>(data), size), owner};
}

absl::StatusOr<FileBytes> ReadMaybeGzip(const std::string& path, size_t limit) {
  absl::StatusOr<FileBytes> file = MapFile(path);
  if (!file.ok()) return file.status();
  const absl::Span<const std::byte> bytes = file->bytes;
  if (bytes.size() < 2 || bytes[0] != std::byte{0x1f} ||
      bytes[1] != std::byte{0x8b}) {
    return file;
  }
  absl::StatusOr<std::vector<std::byte>> out =
      RunInflate(bytes, 15 + 16, limit, bytes.size() * 4, path);
  if (!out.ok()) return out.status();
  return Own(*std::move(out));
}

absl::StatusOr<FileBytes> Inflate(absl::Span<const std::byte> compressed,
                                  size_t size, const std::string& path) {
  // Deflate cannot shrink more than 1032 times: a larger claim is hostile.
  if (size / 1032 > compressed.size() + 1) {
    return BadData(path, "implausible size of compressed data",
                   absl::StrCat("at most ", (compressed.size() + 1) * 1032),
                   absl::StrCat(size));
  }
  absl::StatusOr<std::vector<std::byte>> out =
      RunInflate(compressed, -15, size + 1, size + 1, path);
  if (!out.ok()) return out.status();
  if (out->size() != size) {
    return BadData(path, "compressed data of wrong size",
                   absl::StrCat(size, " bytes"),
                   absl::StrCat(out->size(), " bytes"));
  }
  return Own(*std::move(out));
}

absl::Status WriteFile(const std::string& path,
                       absl::Span<const absl::Span<const std::byte>> pieces) {
  std::string temporary = absl::StrCat(path, ".tmp-XXXXXX");
  const int file = mkstemp(temporary.data());
  if (file < 0) return SystemError(path, "cannot be written");
  absl::Status status;
  for (absl::Span<const std::byte> piece : pieces) {
    while (!piece.empty() && status.ok()) {
      const ssize_t n = write(file, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        status = SystemError(path, "cannot be written");
      } else {
        piece.remove_prefix(static_cast<size_t>(n));
      }
    }
  }
  // mkstemp makes a file for its owner only; results are ordinary files.
  const mode_t mask = umask(0);
  umask(mask);
  if (status.ok() && fchmod(file, 0666 & ~mask) != 0) {
    status = SystemError(path, "cannot be written");
  }
  if (close(file) != 0 && status.ok()) {
    status = SystemError(path, "cannot be written");
  }
  if (status.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    status = SystemError(path, "cannot be written");
  }
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path) {
  DIR* const folder = opendir(path.c_str());
  if (folder == nullptr) return SystemError(path, "cannot be listed");
  absl::Cleanup close_folder = [folder] { closedir(folder); };
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool IsFolder(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

std::string JoinPath(const std::string& folder, const std::string& name) {
  if (folder.empty() || absl::StartsWith(name, "/")) return name;
  return absl::StrCat(folder, absl::EndsWith(folder, "/") ? "" : "/", name);
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace hone::datasets
