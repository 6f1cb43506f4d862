#include "datasets/file/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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
