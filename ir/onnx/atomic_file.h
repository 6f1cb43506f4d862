// A file that appears under its name whole or not at all.
//
//   HONE_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create("out.onnx"));
//   HONE_RETURN_IF_ERROR(file.Append(bytes));
//   HONE_RETURN_IF_ERROR(file.Commit());
//
// The bytes go to a temporary file in the same folder, which Commit flushes to
// the disk and renames. Destroyed without a Commit, or after an error, nothing
// remains. A name that is a symbolic link has its target replaced; a device or
// a pipe is written directly, without a temporary file.
#ifndef HONE_IR_ONNX_ATOMIC_FILE_H_
#define HONE_IR_ONNX_ATOMIC_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hone {

class AtomicFile {
 public:
  // PermissionDenied, NotFound (no such folder), InvalidArgument (the name is
  // a folder's); every message names the file.
  static absl::StatusOr<AtomicFile> Create(const std::string& path);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  // ResourceExhausted: the disk or the quota is full.
  absl::Status Append(absl::string_view bytes);
  // Zeros up to that position. Requires position >= the bytes written so far.
  absl::Status PadTo(uint64_t position);

  // Flushes and closes the temporary file: what can fail for lack of room has
  // then failed. Several files are published together by Flush on each, then
  // Commit on each.
  absl::Status Flush();
  absl::Status Commit();

 private:
  AtomicFile() = default;
  absl::Status Error(absl::string_view what);
  void Discard();

  std::string path_;       // as the caller named it
  std::string target_;     // after symbolic links
  std::string temporary_;  // "" when writing directly
  int descriptor_ = -1;
  uint64_t position_ = 0;
  bool failed_ = false;
};

}  // namespace hone

#endif  // HONE_IR_ONNX_ATOMIC_FILE_H_
