#include "harness/cli/arguments.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "harness/cli/nearest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : ToText(value);
}

}  // namespace

bool Arguments::Flag(const std::string& key) const {
  const std::string text = Text(key, "false");
  return text == "true" || text == "1" || text == "yes" || text == "on";
}

std::string Arguments::Text(const std::string& key,
                            const std::string& otherwise) const {
  const auto it = given_.find(key);
  if (it == given_.end()) return otherwise;
  return absl::StrJoin(it->second.items, ",");
}

std::vector<std::string> Arguments::List(const std::string& key) const {
  const auto it = given_.find(key);
  return it == given_.end() ? std::vector<std::string>() : it->second.items;
}

absl::StatusOr<int64_t> Arguments::Int(const std::string& key,
                                       int64_t otherwise, int64_t min,
                                       int64_t max) const {
  if (!Has(key)) return otherwise;
  int64_t value = 0;
  if (!absl::SimpleAtoi(Text(key), &value) || value < min || value > max) {
    return Bad(key, absl::StrCat("a whole number from ", min, " to ", max));
  }
  return value;
}

absl::StatusOr<double> Arguments::Double(const std::string& key,
                                         double otherwise) const {
  if (!Has(key)) return otherwise;
  double value = 0;
  if (!absl::SimpleAtod(Text(key), &value)) return Bad(key, "a number");
  return value;
}

const std::string& Arguments::positional(size_t index) const {
  static const std::string& none = *new std::string();
  return index < positionals_.size() ? positionals_[index] : none;
}

std::vector<std::string> Arguments::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, given] : given_) keys.push_back(key);
  return keys;
}

std::string Arguments::NameOf(const std::string& key) const {
  const auto it = given_.find(key);
  if (it == given_.end() || it->second.source != Source::kRecipe) {
    return FlagOf(key);
  }
  return absl::StrCat(it->second.place, ": ", key);
}

absl::Status Arguments::Bad(const std::string& key,
                            const std::string& expected) const {
  const auto it = given_.find(key);
  const std::string found = absl::StrCat("'", Text(key), "'");
  if (it != given_.end() && it->second.source == Source::kRecipe) {
    return InputError(it->second.place, absl::StrCat("bad value of ", key),
                      expected, found);
  }
  return UsageError(
      absl::StrCat(FlagOf(key), ": expected ", expected, ", found ", found));
}

void Arguments::AddPositional(std::string text) {
  positionals_.push_back(std::move(text));
}

void Arguments::Set(const std::string& key, std::vector<std::string> items,
                    Source source, std::string place) {
  const auto it = given_.find(key);
  if (it != given_.end() && it->second.source > source) return;
  given_[key] = {std::move(items), source, std::move(place)};
}

absl::Status Arguments::SetFromRecipe(
    const YamlMap& recipe, const std::vector<Option>& options,
    const std::vector<std::string>& structured) {
  std::vector<std::string> names = structured;
  for (const Option& option : options) names.push_back(option.key);
  for (const YamlEntry& entry : recipe.entries) {
    const std::string place = absl::StrCat(recipe.file, ":", entry.line);
    if (std::find(structured.begin(), structured.end(), entry.key) !=
        structured.end()) {
      continue;
    }
    const Option* option = FindOption(options, entry.key);
    if (option == nullptr) {
      return InputError(
          place, absl::StrCat("no such key '", entry.key, "'"),
          absl::StrCat("'", Nearest(entry.key, names), "' is the nearest"));
    }
    std::vector<std::string> items;
    if (entry.value.is_array()) {
      for (const Json& item : entry.value) items.push_back(TextOf(item));
    } else if (entry.value.is_object()) {
      return InputError(place, absl::StrCat("bad value of ", entry.key),
                        "a value or a list", "keys and values");
    } else if (!entry.value.is_null()) {
      items.push_back(TextOf(entry.value));
    }
    Set(entry.key, std::move(items), Source::kRecipe, place);
  }
  return absl::OkStatus();
}

}  // namespace hone::harness
