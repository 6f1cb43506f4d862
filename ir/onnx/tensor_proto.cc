#include "ir/onnx/tensor_proto.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/onnx/carried.h"
#include "ir/onnx/fields.h"
#include "ir/tensor/tensor.h"

namespace hone {
namespace {

namespace keys = fields::tensor;

constexpr size_t kMaxRank = 64;
constexpr int64_t kLocationExternal = 1;

absl::Status Invalid(absl::string_view what, const std::string& expected,
                     const std::string& found) {
  return MakeError(absl::StatusCode::kInvalidArgument, what,
                   {.expected = expected, .found = found});
}

// A typed data field of TensorProto: numbers, one by one or packed.
struct Store {
  const char* name;
  uint32_t single;
  uint32_t packed;
  size_t fixed_width;  // bytes of a fixed-width number, 0 for varints
};

constexpr Store kStores[] = {
    {"float_data", keys::kFloatData, keys::kFloatDataPacked, 4},
    {"int32_data", keys::kInt32Data, keys::kInt32DataPacked, 0},
    {"int64_data", keys::kInt64Data, keys::kInt64DataPacked, 0},
    {"double_data", keys::kDoubleData, keys::kDoubleDataPacked, 8},
    {"uint64_data", keys::kUint64Data, keys::kUint64DataPacked, 0},
};
constexpr size_t kStoreCount = sizeof(kStores) / sizeof(kStores[0]);
enum StoreIndex : size_t { kFloat, kInt32, kInt64, kDouble, kUint64 };

size_t StoreOf(DType dtype) {
  switch (dtype) {
    case DType::kF32:
    case DType::kC64:
      return kFloat;
    case DType::kF64:
    case DType::kC128:
      return kDouble;
    case DType::kS64:
      return kInt64;
    case DType::kU32:
    case DType::kU64:
      return kUint64;
    default:
      return kInt32;
  }
}

// Six-bit elements lie one in a number, not packed as they are in raw_data.
bool HasSixBits(DType dtype) { return BitsPerElement(dtype) == 6; }

// Bytes of a packed tensor that one number of its typed data field fills.
size_t UnitBytes(DType dtype) {
  if (dtype == DType::kC64) return 4;
  if (dtype == DType::kC128) return 8;
  const int bits = BitsPerElement(dtype);
  return bits < 8 ? 1 : static_cast<size_t>(bits / 8);
}

// What a first pass over the message finds.
struct Scan {
  Initializer record;
  Dims dims;
  int64_t data_type = 0;
  int64_t location = 0;
  bool segmented = false;
  absl::string_view raw_data;
  size_t strings = 0;
  size_t numbers[kStoreCount] = {};
  size_t fields[kStoreCount] = {};             // fields of that store
  absl::string_view last_packed[kStoreCount];  // and its last packed field
  std::map<std::string, std::string> external;
};

absl::Status AddDim(int64_t dim, Scan* scan) {
  if (dim < 0) return Invalid("negative extent", ">= 0", absl::StrCat(dim));
  if (scan->dims.size() == kMaxRank) {
    return Invalid("too many extents", absl::StrCat("at most ", kMaxRank),
                   "more");
  }
  scan->dims.push_back(dim);
  return absl::OkStatus();
}

// True when the field belongs to a store, which then counts it.
bool CountNumbers(const WireField& field, Scan* scan) {
  for (size_t i = 0; i < kStoreCount; ++i) {
    if (field.key == kStores[i].single) {
      ++scan->numbers[i];
      ++scan->fields[i];
      return true;
    }
    if (field.key == kStores[i].packed) {
      scan->numbers[i] += kStores[i].fixed_width > 0
                              ? field.bytes.size() / kStores[i].fixed_width
                              : CountPackedVarints(field.bytes);
      ++scan->fields[i];
      scan->last_packed[i] = field.bytes;
      return true;
    }
  }
  return false;
}

absl::Status ScanTensor(absl::string_view message, Scan* scan) {
  Initializer& record = scan->record;
  MapReader<std::string> metadata;
  MapReader<std::string> external;
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    switch (field.key) {
      case keys::kDims:
        HONE_RETURN_IF_ERROR(AddDim(static_cast<int64_t>(field.value), scan));
        break;
      case keys::kDimsPacked: {
        absl::Status status;
        HONE_RETURN_IF_ERROR(
            ForEachPackedVarint(field.bytes, [&](uint64_t dim) {
              if (status.ok()) {
                status = AddDim(static_cast<int64_t>(dim), scan);
              }
            }));
        HONE_RETURN_IF_ERROR(status);
        break;
      }
      case keys::kDataType:
        KeepInt(field, &scan->data_type, &record.raw);
        break;
      case keys::kSegment:
        scan->segmented = true;
        break;
      case keys::kStringData:
        ++scan->strings;
        break;
      case keys::kName:
        KeepString(field, &record.name, &record.raw);
        break;
      case keys::kRawData:
        scan->raw_data = field.bytes;
        break;
      case keys::kDoc:
        KeepString(field, &record.doc, &record.raw);
        break;
      case keys::kExternalData:
        HONE_RETURN_IF_ERROR(external.Add(field.bytes, &scan->external));
        break;
      case keys::kDataLocation:
        scan->location = static_cast<int64_t>(field.value);
        break;
      case keys::kMetadata:
        HONE_RETURN_IF_ERROR(metadata.Add(field.bytes, &record.metadata));
        break;
      default:
        if (!CountNumbers(field, scan)) {
          record.raw.append(field.whole.data(), field.whole.size());
        }
    }
  }
  metadata.Finish(keys::kMetadata, &record.raw);
  return reader.status();
}

// Data lies in one place: that store, the strings, raw_data or outside.
absl::Status CheckOnePlace(const Scan& scan, absl::string_view place) {
  const auto check = [place](absl::string_view other, size_t size) {
    if (size == 0 || other == place) return absl::OkStatus();
    return Invalid("data in the wrong place", std::string(place),
                   absl::StrCat(size, " values in ", other));
  };
  for (size_t i = 0; i < kStoreCount; ++i) {
    HONE_RETURN_IF_ERROR(check(kStores[i].name, scan.numbers[i]));
  }
  HONE_RETURN_IF_ERROR(check("string_data", scan.strings));
  return check("raw_data", scan.raw_data.size());
}

absl::StatusOr<Tensor> ReadStrings(absl::string_view message, Dims dims,
                                   int64_t count, const Scan& scan) {
  HONE_RETURN_IF_ERROR(CheckOnePlace(scan, "string_data"));
  if (static_cast<int64_t>(scan.strings) != count) {
    return Invalid("string_data of the wrong size",
                   absl::StrCat(count, " strings"), absl::StrCat(scan.strings));
  }
  std::vector<std::string> strings;
  strings.reserve(scan.strings);
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == keys::kStringData) strings.emplace_back(field.bytes);
  }
  return Tensor::FromStrings(std::move(dims), std::move(strings));
}

