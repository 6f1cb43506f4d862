#include "ir/onnx/external_data.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ir/error/error.h"

namespace hone {
namespace {

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The path with every symbolic link followed; "" when there is none.
std::string RealPath(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return "";
  std::string real = resolved;
  std::free(resolved);
  return real;
}

bool IsBelow(const std::string& path, std::string folder) {
  if (folder.empty()) return false;
  if (folder.back() != '/') folder += '/';
  return absl::StartsWith(path, folder);
}

absl::Status BadLocation(const std::string& location) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "external data outside of the model's folder",
                   {.expected = "a path below the model's folder",
                    .found = absl::StrCat("\"", location, "\"")});
}

bool LeavesFolder(const std::string& location) {
  if (location.empty() || location[0] == '/') return true;
  // A NUL would make the system see another path than the one checked.
  if (location.find('\0') != std::string::npos) return true;
  int depth = 0;
  for (const absl::string_view part : absl::StrSplit(location, '/')) {
    if (part == "..") {
      if (--depth < 0) return true;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
  }
  return depth == 0;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const MappedFile>> ExternalDataReader::Open(
    const std::string& location) {
  if (model_path_.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "external data of a model that has no folder",
                     {.found = absl::StrCat("\"", location, "\"")});
  }
  if (LeavesFolder(location)) return BadLocation(location);
  const auto found = files_.find(location);
  if (found != files_.end()) return found->second;
  const std::string path = absl::StrCat(FolderOf(model_path_), "/", location);
  const std::string real = RealPath(path);
  if (!real.empty() && !IsBelow(real, RealPath(FolderOf(model_path_))) &&
      !IsBelow(real, FolderOf(RealPath(model_path_)))) {
    return BadLocation(location);
  }
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file,
                        MappedFile::Open(path));
  files_.emplace(location, file);
  return file;
}

absl::StatusOr<absl::Span<const std::byte>> ExternalDataReader::Read(
    const std::string& location, uint64_t offset, uint64_t length,
    std::shared_ptr<const void>* owner) {
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, Open(location));
  const absl::string_view bytes = file->bytes();
  if (offset > bytes.size() || length > bytes.size() - offset) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("external data \"", location, "\" is too short"),
        {.expected = absl::StrCat(length, " bytes from byte ", offset),
         .found = absl::StrCat("a file of ", bytes.size(), " bytes")});
  }
  const absl::string_view part =
      bytes.substr(static_cast<size_t>(offset), static_cast<size_t>(length));
  *owner = std::move(file);
  return absl::MakeConstSpan(reinterpret_cast<const std::byte*>(part.data()),
                             part.size());
}

uint64_t ExternalDataLayout::Add(absl::Span<const std::byte> bytes) {
  constexpr uint64_t kLine = 64;
  constexpr uint64_t kPage = 4096;
  constexpr uint64_t kLarge = 1 << 20;
  const auto [slot, inserted] =
      offsets_.try_emplace({bytes.data(), bytes.size()}, 0);
  if (!inserted) return slot->second;
  const uint64_t alignment = bytes.size() >= kLarge ? kPage : kLine;
  const uint64_t offset = (end_ + alignment - 1) / alignment * alignment;
  pieces_.push_back(
      {offset, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
  end_ = offset + bytes.size();
  slot->second = offset;
  return offset;
}

}  // namespace hone
