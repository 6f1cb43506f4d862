#include "ir/onnx/carried.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/onnx/fields.h"

namespace hone {
namespace {

constexpr absl::string_view kDefaultDomainSpelling = "ai.onnx";

void AppendTo(absl::string_view fields, std::string* raw) {
  raw->append(fields.data(), fields.size());
}

// Key of the value field, how a key reads in the IR, and whether a canonical
// entry has a key field when the key is empty.
template <typename Value>
struct EntryTraits;

template <>
struct EntryTraits<std::string> {
  static constexpr uint32_t kValue = fields::entry::kValue;
  static constexpr bool kWritesEmptyKey = true;
  static std::string Normalize(std::string key) { return key; }
  static std::string ValueOf(const WireField& field) {
    return std::string(field.bytes);
  }
  static void Write(const std::string& value, WireWriter* out) {
    out->Bytes(kValue, value);
  }
  static absl::Status Clash(const std::string&, const std::string&,
                            const std::string&) {
    return absl::OkStatus();
  }
};

template <>
struct EntryTraits<int64_t> {
  static constexpr uint32_t kValue = fields::opset::kVersion;
  static constexpr bool kWritesEmptyKey = false;
  static std::string Normalize(std::string key) {
    return key == kDefaultDomainSpelling ? std::string() : std::move(key);
  }
  static int64_t ValueOf(const WireField& field) {
    return static_cast<int64_t>(field.value);
  }
  static void Write(int64_t value, WireWriter* out) {
    out->Varint(kValue, static_cast<uint64_t>(value));
  }
  static absl::Status Clash(const std::string& key, int64_t before,
                            int64_t after) {
    if (before == after) return absl::OkStatus();
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("operator set \"", key, "\" imported twice"),
                     {.expected = absl::StrCat("version ", before),
                      .found = absl::StrCat("version ", after)});
  }
};

static_assert(fields::entry::kKey == fields::opset::kDomain,
              "one key field serves both kinds of entries");

std::string CanonicalShadow(const std::string& key, bool writes_empty_key) {
  WireWriter writer;
  if (writes_empty_key || !key.empty()) {
    writer.Bytes(fields::entry::kKey, key);
  }
  return writer.ToString();
}

template <typename Value>
void WriteMapOf(uint32_t key, const std::map<std::string, Value>& map,
                std::string* raw, WireWriter* out) {
  using Traits = EntryTraits<Value>;
  const auto write = [&](absl::string_view shadow, const Value& value) {
    WireWriter entry;
    entry.Raw(shadow);
    Traits::Write(value, &entry);
    out->Message(key, entry);
  };
  absl::flat_hash_set<std::string> written;
  for (std::string& shadow : TakeFields(key, raw)) {
    std::string noted = shadow;
    const std::string name =
        Traits::Normalize(TakeField(fields::entry::kKey, &noted));
    const auto found = map.find(name);
    if (found == map.end()) continue;
    write(shadow, found->second);
    written.insert(name);
  }
  for (const auto& [name, value] : map) {
    if (written.contains(name)) continue;
    write(CanonicalShadow(name, Traits::kWritesEmptyKey), value);
  }
}

}  // namespace

void KeepString(const WireField& field, std::string* out, std::string* raw) {
  out->assign(field.bytes.data(), field.bytes.size());
  if (out->empty()) AppendTo(field.whole, raw);
}

void KeepInt(const WireField& field, int64_t* out, std::string* raw) {
  *out = static_cast<int64_t>(field.value);
  if (*out == 0) AppendTo(field.whole, raw);
}

std::vector<std::string> TakeFields(uint32_t key, std::string* raw) {
  std::vector<std::string> taken;
  if (raw->empty()) return taken;
  std::string rest;
  WireReader reader(*raw);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == key) {
      taken.emplace_back(field.bytes);
    } else {
      AppendTo(field.whole, &rest);
    }
  }
  *raw = std::move(rest);
  return taken;
}

std::string TakeField(uint32_t key, std::string* raw) {
  std::vector<std::string> taken = TakeFields(key, raw);
  return taken.empty() ? std::string() : std::move(taken.back());
}

void NormalizeDomain(uint32_t key, std::string* domain, std::string* raw) {
  if (*domain != kDefaultDomainSpelling) return;
  WireWriter note;
  note.Bytes(key, *domain);
  AppendTo(note.ToString(), raw);
  domain->clear();
}

template <typename Value>
absl::Status MapReader<Value>::Add(absl::string_view entry,
                                   std::map<std::string, Value>* map) {
  using Traits = EntryTraits<Value>;
  std::string name;
  std::string shadow;
  Value value{};
  WireReader reader(entry);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == Traits::kValue) {
      value = Traits::ValueOf(field);
      continue;
    }
    if (field.key == fields::entry::kKey) name = std::string(field.bytes);
    AppendTo(field.whole, &shadow);
  }
  HONE_RETURN_IF_ERROR(reader.status());
  canonical_ = canonical_ && (shadows_.empty() || last_key_ < name) &&
               shadow == CanonicalShadow(name, Traits::kWritesEmptyKey);
  last_key_ = name;
  name = Traits::Normalize(std::move(name));
  const auto [slot, inserted] = map->try_emplace(name, value);
  if (!inserted) {
    HONE_RETURN_IF_ERROR(Traits::Clash(name, slot->second, value));
    slot->second = std::move(value);
  }
  shadows_.push_back(std::move(shadow));
  return absl::OkStatus();
}

template <typename Value>
void MapReader<Value>::Finish(uint32_t key, std::string* raw) const {
  if (canonical_) return;
  WireWriter notes;
  for (const std::string& shadow : shadows_) notes.Bytes(key, shadow);
  AppendTo(notes.ToString(), raw);
}

template class MapReader<std::string>;
template class MapReader<int64_t>;

void WriteMap(uint32_t key, const std::map<std::string, std::string>& map,
              std::string* raw, WireWriter* out) {
  WriteMapOf(key, map, raw, out);
}

void WriteMap(uint32_t key, const std::map<std::string, int64_t>& map,
              std::string* raw, WireWriter* out) {
  WriteMapOf(key, map, raw, out);
}

}  // namespace hone
