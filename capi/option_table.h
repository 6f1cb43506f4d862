// Every option of every verb: the one table that the setters, the command
// line's flags, their help and the recipe's schema are made from.
//
// To add one: a row in option_table.cc, and its use in the verb's file.
#ifndef HONE_CAPI_OPTION_TABLE_H_
#define HONE_CAPI_OPTION_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hone::capi {

enum class OptionType { kBool, kInt, kFloat, kString, kEnum, kList };

struct OptionRow {
  const char* key;
  OptionType type;
  const char* values;     // of an enum, separated by "|"
  const char* otherwise;  // the default, as text; lists: ""
  double min, max;        // of numbers, both allowed
  const char* verbs;      // separated by "|"
  const char* help;       // one line
};

// Sorted by verb and importance, as help shows them.
absl::Span<const OptionRow> OptionTable();
// Null when there is no such key.
const OptionRow* FindOption(absl::string_view key);
// True when `list` ("a|b|c") has `word`.
bool HasWord(absl::string_view list, absl::string_view word);
// The key nearest in spelling among those of `verb` ("": all); "" when none is
// near.
std::string NearestOption(absl::string_view key, absl::string_view verb);
// "bool", "int", "float", "string", "enum", "list".
const char* OptionTypeName(OptionType type);

}  // namespace hone::capi

#endif  // HONE_CAPI_OPTION_TABLE_H_
