#include "ir/onnx/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status SystemError(const std::string& path, absl::string_view what) {
  const int error = errno;
  const absl::Status reason = absl::ErrnoToStatus(error, what);
  // A file size limit is a lack of room like the others.
  const absl::StatusCode code = error == EFBIG || error == EDQUOT
                                    ? absl::StatusCode::kResourceExhausted
                                    : reason.code();
  return MakeError(code, reason.message(), {.file = path});
}

std::string ResolveLinks(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;  // does not exist yet
  std::string target = resolved;
  std::free(resolved);
  return target;
}

void SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  // Some file systems cannot sync a folder; the rename has happened anyway.
  (void)fsync(descriptor);
  close(descriptor);
}

}  // namespace

absl::StatusOr<AtomicFile> AtomicFile::Create(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  AtomicFile file;
  file.path_ = path;
  file.target_ = ResolveLinks(path);
  struct stat info;
  const bool exists = stat(file.target_.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "cannot write",
        {.file = path, .expected = "a file's name", .found = "a folder"});
  }
  if (exists && !S_ISREG(info.st_mode)) {
    file.descriptor_ = open(file.target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) return SystemError(path, "cannot write");
    return file;
  }
  file.temporary_ =
      absl::StrCat(file.target_, ".tmp-", getpid(), "-", counter.fetch_add(1));
  file.descriptor_ = open(file.temporary_.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file.descriptor_ < 0) {
    const absl::Status error = SystemError(path, "cannot write");
    file.temporary_.clear();  // not ours to remove
    return error;
  }
  if (exists) (void)fchmod(file.descriptor_, info.st_mode & 07777);
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      descriptor_(std::exchange(other.descriptor_, -1)),
      position_(other.position_),
      failed_(other.failed_) {}

AtomicFile::~AtomicFile() { Discard(); }

void AtomicFile::Discard() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
  if (!temporary_.empty()) unlink(temporary_.c_str());
  temporary_.clear();
}

absl::Status AtomicFile::Error(absl::string_view what) {
  absl::Status error = SystemError(path_, what);
  Discard();
  failed_ = true;
  return error;
}

absl::Status AtomicFile::Append(absl::string_view bytes) {
  if (descriptor_ < 0) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "written after an error", {.file = path_});
  }
  // The system writes at most 2 GB in one call.
  constexpr size_t kMostAtOnce = size_t{1} << 30;
  while (!bytes.empty()) {
    const ssize_t count =
        write(descriptor_, bytes.data(), std::min(bytes.size(), kMostAtOnce));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error("cannot write");
    bytes.remove_prefix(static_cast<size_t>(count));
    position_ += static_cast<uint64_t>(count);
  }
  return absl::OkStatus();
}

absl::Status AtomicFile::PadTo(uint64_t position) {
  static constexpr char kZeros[4096] = {};
  while (position_ < position) {
    const uint64_t count =
        std::min<uint64_t>(sizeof(kZeros), position - position_);
    HONE_RETURN_IF_ERROR(Append({kZeros, static_cast<size_t>(count)}));
  }
  return absl::OkStatus();
}

absl::Status AtomicFile::Flush() {
  if (failed_) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "finished after an error", {.file = path_});
  }
  if (descriptor_ < 0) return absl::OkStatus();
  if (!temporary_.empty() && fsync(descriptor_) != 0 && errno != EINVAL) {
    return Error("cannot write");
  }
  const int closed = close(std::exchange(descriptor_, -1));
  if (closed != 0 && errno != EINTR) return Error("cannot write");
  return absl::OkStatus();
}

absl::Status AtomicFile::Commit() {
  HONE_RETURN_IF_ERROR(Flush());
  if (temporary_.empty()) return absl::OkStatus();
  if (rename(temporary_.c_str(), target_.c_str()) != 0) {
    return Error("cannot write");
  }
  temporary_.clear();
  SyncFolderOf(target_);
  return absl::OkStatus();
}

}  // namespace hone