void ForEachNumber(absl::string_view message, const Store& store,
                   absl::FunctionRef<void(uint64_t)> visit) {
  WireReader reader(message);
  WireField field;
  while (reader.Next(&field)) {
    if (field.key == store.single) {
      visit(field.value);
    } else if (field.key == store.packed && store.fixed_width == 0) {
      // Cut-off numbers were not counted, and the count was right.
      ForEachPackedVarint(field.bytes, visit).IgnoreError();
    } else if (field.key == store.packed) {
      for (size_t i = 0; i + store.fixed_width <= field.bytes.size();
           i += store.fixed_width) {
        uint64_t value = 0;
        std::memcpy(&value, field.bytes.data() + i, store.fixed_width);
        visit(value);
      }
    }
  }
}

absl::StatusOr<Tensor> ReadSixBits(absl::string_view message, DType dtype,
                                   Dims dims) {
  absl::Span<std::byte> storage;
  HONE_ASSIGN_OR_RETURN(Tensor tensor,
                        Tensor::Allocate(dtype, std::move(dims), &storage));
  std::fill(storage.begin(), storage.end(), std::byte{0});
  const auto count = static_cast<size_t>(tensor.size());
  size_t i = 0;
  uint64_t bad = 0;
  ForEachNumber(message, kStores[kInt32], [&](uint64_t code) {
    if (code > 63) bad = code;
    if (code > 63 || i == count) return;
    const size_t bit = 6 * i++;
    const uint64_t placed = code << (bit % 8);
    storage[bit / 8] |= static_cast<std::byte>(placed & 255);
    if (placed > 255)
      storage[bit / 8 + 1] |= static_cast<std::byte>(placed >> 8);
  });
  if (bad != 0) {
    return Invalid(absl::StrCat("a ", DTypeName(dtype), " tensor has a code"),
                   "0 to 63", absl::StrCat(static_cast<int64_t>(bad)));
  }
  return tensor;
}

