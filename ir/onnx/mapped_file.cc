#include "ir/onnx/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

absl::Status SystemError(const std::string& path, absl::string_view what) {
  const int error = errno;
  const absl::Status reason = absl::ErrnoToStatus(error, what);
  return MakeError(reason.code(), reason.message(), {.file = path});
}

absl::Status ReadToEnd(int descriptor, const std::string& path,
                       std::string* bytes) {
  constexpr size_t kChunk = 1 << 20;
  while (true) {
    const size_t old_size = bytes->size();
    bytes->resize(old_size + kChunk);
    const ssize_t count = read(descriptor, &(*bytes)[old_size], kChunk);
    bytes->resize(old_size + (count > 0 ? static_cast<size_t>(count) : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, "cannot read");
    if (count == 0) return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(
    const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(path, "cannot open");
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  struct stat info;
  if (fstat(descriptor, &info) != 0) return SystemError(path, "cannot open");

  std::shared_ptr<MappedFile> file(new MappedFile());
  if (S_ISFIFO(info.st_mode)) {
    HONE_RETURN_IF_ERROR(ReadToEnd(descriptor, path, &file->read_));
    file->bytes_ = file->read_;
    return file;
  }
  if (!S_ISREG(info.st_mode)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "cannot read",
        {.file = path,
         .expected = "a regular file",
         .found = S_ISDIR(info.st_mode) ? "a folder" : "a device"});
  }
  if (info.st_size == 0) return file;  // mmap refuses a length of zero
  const auto size = static_cast<size_t>(info.st_size);
  void* const start =
      mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (start == MAP_FAILED) return SystemError(path, "cannot map");
  file->mapped_ = true;
  file->bytes_ = {static_cast<const char*>(start), size};
  return file;
}

MappedFile::~MappedFile() {
  if (mapped_) munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace hone
