#include "capi/value.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/text.h"
#include "ir/dtype/dtype.h"
#include "ir/error/error.h"
#include "ir/map/map.h"
#include "ir/onnx/value_proto.h"

using hone::Dims;
using hone::DType;
using hone::Tensor;
using hone::Value;
using hone::ValueKind;
using hone::capi::Guard;
using hone::capi::GuardOr;
using hone::capi::Misuse;

hone_value::hone_value(Value given) : value(std::move(given)) {
  if (value.kind() == Value::Kind::kMap) {
    items.emplace_back(value.map_keys());
    items.emplace_back(value.map_values());
  }
  if (value.kind() != Value::Kind::kSequence) return;
  for (const Value& item : value.sequence()) items.emplace_back(item);
}

namespace hone::capi {

absl::StatusOr<Dims> ReadDims(int32_t rank, const int64_t* dims) {
  constexpr int32_t kMostAxes = 64;
  if (rank < 0 || rank > kMostAxes) {
    return Misuse("bad rank", "rank", absl::StrCat("0 to ", kMostAxes),
                  absl::StrCat(rank));
  }
  if (rank > 0 && dims == nullptr) return NullArgument("dims");
  Dims read(dims, dims + rank);
  if (!ElementCount(read).has_value()) {
    return Misuse("bad extents", "dims",
                  "none negative, fewer than 2^63 elements",
                  DimsToString(read));
  }
  return read;
}

namespace {

// The dtype, with its extents and size checked against it.
absl::Status CheckTensor(hone_dtype dtype, const Dims& dims, size_t bytes) {
  if (!IsKnownDType(dtype) || dtype == HONE_DTYPE_STRING) {
    return Misuse("bad dtype", "dtype",
                  "a number of hone_dtype that has bytes (strings: "
                  "hone_value_new_strings)",
                  absl::StrCat(static_cast<int>(dtype)));
  }
  const DType type = static_cast<DType>(dtype);
  const std::optional<size_t> need =
      PackedBytes(type, ElementCount(dims).value_or(-1));
  if (!need.has_value() || *need != bytes) {
    return Misuse("wrong size", "bytes",
                  absl::StrCat(need.has_value() ? absl::StrCat(*need) : "fewer",
                               " for ", DTypeName(type), DimsToString(dims)),
                  absl::StrCat(bytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<ValueKind> ParseKind(absl::string_view kind) {
  if (kind == "tensor") return ValueKind::kTensor;
  if (kind == "sequence") return ValueKind::kSequence;
  if (kind == "map") return ValueKind::kMap;
  if (kind == "optional") return ValueKind::kOptional;
  return Misuse("bad kind", "kind", "tensor, sequence, map or optional", kind);
}

// What WriteValue calls the value's kind.
ValueKind KindOf(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kTensor:
      return ValueKind::kTensor;
    case Value::Kind::kSequence:
      return ValueKind::kSequence;
    case Value::Kind::kMap:
      return ValueKind::kMap;
    case Value::Kind::kNone:
      break;
  }
  return ValueKind::kOptional;
}

bool IsMap(const hone_value* value) {
  return value != nullptr && value->value.kind() == Value::Kind::kMap;
}

const Tensor* TensorOf(const hone_value* value) {
  return value != nullptr && value->value.is_tensor() ? &value->value.tensor()
                                                      : nullptr;
}

}  // namespace
}  // namespace hone::capi

using hone::capi::IsMap;
using hone::capi::TensorOf;

const char* hone_dtype_name(hone_dtype dtype) {
  // Every name is a literal, so its view ends with NUL.
  return hone::DTypeName(hone::IsKnownDType(dtype) ? static_cast<DType>(dtype)
                                                   : DType::kUndefined)
      .data();
}

hone_error* hone_value_new_tensor(hone_dtype dtype, int32_t rank,
                                  const int64_t* dims, const void* data,
                                  size_t bytes, hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  if (bytes > 0) HONE_REQUIRE(data);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const Dims shape, hone::capi::ReadDims(rank, dims));
    HONE_RETURN_IF_ERROR(hone::capi::CheckTensor(dtype, shape, bytes));
    absl::Span<std::byte> storage;
    HONE_ASSIGN_OR_RETURN(
        const Tensor tensor,
        Tensor::Allocate(static_cast<DType>(dtype), shape, &storage));
    if (bytes > 0) std::memcpy(storage.data(), data, bytes);
    *out = new hone_value(tensor);
    return absl::OkStatus();
  });
}

hone_error* hone_value_borrow_tensor(hone_dtype dtype, int32_t rank,
                                     const int64_t* dims, const void* data,
                                     size_t bytes, void* user,
                                     void (*destroy)(void* user),
                                     hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  if (bytes > 0) HONE_REQUIRE(data);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const Dims shape, hone::capi::ReadDims(rank, dims));
    HONE_RETURN_IF_ERROR(hone::capi::CheckTensor(dtype, shape, bytes));
    auto value = std::make_unique<hone_value>(Value());
    // Last, because from here on destroy will be called.
    HONE_ASSIGN_OR_RETURN(
        const Tensor tensor,
        Tensor::View(
            static_cast<DType>(dtype), shape,
            absl::MakeConstSpan(static_cast<const std::byte*>(data), bytes),
            hone::capi::OwnUser(user, destroy)));
    value->value = tensor.Aligned();
    *out = value.release();
    return absl::OkStatus();
  });
}

