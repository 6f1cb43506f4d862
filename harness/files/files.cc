#include "harness/files/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

constexpr absl::string_view kMark = ".hone-tmp.";

class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void Add(absl::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string Finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    return absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(digest), size));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

// Calls use(block) for the file's blocks.
template <typename Use>
absl::Status ForEachBlock(const std::string& path, Use use) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return IoError(path, "cannot read", errno);
  std::vector<char> buffer(1 << 18);
  ssize_t n = 0;
  while ((n = read(file, buffer.data(), buffer.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    use(absl::string_view(buffer.data(), static_cast<size_t>(n)));
  }
  const int error = errno;
  close(file);
  return n < 0 ? IoError(path, "cannot read", error) : absl::OkStatus();
}

absl::Status WriteAll(int file, const std::string& path,
                      absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return IoError(path, "cannot write", errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  // A rename that outlives its contents would be a damaged file.
  if (fsync(file) != 0) return IoError(path, "cannot write", errno);
  return absl::OkStatus();
}

}  // namespace

std::string TemporaryPath(const std::string& path) {
  static std::atomic<int> count{0};
  // Whoever finds it can tell by the process whether it is still written.
  return absl::StrCat(path, kMark, getpid(), ".", count++);
}

std::string Sha256(absl::string_view bytes) {
  Hash hash;
  hash.Add(bytes);
  return hash.Finish();
}

absl::StatusOr<std::string> Sha256OfFile(const std::string& path) {
  Hash hash;
  HARNESS_RETURN_IF_ERROR(
      ForEachBlock(path, [&](absl::string_view block) { hash.Add(block); }));
  return hash.Finish();
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  const std::string temporary = TemporaryPath(path);
  const int file =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return IoError(path, "cannot write", errno);
  absl::Status status = WriteAll(file, path, bytes);
  if (close(file) != 0 && status.ok()) {
    status = IoError(path, "cannot write", errno);
  }
  if (status.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    status = IoError(path, "cannot write", errno);
  }
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::string out;
  HARNESS_RETURN_IF_ERROR(ForEachBlock(path, [&](absl::string_view block) {
    out.append(block.data(), block.size());
  }));
  return out;
}

absl::StatusOr<uint64_t> FileSize(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    return IoError(path, "cannot read", errno);
  }
  return static_cast<uint64_t>(info.st_size);
}

bool Exists(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0;
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return IoError(path, "cannot make the folder", error.value());
  if (!std::filesystem::is_directory(path, error)) {
    return IoError(path, "cannot make the folder", ENOTDIR);
  }
  return absl::OkStatus();
}

absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  const std::string temporary = TemporaryPath(to);
  if (link(from.c_str(), temporary.c_str()) == 0) {
    // Renaming a link onto another link of the same file does nothing, so the
    // temporary name is removed either way.
    const bool renamed = rename(temporary.c_str(), to.c_str()) == 0;
    const int error = errno;
    unlink(temporary.c_str());
    return renamed ? absl::OkStatus() : IoError(to, "cannot write", error);
  }
  HARNESS_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(from));
  return WriteFile(to, bytes);
}

void RemoveLeftovers(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const size_t mark = name.rfind(std::string(kMark));
    if (mark == std::string::npos) continue;
    const std::vector<std::string> parts =
        absl::StrSplit(name.substr(mark + kMark.size()), '.');
    int pid = 0;
    // A name may go on: whoever wrote it may have made a temporary of its own.
    if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &pid) || pid <= 0) {
      continue;
    }
    const bool gone = kill(pid, 0) != 0 && errno == ESRCH;
    if (gone) unlink(entry.path().c_str());
  }
}

}  // namespace hone::harness
