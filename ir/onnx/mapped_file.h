// A file's bytes, mapped read-only.
//
//   HONE_ASSIGN_OR_RETURN(auto file, MappedFile::Open("model.onnx"));
//   Use(file->bytes());  // valid while `file` lives, even if the file is
//                        // replaced by a rename or removed
//
// The pages belong to the page cache: mapping takes no memory of the process
// until it reads, and then none that the system cannot take back. A file that
// another process makes shorter while it is mapped is beyond what can be
// handled here (the system kills the reader); Hone itself only replaces files
// by renaming.
#ifndef HONE_IR_ONNX_MAPPED_FILE_H_
#define HONE_IR_ONNX_MAPPED_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hone {

class MappedFile {
 public:
  // Regular files are mapped; a pipe is read to its end. NotFound: no such
  // file. PermissionDenied. InvalidArgument: a folder or a device.
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(
      const std::string& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  absl::string_view bytes() const { return bytes_; }

 private:
  MappedFile() = default;

  absl::string_view bytes_;
  std::string read_;  // a pipe's bytes
  bool mapped_ = false;
};

}  // namespace hone

#endif  // HONE_IR_ONNX_MAPPED_FILE_H_