hone_error* hone_value_new_strings(int32_t rank, const int64_t* dims,
                                   const char* const* strings,
                                   hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const Dims shape, hone::capi::ReadDims(rank, dims));
    const int64_t count = *hone::ElementCount(shape);
    if (count > 0 && strings == nullptr) {
      return hone::capi::NullArgument("strings");
    }
    std::vector<std::string> copies;
    for (int64_t i = 0; i < count; ++i) {
      if (strings[i] == nullptr) {
        return hone::capi::NullArgument(absl::StrCat("strings[", i, "]"));
      }
      copies.emplace_back(strings[i]);
    }
    *out = new hone_value(Tensor::FromStrings(shape, std::move(copies)));
    return absl::OkStatus();
  });
}

hone_error* hone_value_new_sequence(const hone_value* const* items,
                                    size_t count, hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  if (count > 0) HONE_REQUIRE(items);
  return Guard([&]() -> absl::Status {
    std::vector<Value> values;
    for (size_t i = 0; i < count; ++i) {
      if (items[i] == nullptr) {
        return hone::capi::NullArgument(absl::StrCat("items[", i, "]"));
      }
      values.push_back(items[i]->value);
    }
    *out = new hone_value(Value::Sequence(std::move(values)));
    return absl::OkStatus();
  });
}

hone_error* hone_value_new_map(const hone_value* keys, const hone_value* values,
                               hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(keys);
  HONE_REQUIRE(values);
  return Guard([&]() -> absl::Status {
    if (!keys->value.is_tensor()) {
      return Misuse("no tensor", "keys", "a vector of integers or strings");
    }
    HONE_ASSIGN_OR_RETURN(Value map,
                          hone::MakeMap(keys->value.tensor(), values->value));
    *out = new hone_value(std::move(map));
    return absl::OkStatus();
  });
}

hone_error* hone_value_from_pb(const void* data, size_t bytes, const char* kind,
                               hone_value** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  if (bytes > 0) HONE_REQUIRE(data);
  HONE_REQUIRE(kind);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const ValueKind which, hone::capi::ParseKind(kind));
    const auto copy = std::make_shared<const std::string>(
        static_cast<const char*>(data), bytes);
    HONE_ASSIGN_OR_RETURN(hone::NamedValue named,
                          hone::ReadValue(*copy, copy, which));
    *out = new hone_value(std::move(named.value));
    return absl::OkStatus();
  });
}

hone_error* hone_value_to_pb(const hone_value* value, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(value);
  return Guard([&]() -> absl::Status {
    hone::NamedValue named;
    named.value = value->value;
    HONE_ASSIGN_OR_RETURN(
        std::string bytes,
        hone::WriteValue(named, hone::capi::KindOf(value->value)));
    *out = hone::capi::NewText(std::move(bytes));
    return absl::OkStatus();
  });
}

hone_value* hone_value_clone(const hone_value* value) {
  if (value == nullptr) return nullptr;
  return GuardOr(static_cast<hone_value*>(nullptr),
                 [&] { return new hone_value(*value); });
}

void hone_value_free(hone_value* value) { delete value; }

hone_value_kind hone_value_get_kind(const hone_value* value) {
  if (value == nullptr) return HONE_VALUE_NONE;
  switch (value->value.kind()) {
    case Value::Kind::kTensor:
      return HONE_VALUE_TENSOR;
    case Value::Kind::kSequence:
      return HONE_VALUE_SEQUENCE;
    case Value::Kind::kMap:
      return HONE_VALUE_MAP;
    case Value::Kind::kNone:
      break;
  }
  return HONE_VALUE_NONE;
}

hone_dtype hone_value_dtype(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr ? HONE_DTYPE_UNDEFINED
                           : static_cast<hone_dtype>(tensor->dtype());
}

int32_t hone_value_rank(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr ? 0 : tensor->rank();
}

const int64_t* hone_value_dims(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr ? nullptr : tensor->dims().data();
}

int64_t hone_value_size(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr ? 0 : tensor->size();
}

const void* hone_value_data(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr || tensor->dtype() == DType::kString
             ? nullptr
             : tensor->bytes().data();
}

size_t hone_value_bytes(const hone_value* value) {
  const Tensor* const tensor = TensorOf(value);
  return tensor == nullptr ? 0 : tensor->bytes().size();
}

const char* hone_value_string(const hone_value* value, int64_t index) {
  const Tensor* const tensor = TensorOf(value);
  if (tensor == nullptr || tensor->dtype() != DType::kString || index < 0 ||
      index >= tensor->size()) {
    return nullptr;
  }
  return tensor->Strings()[static_cast<size_t>(index)].c_str();
}

size_t hone_value_count(const hone_value* value) {
  return value == nullptr || IsMap(value) ? 0 : value->items.size();
}

const hone_value* hone_value_item(const hone_value* value, size_t index) {
  return index >= hone_value_count(value) ? nullptr : &value->items[index];
}

const hone_value* hone_value_map_keys(const hone_value* value) {
  return IsMap(value) ? &value->items[0] : nullptr;
}

const hone_value* hone_value_map_values(const hone_value* value) {
  return IsMap(value) ? &value->items[1] : nullptr;
}
