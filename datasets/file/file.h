// Files read for data, mapped; files written whole or not at all.
#ifndef HONE_DATASETS_FILE_FILE_H_
#define HONE_DATASETS_FILE_FILE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace hone::datasets {

struct FileBytes {
  absl::Span<const std::byte> bytes;
  std::shared_ptr<const void> owner;  // keeps them alive
};

// The file's bytes, mapped read-only. NotFound, PermissionDenied or
// InvalidArgument (a folder) with the path.
absl::StatusOr<FileBytes> MapFile(const std::string& path);

// Written to a temporary file beside `path` and renamed. The pieces follow one
// another. Unavailable: the file could not be written, with the system's words.
absl::Status WriteFile(const std::string& path,
                       absl::Span<const absl::Span<const std::byte>> pieces);

// Names in a folder, sorted by bytes, "." and ".." left out.
absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path);
bool IsFolder(const std::string& path);
bool Exists(const std::string& path);
std::string JoinPath(const std::string& folder, const std::string& name);
// The folder part of a path; "." when there is none.
std::string FolderOf(const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_FILE_FILE_H_
