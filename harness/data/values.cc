#include "harness/data/values.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"

namespace hone::harness {

absl::StatusOr<ValuePtr> ValueOf(const datasets::Array& array) {
  const int32_t rank = array.rank();
  ValuePtr value;
  if (array.dtype == "string") {
    std::vector<const char*> strings;
    for (const std::string& text : array.strings) {
      strings.push_back(text.c_str());
    }
    HARNESS_RETURN_IF_ERROR(FromHone(hone_value_new_strings(
        rank, array.shape.data(), strings.data(), Out(&value))));
    return value;
  }
  const hone_dtype dtype = DtypeOf(array.dtype);
  if (dtype == HONE_DTYPE_UNDEFINED) {
    return InputError("", "dtype without support", "a dtype of ONNX",
                      array.dtype);
  }
  auto owned = std::make_unique<datasets::Array>(datasets::Aligned(array));
  hone_error* error = hone_value_borrow_tensor(
      dtype, rank, owned->shape.data(), owned->bytes.data(),
      owned->bytes.size(), owned.get(),
      [](void* user) { delete static_cast<datasets::Array*>(user); },
      Out(&value));
  // On success the value destroys the array.
  if (error == nullptr) owned.release();
  HARNESS_RETURN_IF_ERROR(FromHone(error));
  return value;
}

namespace {

std::string KindName(hone_value_kind kind) {
  switch (kind) {
    case HONE_VALUE_TENSOR:
      return "a tensor";
    case HONE_VALUE_SEQUENCE:
      return "a sequence";
    case HONE_VALUE_MAP:
      return "a map";
    case HONE_VALUE_NONE:
      break;
  }
  return "nothing";
}

// What hone_value_from_pb calls it; "" when the type is unknown.
std::string ProtoKind(const Port& port) {
  if (port.dtype != HONE_DTYPE_UNDEFINED) return "tensor";
  for (const char* kind : {"sequence", "map", "optional"}) {
    if (absl::StartsWith(port.type, absl::StrCat(kind, "("))) return kind;
  }
  return "";
}

}  // namespace

absl::StatusOr<datasets::Array> ArrayOf(const hone_value* value,
                                        const std::string& what) {
  if (hone_value_get_kind(value) != HONE_VALUE_TENSOR) {
    const std::string found = KindName(hone_value_get_kind(value));
    return MakeFailure(
        {"unsupported",
         absl::StrCat(what, ": expected a tensor, found ", found), "", "",
         "a tensor", found});
  }
  datasets::Array array;
  array.dtype = hone_dtype_name(hone_value_dtype(value));
  const int64_t* dims = hone_value_dims(value);
  array.shape.assign(dims, dims + hone_value_rank(value));
  if (array.dtype == "string") {
    for (int64_t i = 0; i < hone_value_size(value); ++i) {
      array.strings.push_back(hone_value_string(value, i));
    }
    return array;
  }
  if (datasets::ElementBytes(array.dtype) == 0) {
    return MakeFailure(
        {"unsupported",
         absl::StrCat(what, ": arrays have no dtype ", array.dtype), "", "", "",
         array.dtype});
  }
  array.bytes =
      absl::MakeConstSpan(static_cast<const std::byte*>(hone_value_data(value)),
                          hone_value_bytes(value));
  return array;
}

absl::StatusOr<ValuePtr> ValueOf(const datasets::ValueProto& proto,
                                 const Port& port) {
  ValuePtr value;
  const auto parse = [&](const char* kind) {
    return FromHone(hone_value_from_pb(proto.bytes.data(), proto.bytes.size(),
                                       kind, Out(&value)));
  };
  const std::string kind = ProtoKind(port);
  absl::Status status = parse(kind.empty() ? "sequence" : kind.c_str());
  if (!status.ok() && kind.empty()) status = parse("optional");
  if (!status.ok()) {
    Failure failure = FailureOf(status);
    failure.message = absl::StrCat(proto.file, ": ", failure.message);
    failure.file = proto.file;
    return MakeFailure(failure);
  }
  return value;
}

}  // namespace hone::harness