absl::StatusOr<Tensor> ReadTyped(absl::string_view message, DType dtype,
                                 Dims dims, size_t bytes, const Scan& scan,
                                 const ReadContext& context) {
  const size_t index = StoreOf(dtype);
  const Store& store = kStores[index];
  HONE_RETURN_IF_ERROR(CheckOnePlace(scan, store.name));
  const size_t unit = UnitBytes(dtype);
  const size_t expected = HasSixBits(dtype)
                              ? static_cast<size_t>(ElementCount(dims).value())
                              : bytes / unit;
  if (scan.numbers[index] != expected) {
    return Invalid(
        absl::StrCat("a ", DTypeName(dtype), " tensor of shape ",
                     DimsToString(dims), " has data of the wrong size"),
        absl::StrCat(expected, " values in ", store.name),
        absl::StrCat(scan.numbers[index]));
  }
  if (HasSixBits(dtype)) return ReadSixBits(message, dtype, std::move(dims));
  const absl::string_view packed = scan.last_packed[index];
  if (store.fixed_width > 0 && scan.fields[index] == 1 &&
      packed.size() == bytes) {
    return Tensor::View(
        dtype, std::move(dims),
        absl::MakeConstSpan(reinterpret_cast<const std::byte*>(packed.data()),
                            packed.size()),
        context.owner);
  }
  absl::Span<std::byte> storage;
  HONE_ASSIGN_OR_RETURN(Tensor tensor,
                        Tensor::Allocate(dtype, std::move(dims), &storage));
  size_t position = 0;
  ForEachNumber(message, store, [&](uint64_t value) {
    if (dtype == DType::kBool) value = value != 0;
    if (position + unit > storage.size()) return;
    std::memcpy(storage.data() + position, &value, unit);
    position += unit;
  });
  return tensor;
}

absl::Status ParseNumber(const Scan& scan, const std::string& key,
                         uint64_t* value) {
  const auto found = scan.external.find(key);
  if (found == scan.external.end()) return absl::OkStatus();
  if (absl::SimpleAtoi(found->second, value)) return absl::OkStatus();
  return Invalid(absl::StrCat("external data has a bad ", key), "a number",
                 absl::StrCat("\"", found->second, "\""));
}

absl::StatusOr<Tensor> ReadExternal(DType dtype, Dims dims, size_t bytes,
                                    const Scan& scan, ReadContext* context) {
  HONE_RETURN_IF_ERROR(CheckOnePlace(scan, "external data"));
  uint64_t offset = 0;
  uint64_t length = bytes;
  HONE_RETURN_IF_ERROR(ParseNumber(scan, "offset", &offset));
  HONE_RETURN_IF_ERROR(ParseNumber(scan, "length", &length));
  if (length != bytes) {
    return Invalid("external data of the wrong length",
                   absl::StrCat(bytes, " bytes"), absl::StrCat(length));
  }
  const auto location = scan.external.find("location");
  if (location == scan.external.end()) {
    return Invalid("external data without a location", "a location", "none");
  }
  std::shared_ptr<const void> owner;
  HONE_ASSIGN_OR_RETURN(
      const absl::Span<const std::byte> data,
      context->external.Read(location->second, offset, bytes, &owner));
  return Tensor::View(dtype, std::move(dims), data, std::move(owner));
}

// Booleans are 0 or 1 inside a Tensor; a file may hold any byte.
absl::StatusOr<Tensor> NormalizeBooleans(Tensor tensor) {
  const absl::Span<const std::byte> bytes = tensor.bytes();
  bool normal = true;
  for (const std::byte b : bytes) normal = normal && b <= std::byte{1};
  if (normal) return tensor;
  absl::Span<std::byte> storage;
  HONE_ASSIGN_OR_RETURN(
      Tensor copy, Tensor::Allocate(DType::kBool, tensor.dims(), &storage));
  for (size_t i = 0; i < bytes.size(); ++i) {
    storage[i] = bytes[i] == std::byte{0} ? std::byte{0} : std::byte{1};
  }
  return copy;
}

