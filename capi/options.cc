#include "capi/options.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "capi/error.h"
#include "capi/option_table.h"
#include "capi/text.h"
#include "ir/error/error.h"

namespace hone::capi {
namespace {

std::string Expectation(const OptionRow& row) {
  switch (row.type) {
    case OptionType::kBool:
      return "true or false";
    case OptionType::kInt:
      return absl::StrCat("a whole number from ", row.min, " to ", row.max);
    case OptionType::kFloat:
      return absl::StrCat("a number from ", row.min, " to ", row.max);
    case OptionType::kEnum:
      return absl::StrCat("one of ",
                          absl::StrReplaceAll(row.values, {{"|", ", "}}));
    case OptionType::kString:
      return "text";
    case OptionType::kList:
      return "a list of texts";
  }
  return "";
}

absl::Status WrongValue(const OptionRow& row, absl::string_view found) {
  return Misuse("wrong value", row.key, Expectation(row), found);
}

absl::Status UnknownKey(absl::string_view key, absl::string_view verb) {
  const std::string nearest = NearestOption(key, verb);
  const std::string what =
      verb.empty() ? "unknown option" : absl::StrCat("no option of ", verb);
  return Misuse(what, key,
                nearest.empty() ? "" : absl::StrCat("perhaps ", nearest), key);
}

absl::StatusOr<const OptionRow*> Find(absl::string_view key) {
  const OptionRow* const row = FindOption(key);
  if (row == nullptr) return UnknownKey(key, "");
  return row;
}

// The value in the row's type, its range checked.
absl::StatusOr<OptionValue> Checked(const OptionRow& row, OptionValue value) {
  if (row.type == OptionType::kFloat &&
      std::holds_alternative<int64_t>(value)) {
    value = static_cast<double>(std::get<int64_t>(value));
  }
  switch (row.type) {
    case OptionType::kBool:
      if (std::holds_alternative<bool>(value)) return value;
      break;
    case OptionType::kInt:
      if (const int64_t* n = std::get_if<int64_t>(&value)) {
        if (*n >= row.min && *n <= row.max) return value;
        return WrongValue(row, absl::StrCat(*n));
      }
      break;
    case OptionType::kFloat:
      if (const double* n = std::get_if<double>(&value)) {
        if (*n >= row.min && *n <= row.max) return value;
        return WrongValue(row, absl::StrCat(*n));
      }
      break;
    case OptionType::kEnum:
      if (const std::string* text = std::get_if<std::string>(&value)) {
        if (HasWord(row.values, *text)) return value;
        return WrongValue(row, *text);
      }
      break;
    case OptionType::kString:
      if (std::holds_alternative<std::string>(value)) return value;
      break;
    case OptionType::kList:
      if (std::holds_alternative<std::vector<std::string>>(value)) return value;
      if (const std::string* text = std::get_if<std::string>(&value)) {
        return OptionValue(std::vector<std::string>(
            absl::StrSplit(*text, ',', absl::SkipEmpty())));
      }
      break;
  }
  constexpr const char* kKinds[] = {"a bool", "a whole number", "a number",
                                    "text", "a list"};
  return WrongValue(row, kKinds[value.index()]);
}

absl::StatusOr<OptionValue> FromText(const OptionRow& row,
                                     const std::string& text) {
  if (row.type == OptionType::kBool) {
    bool value = false;
    if (!absl::SimpleAtob(text, &value)) return WrongValue(row, text);
    return OptionValue(value);
  }
  if (row.type == OptionType::kInt) {
    int64_t value = 0;
    if (!absl::SimpleAtoi(text, &value)) return WrongValue(row, text);
    return Checked(row, OptionValue(value));
  }
  if (row.type == OptionType::kFloat) {
    double value = 0;
    if (!absl::SimpleAtod(text, &value)) return WrongValue(row, text);
    return Checked(row, OptionValue(value));
  }
  return Checked(row, OptionValue(text));
}

absl::StatusOr<OptionValue> FromJson(const OptionRow& row,
                                     const nlohmann::json& json) {
  if (json.is_boolean()) return Checked(row, json.get<bool>());
  if (json.is_number_unsigned() && json.get<uint64_t>() > INT64_MAX) {
    return WrongValue(row, json.dump());
  }
  if (json.is_number_integer()) return Checked(row, json.get<int64_t>());
  if (json.is_number_float()) {
    const double value = json.get<double>();
    // JSON writers may spell 300 as 300.0.
    if (row.type == OptionType::kInt && value == std::floor(value) &&
        std::abs(value) < 9e15) {
      return Checked(row, static_cast<int64_t>(value));
    }
    return Checked(row, value);
  }
  if (json.is_string()) {
    const std::string text = json.get<std::string>();
    // A list's element keeps its commas: only text as a whole is split.
    return Checked(row, OptionValue(text));
  }
  if (json.is_array()) {
    std::vector<std::string> list;
    for (const nlohmann::json& item : json) {
      if (!item.is_string()) return WrongValue(row, item.dump());
      list.push_back(item.get<std::string>());
    }
    return Checked(row, OptionValue(std::move(list)));
  }
  return WrongValue(
      row, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

nlohmann::json ToJson(const OptionValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

OptionValue Default(const OptionRow& row) {
  const absl::StatusOr<OptionValue> value = FromText(row, row.otherwise);
  return value.ok() ? *value : OptionValue(std::string(row.otherwise));
}

OptionValue Get(const hone_options* options, absl::string_view key) {
  if (options != nullptr) {
    const auto found = options->values.find(std::string(key));
    if (found != options->values.end()) return found->second;
  }
  const OptionRow* const row = FindOption(key);
  return row == nullptr ? OptionValue(false) : Default(*row);
}

// Sets a key after the checks; `read` makes the value from the row.
template <typename Read>
hone_error* Set(hone_options* options, const char* key, Read read) {
  HONE_REQUIRE(options);
  HONE_REQUIRE(key);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const OptionRow* const row, Find(key));
    HONE_ASSIGN_OR_RETURN(OptionValue value, read(*row));
    options->values[key] = std::move(value);
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status CheckVerb(const hone_options* options, absl::string_view verb) {
  if (options == nullptr) return absl::OkStatus();
  for (const auto& [key, value] : options->values) {
    const OptionRow* const row = FindOption(key);
    if (row == nullptr || !HasWord(row->verbs, verb)) {
      return UnknownKey(key, verb);
    }
  }
  return absl::OkStatus();
}

bool GetBool(const hone_options* options, absl::string_view key) {
  return std::get<bool>(Get(options, key));
}
int64_t GetInt(const hone_options* options, absl::string_view key) {
  return std::get<int64_t>(Get(options, key));
}
double GetFloat(const hone_options* options, absl::string_view key) {
  return std::get<double>(Get(options, key));
}
std::string GetString(const hone_options* options, absl::string_view key) {
  return std::get<std::string>(Get(options, key));
}
std::vector<std::string> GetList(const hone_options* options,
                                 absl::string_view key) {
  return std::get<std::vector<std::string>>(Get(options, key));
}

absl::StatusOr<std::vector<StateLink>> GetState(const hone_options* options) {
  return ParseStateLinks(GetList(options, "state"));
}

absl::Status RefuseState(const hone_options* options, absl::string_view what) {
  const std::vector<std::string> state = GetList(options, "state");
  if (state.empty()) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kUnimplemented,
      absl::StrCat(what, " of a model with state"),
      {.expected = "no state", .found = absl::StrJoin(state, ",")});
}

}  // namespace hone::capi

using hone::capi::Checked;
using hone::capi::Guard;
using hone::capi::Misuse;
using hone::capi::OptionRow;
using hone::capi::OptionValue;

hone_error* hone_options_new(hone_options** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return Guard([&] {
    *out = new hone_options;
    return absl::OkStatus();
  });
}

void hone_options_free(hone_options* options) { delete options; }

hone_error* hone_options_set_bool(hone_options* options, const char* key,
                                  int32_t value) {
  return hone::capi::Set(options, key, [&](const OptionRow& row) {
    return Checked(row, OptionValue(value != 0));
  });
}

hone_error* hone_options_set_i64(hone_options* options, const char* key,
                                 int64_t value) {
  return hone::capi::Set(options, key, [&](const OptionRow& row) {
    return Checked(row, OptionValue(value));
  });
}

hone_error* hone_options_set_f64(hone_options* options, const char* key,
                                 double value) {
  return hone::capi::Set(options, key, [&](const OptionRow& row) {
    return Checked(row, OptionValue(value));
  });
}

hone_error* hone_options_set_string(hone_options* options, const char* key,
                                    const char* value) {
  HONE_REQUIRE(value);
  return hone::capi::Set(options, key, [&](const OptionRow& row) {
    return Checked(row, OptionValue(std::string(value)));
  });
}

hone_error* hone_options_set_text(hone_options* options, const char* key,
                                  const char* text) {
  HONE_REQUIRE(text);
  return hone::capi::Set(options, key, [&](const OptionRow& row) {
    return hone::capi::FromText(row, text);
  });
}

hone_error* hone_options_set_json(hone_options* options, const char* json) {
  HONE_REQUIRE(options);
  HONE_REQUIRE(json);
  return Guard([&]() -> absl::Status {
    const nlohmann::json object =
        nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object()) {
      return Misuse("not a JSON object", "json", "{\"key\": value, ...}",
                    object.is_discarded() ? "no JSON" : object.type_name());
    }
    // All or nothing.
    std::map<std::string, OptionValue> values = options->values;
    for (const auto& [key, item] : object.items()) {
      HONE_ASSIGN_OR_RETURN(const OptionRow* const row, hone::capi::Find(key));
      HONE_ASSIGN_OR_RETURN(values[key], hone::capi::FromJson(*row, item));
    }
    options->values = std::move(values);
    return absl::OkStatus();
  });
}

hone_error* hone_options_to_json(const hone_options* options, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(options);
  return Guard([&]() -> absl::Status {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [key, value] : options->values) {
      const OptionRow* const row = hone::capi::FindOption(key);
      if (row != nullptr && value == hone::capi::Default(*row)) continue;
      object[key] = hone::capi::ToJson(value);
    }
    // Text that is no UTF-8 is replaced rather than thrown at.
    *out = hone::capi::NewText(
        object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return absl::OkStatus();
  });
}

hone_error* hone_options_describe(const char* verb, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return Guard([&]() -> absl::Status {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    const absl::string_view wanted = verb == nullptr ? "" : verb;
    bool known = wanted.empty() || wanted == "evaluate";  // has no option yet
    for (const OptionRow& row : hone::capi::OptionTable()) {
      if (!wanted.empty() && !hone::capi::HasWord(row.verbs, wanted)) continue;
      known = true;
      nlohmann::ordered_json one;
      one["key"] = row.key;
      one["type"] = hone::capi::OptionTypeName(row.type);
      if (row.type == hone::capi::OptionType::kEnum) {
        one["values"] =
            std::vector<std::string>(absl::StrSplit(row.values, '|'));
      }
      one["default"] =
          nlohmann::ordered_json(hone::capi::ToJson(hone::capi::Default(row)));
      if (row.max > row.min) {
        const bool whole = row.type == hone::capi::OptionType::kInt;
        one["min"] = row.min;
        one["max"] = row.max;
        if (whole) one["min"] = static_cast<int64_t>(row.min);
        if (whole) one["max"] = static_cast<int64_t>(row.max);
      }
      one["help"] = row.help;
      one["verbs"] = std::vector<std::string>(absl::StrSplit(row.verbs, '|'));
      rows.push_back(std::move(one));
    }
    if (!known) {
      return Misuse("unknown verb", "verb",
                    "quantize, statistics, evaluate, session, save or inspect",
                    wanted);
    }
    *out = hone::capi::NewText(rows.dump());
    return absl::OkStatus();
  });
}
