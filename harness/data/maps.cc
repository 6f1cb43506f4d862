#include "harness/data/maps.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "harness/data/values.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

absl::Status NoMaps(const std::string& what) {
  return MakeFailure(
      {"unsupported",
       absl::StrCat(what,
                    ": expected maps from keys to scalars, found another "
                    "value"),
       "", "", "maps from keys to scalars", "another value"});
}

Json Number(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  return x;
}

// As the double whose fewest digits are the float's.
Json Number(float x) {
  if (!std::isfinite(x)) return Number(static_cast<double>(x));
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), x);
  double same = 0;
  if (!absl::SimpleAtod(
          absl::string_view(text, static_cast<size_t>(end.ptr - text)),
          &same)) {
    return static_cast<double>(x);
  }
  return same;
}

template <typename T>
std::vector<Json> NumbersOf(const datasets::Array& array) {
  std::vector<Json> out;
  for (const T x : array.Values<T>()) out.push_back(x);
  return out;
}

absl::StatusOr<std::vector<Json>> Scalars(const hone_value* value,
                                          const std::string& what) {
  if (hone_value_get_kind(value) != HONE_VALUE_TENSOR) return NoMaps(what);
  HARNESS_ASSIGN_OR_RETURN(const datasets::Array array, ArrayOf(value, what));
  if (array.dtype == "string") {
    return std::vector<Json>(array.strings.begin(), array.strings.end());
  }
  if (array.dtype == "int64") return NumbersOf<int64_t>(array);
  if (array.dtype == "uint64") return NumbersOf<uint64_t>(array);
  std::vector<Json> out;
  if (array.dtype == "float32") {
    for (const float x : array.Values<float>()) out.push_back(Number(x));
    return out;
  }
  HARNESS_ASSIGN_OR_RETURN(const std::vector<double> numbers,
                           datasets::ToDoubles(array));
  const bool whole = absl::StrContains(array.dtype, "int");
  for (const double x : numbers) {
    out.push_back(whole ? Json(static_cast<int64_t>(x)) : Number(x));
  }
  return out;
}

}  // namespace

bool GivesMaps(const Port& port) {
  return absl::StartsWith(port.type, "map(") ||
         absl::StartsWith(port.type, "sequence(map(");
}

absl::StatusOr<Json> MapsToJson(const hone_value* value,
                                const std::string& what) {
  if (hone_value_get_kind(value) == HONE_VALUE_SEQUENCE) {
    Json list = Json::array();
    for (size_t i = 0; i < hone_value_count(value); ++i) {
      HARNESS_ASSIGN_OR_RETURN(Json item,
                               MapsToJson(hone_value_item(value, i), what));
      list.push_back(std::move(item));
    }
    return list;
  }
  if (hone_value_get_kind(value) != HONE_VALUE_MAP) return NoMaps(what);
  Json object = Json::object();
  const hone_value* const values = hone_value_map_values(value);
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Json> keys,
                           Scalars(hone_value_map_keys(value), what));
  // The values of no keys are of no type.
  if (keys.empty()) return object;
  HARNESS_ASSIGN_OR_RETURN(std::vector<Json> scalars, Scalars(values, what));
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string key =
        keys[i].is_string() ? keys[i].get<std::string>() : ToText(keys[i]);
    object[key] = std::move(scalars[i]);
  }
  return object;
}

absl::StatusOr<datasets::Array> RowsOfMaps(const hone_value* value,
                                           const std::string& what) {
  if (hone_value_get_kind(value) != HONE_VALUE_SEQUENCE ||
      hone_value_count(value) == 0) {
    return NoMaps(what);
  }
  std::vector<datasets::Array> rows;
  std::vector<Json> first_keys;
  for (size_t i = 0; i < hone_value_count(value); ++i) {
    const hone_value* const map = hone_value_item(value, i);
    if (hone_value_get_kind(map) != HONE_VALUE_MAP) return NoMaps(what);
    HARNESS_ASSIGN_OR_RETURN(std::vector<Json> keys,
                             Scalars(hone_value_map_keys(map), what));
    if (i == 0) first_keys = keys;
    if (keys != first_keys) {
      return InputError(what, "maps of different keys",
                        ToText(Json(first_keys)), ToText(Json(keys)));
    }
    const hone_value* const values = hone_value_map_values(map);
    if (hone_value_get_kind(values) != HONE_VALUE_TENSOR) return NoMaps(what);
    HARNESS_ASSIGN_OR_RETURN(datasets::Array row, ArrayOf(values, what));
    rows.push_back(std::move(row));
  }
  return datasets::Stack(rows);
}

}  // namespace hone::harness
