// Files that are the old or the new one, never a part; contents by sha256.
#ifndef HONE_HARNESS_FILES_FILES_H_
#define HONE_HARNESS_FILES_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hone::harness {

// 64 lower-case hexadecimal digits.
std::string Sha256(absl::string_view bytes);
// Of a file's contents.
absl::StatusOr<std::string> Sha256OfFile(const std::string& path);

// Writes to a temporary file beside `path`, on the disk before it is renamed.
// Errors name the file; nothing is left behind.
absl::Status WriteFile(const std::string& path, absl::string_view bytes);

// A name beside `path` for a file that is renamed when it is whole.
std::string TemporaryPath(const std::string& path);

absl::StatusOr<std::string> ReadFile(const std::string& path);
absl::StatusOr<uint64_t> FileSize(const std::string& path);
bool Exists(const std::string& path);

// With its parents; fine when it is there.
absl::Status MakeFolder(const std::string& path);

// `to` becomes a hard link to `from`, or a copy where links do not go.
absl::Status LinkOrCopy(const std::string& from, const std::string& to);

// Removes files of TemporaryPath that processes that are gone left in the
// folder.
void RemoveLeftovers(const std::string& folder);

}  // namespace hone::harness

#endif  // HONE_HARNESS_FILES_FILES_H_