absl::StatusOr<Tensor> ReadData(absl::string_view message, Scan* scan,
                                ReadContext* context) {
  if (scan->segmented) {
    return MakeError(absl::StatusCode::kUnimplemented,
                     "a tensor stored in segments", {});
  }
  const bool external = scan->location == kLocationExternal;
  if (scan->data_type == 0 && scan->dims.empty() && !external) {
    HONE_RETURN_IF_ERROR(CheckOnePlace(*scan, "no field"));
    return Tensor();
  }
  if (!IsKnownDType(scan->data_type)) {
    return Invalid("unknown element type", "1 to 28",
                   absl::StrCat(scan->data_type));
  }
  const auto dtype = static_cast<DType>(scan->data_type);
  const std::optional<int64_t> count = ElementCount(scan->dims);
  if (!count.has_value()) {
    return Invalid("extents too large", "a product below 2^63",
                   DimsToString(scan->dims));
  }
  Dims dims = std::move(scan->dims);
  if (dtype == DType::kString) {
    if (external) return Invalid("strings in external data", "string_data", "");
    return ReadStrings(message, std::move(dims), *count, *scan);
  }
  const std::optional<size_t> bytes = PackedBytes(dtype, *count);
  if (!bytes.has_value()) {
    return Invalid("extents too large", "fewer than 2^63 bits",
                   DimsToString(dims));
  }
  if (!external && scan->raw_data.empty()) {
    return ReadTyped(message, dtype, std::move(dims), *bytes, *scan, *context);
  }
  absl::StatusOr<Tensor> tensor;
  if (external) {
    tensor = ReadExternal(dtype, std::move(dims), *bytes, *scan, context);
  } else {
    HONE_RETURN_IF_ERROR(CheckOnePlace(*scan, "raw_data"));
    const absl::string_view data = scan->raw_data;
    if (data.size() != *bytes) {
      return Invalid(
          absl::StrCat("a ", DTypeName(dtype), " tensor of shape ",
                       DimsToString(dims), " has raw_data of the wrong size"),
          absl::StrCat(*bytes, " bytes"), absl::StrCat(data.size()));
    }
    tensor = Tensor::View(
        dtype, std::move(dims),
        absl::MakeConstSpan(reinterpret_cast<const std::byte*>(data.data()),
                            data.size()),
        context->owner);
  }
  if (tensor.ok() && dtype == DType::kBool) {
    return NormalizeBooleans(*std::move(tensor));
  }
  return tensor;
}

void WriteExternal(const Tensor& tensor, ExternalDataLayout* external,
                   WireWriter* out) {
  const auto add = [out](absl::string_view key, absl::string_view value) {
    WireWriter entry;
    entry.Bytes(fields::entry::kKey, key);
    entry.Bytes(fields::entry::kValue, value);
    out->Message(keys::kExternalData, entry);
  };
  const uint64_t offset = external->Add(tensor.bytes());
  add("location", external->location());
  add("offset", absl::StrCat(offset));
  add("length", absl::StrCat(tensor.bytes().size()));
  out->Varint(keys::kDataLocation, kLocationExternal);
}

}  // namespace

absl::StatusOr<Initializer> ReadTensorProto(absl::string_view message,
                                            ReadContext* context) {
  Scan scan;
  absl::Status status = ScanTensor(message, &scan);
  if (status.ok()) {
    absl::StatusOr<Tensor> tensor = ReadData(message, &scan, context);
    status = tensor.status();
    if (status.ok()) scan.record.tensor = *std::move(tensor);
  }
  if (!status.ok()) {
    return scan.record.name.empty() ? status
                                    : WithNode(status, scan.record.name);
  }
  return std::move(scan.record);
}

void WriteTensorProto(const Initializer& record, ExternalDataLayout* external,
                      WireWriter* out) {
  std::string raw = record.raw;
  WireWriter metadata;
  WriteMap(keys::kMetadata, record.metadata, &raw, &metadata);
  out->Raw(raw);
  const Tensor& tensor = record.tensor;
  for (const int64_t dim : tensor.dims()) {
    out->Varint(keys::kDims, static_cast<uint64_t>(dim));
  }
  if (tensor.defined()) {
    out->Varint(keys::kDataType, static_cast<uint64_t>(tensor.dtype()));
  }
  if (!record.name.empty()) out->Bytes(keys::kName, record.name);
  if (tensor.dtype() == DType::kString) {
    for (const std::string& s : tensor.Strings()) {
      out->Bytes(keys::kStringData, s);
    }
  } else if (tensor.defined() && external != nullptr &&
             external->Wants(tensor.bytes().size())) {
    WriteExternal(tensor, external, out);
  } else if (tensor.defined()) {
    out->Borrowed(keys::kRawData, tensor.bytes());
  }
  if (!record.doc.empty()) out->Bytes(keys::kDoc, record.doc);
  out->Append(metadata);
}

}  // namespace hone
