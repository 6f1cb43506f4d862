#include "datasets/zip/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "datasets/error/error.h"
#include "datasets/inflate/inflate.h"

namespace hone::datasets {
namespace {

constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint32_t kCentralSignature = 0x02014b50;
constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint32_t kLocator64Signature = 0x07064b50;
constexpr size_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22;
constexpr size_t kEnd64Size = 56, kLocator64Size = 20;

uint64_t Little(const std::byte* p, int width) {
  uint64_t value = 0;
  for (int i = 0; i < width; ++i) value |= uint64_t(p[i]) << (8 * i);
  return value;
}

void Append(std::string* out, uint64_t value, int width) {
  for (int i = 0; i < width; ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

struct Directory {
  uint64_t offset, size, count;
};

absl::StatusOr<Directory> FindDirectory(absl::Span<const std::byte> file,
                                        const std::string& path) {
  const absl::Status none = BadData(path, "not a ZIP archive (.npz)");
  if (file.size() < kEndSize) return none;
  const size_t last = file.size() - kEndSize;
  const size_t first = last - std::min<size_t>(last, 0xffff);
  size_t end = last + 1;
  for (size_t at = last + 1; at-- > first;) {
    if (Little(&file[at], 4) == kEndSignature) {
      end = at;
      break;
    }
  }
  if (end > last) return none;
  Directory directory = {Little(&file[end + 16], 4), Little(&file[end + 12], 4),
                         Little(&file[end + 10], 2)};
  if (end >= kLocator64Size &&
      Little(&file[end - kLocator64Size], 4) == kLocator64Signature) {
    const uint64_t end64 = Little(&file[end - kLocator64Size + 8], 8);
    if (end64 > file.size() || file.size() - end64 < kEnd64Size ||
        Little(&file[end64], 4) != kEnd64Signature) {
      return BadData(path, "ZIP64 directory is outside of the file");
    }
    directory = {Little(&file[end64 + 48], 8), Little(&file[end64 + 40], 8),
                 Little(&file[end64 + 32], 8)};
  }
  if (directory.offset > file.size() ||
      directory.size > file.size() - directory.offset) {
    return BadData(
        path, "ZIP directory is outside of the file",
        absl::StrCat("at most ", file.size(), " bytes"),
        absl::StrCat(directory.size, " bytes at ", directory.offset));
  }
  return directory;
}

// Replaces sizes of all ones by those of the ZIP64 extra field.
void ApplyZip64(absl::Span<const std::byte> extra, ZipMember* member) {
  while (extra.size() >= 4) {
    const size_t tag = Little(&extra[0], 2);
    const size_t size =
        std::min<size_t>(Little(&extra[2], 2), extra.size() - 4);
    absl::Span<const std::byte> field = extra.subspan(4, size);
    if (tag == 1) {
      for (uint64_t* value :
           {&member->size, &member->compressed_size, &member->header_offset}) {
        if (*value != 0xffffffff || field.size() < 8) continue;
        *value = Little(field.data(), 8);
        field.remove_prefix(8);
      }
    }
    extra.remove_prefix(4 + size);
  }
}

}  // namespace

absl::StatusOr<ZipFile> ZipFile::Open(const std::string& path) {
  absl::StatusOr<FileBytes> file = MapFile(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<Directory> directory = FindDirectory(file->bytes, path);
  if (!directory.ok()) return directory.status();
  ZipFile zip;
  zip.path_ = path;
  zip.file_ = *file;
  absl::Span<const std::byte> rest =
      file->bytes.subspan(directory->offset, directory->size);
  for (uint64_t i = 0; i < directory->count; ++i) {
    if (rest.size() < kCentralSize ||
        Little(&rest[0], 4) != kCentralSignature) {
      return BadData(path, "ZIP directory is broken",
                     absl::StrCat(directory->count, " members"),
                     absl::StrCat(i));
    }
    const size_t name = Little(&rest[28], 2), extra = Little(&rest[30], 2),
                 comment = Little(&rest[32], 2);
    if (rest.size() - kCentralSize < name + extra + comment) {
      return BadData(path, "ZIP directory is cut short");
    }
    ZipMember member;
    member.name.assign(
        reinterpret_cast<const char*>(&rest[kCentralSize - 1]) + 1, name);
    member.method = static_cast<uint16_t>(Little(&rest[10], 2));
    member.crc = static_cast<uint32_t>(Little(&rest[16], 4));
    member.compressed_size = Little(&rest[20], 4);
    member.size = Little(&rest[24], 4);
    member.header_offset = Little(&rest[42], 4);
    if (Little(&rest[8], 2) & 1) {
      return BadData(path, absl::StrCat(member.name, " is encrypted"));
    }
    ApplyZip64(rest.subspan(kCentralSize + name, extra), &member);
    zip.members_.push_back(std::move(member));
    rest.remove_prefix(kCentralSize + name + extra + comment);
  }
  return zip;
}

absl::StatusOr<FileBytes> ZipFile::Read(const ZipMember& member) const {
  const std::string where = absl::StrCat(path_, ":", member.name);
  const absl::Span<const std::byte> file = file_.bytes;
  if (member.header_offset > file.size() ||
      file.size() - member.header_offset < kLocalSize ||
      Little(&file[member.header_offset], 4) != kLocalSignature) {
    return BadData(where, "member's header is outside of the file");
  }
  const size_t skip = kLocalSize + Little(&file[member.header_offset + 26], 2) +
                      Little(&file[member.header_offset + 28], 2);
  const size_t room = file.size() - member.header_offset;
  if (skip > room || member.compressed_size > room - skip) {
    return BadData(where, "member is cut short",
                   absl::StrCat(member.compressed_size, " bytes"),
                   absl::StrCat(skip > room ? 0 : room - skip, " bytes"));
  }
  const absl::Span<const std::byte> data =
      file.subspan(member.header_offset + skip, member.compressed_size);
  FileBytes contents = {data, file_.owner};
  if (member.method == 8) {
    absl::StatusOr<FileBytes> inflated = Inflate(data, member.size, where);
    if (!inflated.ok()) return inflated.status();
    contents = *std::move(inflated);
  } else if (member.method != 0) {
    return BadData(where, "compression method", "0 (stored) or 8 (deflated)",
                   absl::StrCat(member.method));
  } else if (member.size != member.compressed_size) {
    return BadData(where, "stored member's size",
                   absl::StrCat(member.compressed_size),
                   absl::StrCat(member.size));
  }
  const uint32_t crc = static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(contents.bytes.data()),
              contents.bytes.size()));
  if (crc != member.crc && !contents.bytes.empty()) {
    return BadData(where, "wrong checksum: the archive is damaged",
                   absl::StrCat(absl::Hex(member.crc)),
                   absl::StrCat(absl::Hex(crc)));
  }
  return contents;
}

absl::Status WriteZip(const std::string& path,
                      const std::vector<ZipContent>& contents) {
  constexpr uint64_t kLimit = 0xffffffff;
  constexpr uint64_t kDate1980 = 0x21;  // the first day that ZIP can say
  std::vector<std::string> headers;
  std::string directory;
  uint64_t offset = 0;
  for (const ZipContent& content : contents) {
    uint64_t size = 0;
    uLong crc = 0;
    for (const absl::Span<const std::byte>& piece : content.pieces) {
      size += piece.size();
      crc = crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()),
                    piece.size());
    }
    if (content.name.size() > 0xffff || contents.size() > 0xffff ||
        size >= kLimit || offset + size >= kLimit - (1 << 20)) {
      return DataError(absl::StatusCode::kUnimplemented, path,
                       "archive is too large", "less than 4 GiB",
                       absl::StrCat(offset + size, " bytes"));
    }
    std::string shared;  // what both headers say, from "version needed" on
    Append(&shared, 20, 2);
    Append(&shared, 0, 2);
    Append(&shared, 0, 2);
    Append(&shared, kDate1980 << 16, 4);
    Append(&shared, crc, 4);
    Append(&shared, size, 4);
    Append(&shared, size, 4);
    Append(&shared, content.name.size(), 2);
    Append(&shared, 0, 2);
    std::string local;
    Append(&local, kLocalSignature, 4);
    local += shared + content.name;
    Append(&directory, kCentralSignature, 4);
    Append(&directory, 20, 2);
    directory += shared;
    Append(&directory, 0, 2 + 2 + 2);
    Append(&directory, 0, 4);
    Append(&directory, offset, 4);
    directory += content.name;
    offset += local.size() + size;
    headers.push_back(std::move(local));
  }
  std::string end = directory;
  Append(&end, kEndSignature, 4);
  Append(&end, 0, 4);
  Append(&end, contents.size(), 2);
  Append(&end, contents.size(), 2);
  Append(&end, directory.size(), 4);
  Append(&end, offset, 4);
  Append(&end, 0, 2);
  std::vector<absl::Span<const std::byte>> pieces;
  const auto add = [&pieces](const std::string& text) {
    pieces.push_back(absl::MakeConstSpan(
        reinterpret_cast<const std::byte*>(text.data()), text.size()));
  };
  for (size_t i = 0; i < contents.size(); ++i) {
    add(headers[i]);
    pieces.insert(pieces.end(), contents[i].pieces.begin(),
                  contents[i].pieces.end());
  }
  add(end);
  return WriteFile(path, pieces);
}

}  // namespace hone::datasets
