// What the IR has no member for, carried in a message's `raw` bytes.
//
// `raw` holds serialised fields: those that the schema does not know, those the
// IR does not look into, a known field that is present with its default value,
// and shadows: incomplete child messages with the parts that the child's own
// IR type has no place for (the name of an attribute's tensor, an unknown field
// of a dimension, the order and spelling of operator set imports). Writers put
// `raw` first, so that a member set in the IR wins over what was carried, and
// merge each shadow into the child it belongs to.
#ifndef HONE_IR_ONNX_CARRIED_H_
#define HONE_IR_ONNX_CARRIED_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ir/onnx/wire.h"

namespace hone {

// *out = the field's bytes; a present but empty string is also noted in *raw.
void KeepString(const WireField& field, std::string* out, std::string* raw);

// *out = the field's number; a present zero is also noted in *raw.
void KeepInt(const WireField& field, int64_t* out, std::string* raw);

// Removes the fields of that key from *raw and returns their bytes, in order.
std::vector<std::string> TakeFields(uint32_t key, std::string* raw);

// The only field of that key in *raw, removed from it; "" when there is none.
std::string TakeField(uint32_t key, std::string* raw);

// "ai.onnx" is a spelling of the default domain: *domain becomes "" and the
// spelling is noted in *raw as a field of that key.
void NormalizeDomain(uint32_t key, std::string* domain, std::string* raw);

// The entries of one map field, read one after the other: metadata_props
// (Value is std::string) or opset_import (int64_t, keyed by normalised
// domain).
template <typename Value>
class MapReader {
 public:
  // InvalidArgument: a malformed entry, or two versions imported for one
  // domain. A metadata key that comes twice has its last value.
  absl::Status Add(absl::string_view entry, std::map<std::string, Value>* map);

  // Call once after the last entry: notes in *raw, as fields of `key`, what the
  // map alone would not bring back.
  void Finish(uint32_t key, std::string* raw) const;

 private:
  std::vector<std::string> shadows_;  // entries without their values
  std::string last_key_;
  bool canonical_ = true;
};

// Writes the map as entries: those noted in *raw as they were, then the rest in
// order. Takes the notes out of *raw.
void WriteMap(uint32_t key, const std::map<std::string, std::string>& map,
              std::string* raw, WireWriter* out);
void WriteMap(uint32_t key, const std::map<std::string, int64_t>& map,
              std::string* raw, WireWriter* out);

}  // namespace hone

#endif  // HONE_IR_ONNX_CARRIED_H_
