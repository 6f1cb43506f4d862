#include "ir/onnx/wire.h"

#include <cstring>
#include <protozero/buffer_string.hpp>
#include <protozero/exception.hpp>
#include <protozero/types.hpp>
#include <protozero/varint.hpp>

#include "absl/strings/str_cat.h"
#include "ir/error/error.h"

namespace hone {
namespace {

constexpr uint64_t kMaxFieldNumber = (uint64_t{1} << 29) - 1;

}  // namespace

bool WireReader::Fail(absl::string_view what) {
  status_ = MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("malformed protobuf: ", what, ", ", next_ - begin_,
                   " bytes into a message of ", end_ - begin_, " bytes"),
      {});
  next_ = end_;
  return false;
}

bool WireReader::ReadVarint(uint64_t* value) {
  try {
    *value = protozero::decode_varint(&next_, end_);
    return true;
  } catch (const protozero::exception& e) {
    return Fail(e.what());
  }
}

bool WireReader::Next(WireField* field) {
  if (next_ == end_) return false;
  const char* const start = next_;
  uint64_t key = 0;
  if (!ReadVarint(&key)) return false;
  if (key >> 3 == 0 || key >> 3 > kMaxFieldNumber) {
    return Fail("field number out of range");
  }
  field->key = static_cast<uint32_t>(key);
  field->value = 0;
  field->bytes = {};
  const auto left = static_cast<uint64_t>(end_ - next_);
  switch (static_cast<protozero::pbf_wire_type>(key & 7)) {
    case protozero::pbf_wire_type::varint:
      if (!ReadVarint(&field->value)) return false;
      break;
    case protozero::pbf_wire_type::fixed64:
      if (left < 8) return Fail("cut off in a 64-bit number");
      std::memcpy(&field->value, next_, 8);
      next_ += 8;
      break;
    case protozero::pbf_wire_type::fixed32: {
      if (left < 4) return Fail("cut off in a 32-bit number");
      uint32_t value = 0;
      std::memcpy(&value, next_, 4);
      field->value = value;
      next_ += 4;
      break;
    }
    case protozero::pbf_wire_type::length_delimited: {
      uint64_t length = 0;
      if (!ReadVarint(&length)) return false;
      const auto rest = static_cast<uint64_t>(end_ - next_);
      if (length > rest) {
        return Fail(absl::StrCat("a field claims ", length, " bytes where ",
                                 rest, " are left"));
      }
      field->bytes = {next_, static_cast<size_t>(length)};
      next_ += length;
      break;
    }
    default:
      return Fail(absl::StrCat("unknown wire type ", key & 7));
  }
  field->whole = {start, static_cast<size_t>(next_ - start)};
  return true;
}

absl::Status ForEachPackedVarint(absl::string_view packed,
                                 absl::FunctionRef<void(uint64_t)> visit) {
  const char* next = packed.data();
  const char* const end = next + packed.size();
  try {
    while (next != end) visit(protozero::decode_varint(&next, end));
  } catch (const protozero::exception& e) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("malformed protobuf: packed numbers: ", e.what()), {});
  }
  return absl::OkStatus();
}

size_t CountPackedVarints(absl::string_view packed) {
  size_t count = 0;
  for (const char c : packed) count += (static_cast<uint8_t>(c) & 0x80) == 0;
  return count;
}

void WireWriter::Varint(uint32_t key, uint64_t value) {
  protozero::add_varint_to_buffer(&structure_, key);
  protozero::add_varint_to_buffer(&structure_, value);
}

void WireWriter::Fixed32(uint32_t key, uint32_t value) {
  protozero::add_varint_to_buffer(&structure_, key);
  structure_.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void WireWriter::Bytes(uint32_t key, absl::string_view bytes) {
  protozero::add_varint_to_buffer(&structure_, key);
  protozero::add_varint_to_buffer(&structure_, bytes.size());
  structure_.append(bytes.data(), bytes.size());
}

void WireWriter::Borrowed(uint32_t key, absl::Span<const std::byte> bytes) {
  // Below this a copy is cheaper than a piece of its own.
  constexpr size_t kWorthBorrowing = 512;
  const absl::string_view text(reinterpret_cast<const char*>(bytes.data()),
                               bytes.size());
  if (bytes.size() < kWorthBorrowing) return Bytes(key, text);
  protozero::add_varint_to_buffer(&structure_, key);
  protozero::add_varint_to_buffer(&structure_, bytes.size());
  loans_.push_back({structure_.size(), text});
  borrowed_bytes_ += bytes.size();
}

void WireWriter::Message(uint32_t key, const WireWriter& message) {
  protozero::add_varint_to_buffer(&structure_, key);
  protozero::add_varint_to_buffer(&structure_, message.size());
  Append(message);
}

void WireWriter::Append(const WireWriter& fields) {
  for (const Loan& loan : fields.loans_) {
    loans_.push_back({structure_.size() + loan.position, loan.bytes});
  }
  structure_ += fields.structure_;
  borrowed_bytes_ += fields.borrowed_bytes_;
}

void WireWriter::Raw(absl::string_view fields) {
  structure_.append(fields.data(), fields.size());
}

absl::Status WireWriter::ForEachPiece(
    absl::FunctionRef<absl::Status(absl::string_view)> visit) const {
  const absl::string_view structure = structure_;
  size_t position = 0;
  for (const Loan& loan : loans_) {
    HONE_RETURN_IF_ERROR(
        visit(structure.substr(position, loan.position - position)));
    HONE_RETURN_IF_ERROR(visit(loan.bytes));
    position = loan.position;
  }
  return visit(structure.substr(position));
}

std::string WireWriter::ToString() const {
  std::string text;
  text.reserve(static_cast<size_t>(size()));
  ForEachPiece([&text](absl::string_view piece) {
    text.append(piece.data(), piece.size());
    return absl::OkStatus();
  }).IgnoreError();
  return text;
}

}  // namespace hone
