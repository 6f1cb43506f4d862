// ZIP archives as NumPy writes them (.npz): stored or deflated members, ZIP64
// read.
#ifndef HONE_DATASETS_ZIP_ZIP_H_
#define HONE_DATASETS_ZIP_ZIP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "datasets/file/file.h"

namespace hone::datasets {

struct ZipMember {
  std::string name;
  uint64_t header_offset = 0;  // of the local header
  uint64_t compressed_size = 0;
  uint64_t size = 0;
  uint32_t crc = 0;
  uint16_t method = 0;  // 0 stored, 8 deflated
};

// An opened archive; members in the order of its directory. Immutable.
class ZipFile {
 public:
  // InvalidArgument: no ZIP archive, or a directory that does not fit the file.
  static absl::StatusOr<ZipFile> Open(const std::string& path);

  const std::vector<ZipMember>& members() const { return members_; }
  // A stored member is a view of the mapped file. InvalidArgument: out of the
  // file, broken, a wrong checksum, an unknown method, encryption.
  absl::StatusOr<FileBytes> Read(const ZipMember& member) const;

 private:
  std::string path_;
  FileBytes file_;
  std::vector<ZipMember> members_;
};

struct ZipContent {
  std::string name;
  std::vector<absl::Span<const std::byte>> pieces;
};

// Stored members without times, so the same contents give the same bytes.
// Unimplemented: a member or an archive of 4 GiB or more.
absl::Status WriteZip(const std::string& path,
                      const std::vector<ZipContent>& contents);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_ZIP_ZIP_H_
