// Tensors whose bytes lie in a file beside the model's.
#ifndef HONE_IR_ONNX_EXTERNAL_DATA_H_
#define HONE_IR_ONNX_EXTERNAL_DATA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ir/onnx/mapped_file.h"

namespace hone {

// Maps the data files of one model, each once.
//
// A location is a path relative to the model's folder. InvalidArgument: it is
// absolute or empty, has a ".." that leaves the folder, or leads through a
// symbolic link to a file that lies neither below the model's folder nor below
// the folder of the file that the model's own name links to (as download
// caches lay them out).
class ExternalDataReader {
 public:
  // `model_path` may be empty: then any location is an error. A model that has
  // only a folder gives "FOLDER/".
  explicit ExternalDataReader(std::string model_path)
      : model_path_(std::move(model_path)) {}

  // The `length` bytes at `offset`, and the mapping that keeps them. NotFound:
  // no such file. InvalidArgument: it is too short.
  absl::StatusOr<absl::Span<const std::byte>> Read(
      const std::string& location, uint64_t offset, uint64_t length,
      std::shared_ptr<const void>* owner);

 private:
  absl::StatusOr<std::shared_ptr<const MappedFile>> Open(
      const std::string& location);

  std::string model_path_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

// Lays out a data file: which bytes go where. Written afterwards by
// WriteModel.
class ExternalDataLayout {
 public:
  // Tensors of at least `min_bytes` go to `location`.
  ExternalDataLayout(std::string location, uint64_t min_bytes)
      : location_(std::move(location)), min_bytes_(min_bytes) {}

  struct Piece {
    uint64_t offset;
    absl::string_view bytes;
  };

  bool Wants(uint64_t bytes) const { return bytes >= min_bytes_; }
  // The offset given to these bytes: 64-byte aligned, a page from 1 MiB on.
  // The same storage is laid out once. The bytes must outlive the layout.
  uint64_t Add(absl::Span<const std::byte> bytes);

  const std::string& location() const { return location_; }
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  std::string location_;
  uint64_t min_bytes_;
  uint64_t end_ = 0;
  std::vector<Piece> pieces_;
  std::map<std::pair<const std::byte*, size_t>, uint64_t> offsets_;
};

}  // namespace hone

#endif  // HONE_IR_ONNX_EXTERNAL_DATA_H_
