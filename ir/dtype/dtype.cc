#include "ir/dtype/dtype.h"

#include <array>
#include <limits>

namespace hone {
namespace {

enum class Kind : uint8_t { kOther, kFloating, kInteger };

struct Row {
  absl::string_view name;
  int bits;
  Kind kind;
};

// Indexed by the enumerator.
constexpr std::array<Row, 29> kRows = {{
    {"undefined", 0, Kind::kOther},
    {"float32", 32, Kind::kFloating},
    {"uint8", 8, Kind::kInteger},
    {"int8", 8, Kind::kInteger},
    {"uint16", 16, Kind::kInteger},
    {"int16", 16, Kind::kInteger},
    {"int32", 32, Kind::kInteger},
    {"int64", 64, Kind::kInteger},
    {"string", 0, Kind::kOther},
    {"bool", 8, Kind::kOther},
    {"float16", 16, Kind::kFloating},
    {"float64", 64, Kind::kFloating},
    {"uint32", 32, Kind::kInteger},
    {"uint64", 64, Kind::kInteger},
    {"complex64", 64, Kind::kOther},
    {"complex128", 128, Kind::kOther},
    {"bfloat16", 16, Kind::kFloating},
    {"float8e4m3fn", 8, Kind::kFloating},
    {"float8e4m3fnuz", 8, Kind::kFloating},
    {"float8e5m2", 8, Kind::kFloating},
    {"float8e5m2fnuz", 8, Kind::kFloating},
    {"uint4", 4, Kind::kInteger},
    {"int4", 4, Kind::kInteger},
    {"float4e2m1", 4, Kind::kFloating},
    {"float8e8m0", 8, Kind::kFloating},
    {"uint2", 2, Kind::kInteger},
    {"int2", 2, Kind::kInteger},
    {"float6e2m3", 6, Kind::kFloating},
    {"float6e3m2", 6, Kind::kFloating},
}};

const Row& RowOf(DType dtype) { return kRows[static_cast<size_t>(dtype)]; }

}  // namespace

bool IsKnownDType(int64_t number) {
  return number > 0 && number < static_cast<int64_t>(kRows.size());
}

absl::string_view DTypeName(DType dtype) { return RowOf(dtype).name; }

std::optional<DType> DTypeFromName(absl::string_view name) {
  for (size_t i = 1; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

int BitsPerElement(DType dtype) { return RowOf(dtype).bits; }

std::optional<size_t> PackedBytes(DType dtype, int64_t elements) {
  const int bits = BitsPerElement(dtype);
  if (bits == 0 || elements < 0) return std::nullopt;
  if (elements > (std::numeric_limits<int64_t>::max() - 7) / bits) {
    return std::nullopt;
  }
  return static_cast<size_t>((elements * bits + 7) / 8);
}

bool IsFloating(DType dtype) { return RowOf(dtype).kind == Kind::kFloating; }

bool IsInteger(DType dtype) { return RowOf(dtype).kind == Kind::kInteger; }

}  // namespace hone
