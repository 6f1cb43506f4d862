#include "harness/data/values.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

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

absl::StatusOr<datasets::Array> ArrayOf(const hone_value* value,
                                        const std::string& what) {
  if (hone_value_get_kind(value) != HONE_VALUE_TENSOR) {
    return MakeFailure({"unsupported",
                        absl::StrCat(what, ": expected a tensor, found a ",
                                     "sequence or nothing"),
                        "", "", "a tensor", "a sequence or nothing"});
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
                                 hone_dtype dtype) {
  ValuePtr value;
  const auto parse = [&](const char* kind) {
    return FromHone(hone_value_from_pb(proto.bytes.data(), proto.bytes.size(),
                                       kind, Out(&value)));
  };
  absl::Status status =
      parse(dtype == HONE_DTYPE_UNDEFINED ? "sequence" : "tensor");
  if (!status.ok() && dtype == HONE_DTYPE_UNDEFINED) {
    status = parse("optional");
  }
  if (!status.ok()) {
    Failure failure = FailureOf(status);
    failure.message = absl::StrCat(proto.file, ": ", failure.message);
    failure.file = proto.file;
    return MakeFailure(failure);
  }
  return value;
}

}  // namespace hone::harness
