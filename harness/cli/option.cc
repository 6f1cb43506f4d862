#include "harness/cli/option.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "harness/error/error.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

std::string ValueName(const Json& row, const std::string& type) {
  if (row.contains("values") && row["values"].is_array() &&
      !row["values"].empty()) {
    std::string out;
    for (const Json& value : row["values"]) {
      absl::StrAppend(
          &out, out.empty() ? "" : "|",
          value.is_string() ? value.get<std::string>() : ToText(value));
    }
    return out;
  }
  if (type == "int") return "N";
  if (type == "float") return "X";
  if (type == "list") return "A,B,...";
  return "TEXT";
}

std::string Help(const Json& row) {
  std::string help = row.value("help", std::string());
  if (!row.contains("default") || row["default"].is_null()) return help;
  const Json& value = row["default"];
  const std::string text =
      value.is_string() ? value.get<std::string>() : ToText(value);
  if (text.empty() || text == "[]") return help;
  return absl::StrCat(help, help.empty() ? "" : " ", "[", text, "]");
}

}  // namespace

std::string FlagOf(const std::string& key) {
  return absl::StrCat("--", absl::StrReplaceAll(key, {{"_", "-"}}));
}

absl::StatusOr<std::vector<Option>> OptionsOfTable(const std::string& json,
                                                   const std::string& group) {
  const Json table = ParseJson(json);
  std::vector<Option> out;
  bool good = table.is_array();
  for (const Json& row : good ? table : Json::array()) {
    good = good && row.is_object() && row.contains("key") &&
           row["key"].is_string() && row.contains("type") &&
           row["type"].is_string();
    if (!good) break;
    const std::string type = row["type"];
    Option option;
    option.key = row["key"];
    option.type = type == "bool"   ? OptionType::kFlag
                  : type == "list" ? OptionType::kList
                                   : OptionType::kText;
    option.value_name = ValueName(row, type);
    option.help = Help(row);
    option.group = group;
    option.of_abi = true;
    out.push_back(std::move(option));
  }
  if (!good) {
    return MakeFailure({"internal",
                        "hone_options_describe gave no table of options", "",
                        "", "", ""});
  }
  return out;
}

void AppendOptions(const std::vector<Option>& more, std::vector<Option>* out) {
  for (const Option& option : more) {
    if (FindOption(*out, option.key) == nullptr) out->push_back(option);
  }
}

const Option* FindOption(const std::vector<Option>& options,
                         const std::string& key) {
  for (const Option& option : options) {
    if (option.key == key) return &option;
  }
  return nullptr;
}

}  // namespace hone::harness
