// Protobuf's wire format: messages as sequences of fields, read without copying
// and written without copying weights.
//
//   WireReader reader(message);
//   WireField field;
//   while (reader.Next(&field)) {
//     if (field.key == fields::node::kName) name = field.bytes;
//   }
//   HONE_RETURN_IF_ERROR(reader.status());
//
// Only this target sees protozero.
#ifndef HONE_IR_ONNX_WIRE_H_
#define HONE_IR_ONNX_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone {

// One field of a message; views into the message.
struct WireField {
  uint32_t key = 0;         // number * 8 + wire type, see fields.h
  uint64_t value = 0;       // of a varint, fixed64 or fixed32 field
  absl::string_view bytes;  // of a length-delimited field
  absl::string_view whole;  // key and value as they lie in the message
};

class WireReader {
 public:
  explicit WireReader(absl::string_view message)
      : begin_(message.data()),
        next_(message.data()),
        end_(message.data() + message.size()) {}

  // False at the message's end and when it is malformed: see status().
  bool Next(WireField* field);

  // InvalidArgument: a length past the end of the message, a number of more
  // than ten bytes, or a key that protobuf does not allow.
  const absl::Status& status() const { return status_; }

 private:
  bool Fail(absl::string_view what);
  bool ReadVarint(uint64_t* value);

  const char* begin_;
  const char* next_;
  const char* end_;
  absl::Status status_;
};

// Calls visit(value) for each number of a packed field. InvalidArgument: the
// last number is cut off.
absl::Status ForEachPackedVarint(absl::string_view packed,
                                 absl::FunctionRef<void(uint64_t)> visit);

// How many numbers a packed field of varints holds.
size_t CountPackedVarints(absl::string_view packed);

// A message being written. Large byte strings can be borrowed instead of
// copied; they must outlive the writer.
class WireWriter {
 public:
  void Varint(uint32_t key, uint64_t value);
  void Fixed32(uint32_t key, uint32_t value);
  void Bytes(uint32_t key, absl::string_view bytes);
  void Borrowed(uint32_t key, absl::Span<const std::byte> bytes);
  void Message(uint32_t key, const WireWriter& message);
  void Raw(absl::string_view fields);  // whole fields, already serialised
  void Append(const WireWriter& fields);

  uint64_t size() const { return structure_.size() + borrowed_bytes_; }
  bool empty() const { return size() == 0; }
  // The message's bytes, piece by piece, until one call fails.
  absl::Status ForEachPiece(
      absl::FunctionRef<absl::Status(absl::string_view)> visit) const;
  std::string ToString() const;

 private:
  struct Loan {
    size_t position;  // in structure_
    absl::string_view bytes;
  };
  std::string structure_;  // everything but the borrowed bytes
  std::vector<Loan> loans_;
  uint64_t borrowed_bytes_ = 0;
};

}  // namespace hone

#endif  // HONE_IR_ONNX_WIRE_H_
