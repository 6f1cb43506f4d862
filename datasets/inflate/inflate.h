// Compressed files as plain bytes.
//
//   absl::StatusOr<FileBytes> bytes = ReadMaybeGzip("images.gz", 1 << 30);
//
// Up to kInMemory bytes are kept in memory; more go to a nameless file in
// $TMPDIR (/tmp), mapped, so that a large set costs page cache that the system
// may take back instead of memory of this process.
#ifndef HONE_DATASETS_INFLATE_INFLATE_H_
#define HONE_DATASETS_INFLATE_INFLATE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "datasets/file/file.h"

namespace hone::datasets {

inline constexpr size_t kInMemory = size_t{8} << 20;

// As MapFile, decompressed when the bytes are a gzip stream (whatever the
// name), several members included. InvalidArgument: a broken stream, or more
// than `limit` bytes come out. Unavailable: the temporary file could not be
// written (its folder and the system's words).
absl::StatusOr<FileBytes> ReadMaybeGzip(const std::string& path, size_t limit);

// Inflates raw deflate data of a known decompressed size. InvalidArgument when
// it is broken or has another size; `path` is for the message.
absl::StatusOr<FileBytes> Inflate(absl::Span<const std::byte> compressed,
                                  size_t size, const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_INFLATE_INFLATE_H_
