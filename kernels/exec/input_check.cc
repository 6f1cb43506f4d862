#include "kernels/exec/input_check.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ir/error/error.h"
#include "ir/type/type.h"

namespace hone {
namespace {

std::string Describe(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNone:
      return "an absent value";
    case Value::Kind::kSequence:
      return "a sequence";
    case Value::Kind::kMap:
      return absl::StrCat("a map(", DTypeName(value.map_keys().dtype()), ", ",
                          value.map_values().is_tensor()
                              ? DTypeName(value.map_values().tensor().dtype())
                              : "...",
                          ")");
    case Value::Kind::kTensor:
      break;
  }
  return absl::StrCat(DTypeName(value.tensor().dtype()),
                      DimsToString(value.tensor().dims()));
}

// Whether a map has the type's keys and, where they are scalars, values.
bool FitsMap(const Type& type, const Value& value) {
  if (value.kind() != Value::Kind::kMap) return false;
  const auto same = [](DType declared, DType found) {
    return declared == DType::kUndefined || declared == found;
  };
  return same(type.dtype, value.map_keys().dtype()) &&
         (type.element == nullptr || !type.element->is_tensor() ||
          !value.map_values().is_tensor() ||
          same(type.element->dtype, value.map_values().tensor().dtype()));
}

absl::Status Mismatch(const ValueInfo& info, const Value& value) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "the input does not fit the model",
                   {.node = info.name,
                    .expected = info.type.ToString(),
                    .found = Describe(value)});
}

}  // namespace

absl::Status CheckInputs(const std::vector<ValueInfo>& declared,
                         absl::Span<const Value> inputs) {
  if (declared.size() != inputs.size()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "wrong number of inputs",
                     {.expected = absl::StrCat(declared.size()),
                      .found = absl::StrCat(inputs.size())});
  }
  absl::flat_hash_map<std::string, int64_t> symbols;
  for (size_t i = 0; i < declared.size(); ++i) {
    const Type& type = declared[i].type;
    const Value& value = inputs[i];
    if (type.kind == Type::Kind::kSequence &&
        value.kind() != Value::Kind::kSequence) {
      return Mismatch(declared[i], value);
    }
    if (type.kind == Type::Kind::kMap && !FitsMap(type, value)) {
      return Mismatch(declared[i], value);
    }
    if (!type.is_tensor()) continue;
    if (!value.is_tensor() || value.tensor().dtype() != type.dtype) {
      return Mismatch(declared[i], value);
    }
    if (!type.shape.has_value()) continue;
    const Dims& dims = value.tensor().dims();
    if (dims.size() != type.shape->size()) {
      return Mismatch(declared[i], value);
    }
    for (size_t d = 0; d < dims.size(); ++d) {
      const Dim& dim = (*type.shape)[d];
      if (dim.known() && dim.value != dims[d]) {
        return Mismatch(declared[i], value);
      }
      if (!dim.symbolic()) continue;
      const auto [known, added] = symbols.emplace(dim.symbol, dims[d]);
      if (!added && known->second != dims[d]) {
        return MakeError(absl::StatusCode::kInvalidArgument,
                         absl::StrCat("one symbol, two extents: ", dim.symbol),
                         {.node = declared[i].name,
                          .expected = absl::StrCat(known->second),
                          .found = Describe(value)});
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace hone
