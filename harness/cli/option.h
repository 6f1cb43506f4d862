// What a verb can be told: its options, of the command's own and of the C
// ABI's table.
#ifndef HONE_HARNESS_CLI_OPTION_H_
#define HONE_HARNESS_CLI_OPTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hone::harness {

enum class OptionType {
  kFlag,   // --key, --no-key, --key=false
  kText,   // one value
  kList,   // values separated by commas, or the option several times
  kTexts,  // the option several times; a comma separates nothing
};

struct Option {
  std::string key;  // as in recipes; `--` and dashes on the command line
  OptionType type = OptionType::kText;
  std::string value_name;  // in the help: "N", "FILE", "a|b|c"
  std::string help;        // one sentence, with its default
  std::string group;       // heading in the help
  std::string letter;      // "o" for -o, or ""
  bool of_abi = false;     // goes into hone_options
};

struct Positional {
  std::string name;  // "MODEL"
  std::string help;
  bool required = true;
  bool repeated = false;  // the last one only: one or more
};

struct VerbSpec {
  std::string name;
  std::string summary;  // one line
  std::string details;  // a paragraph, or ""
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<std::string> examples;  // commands that run as they stand
};

// "--max-drop" for "max_drop".
std::string FlagOf(const std::string& key);

// The options of hone_options_describe's JSON, under the heading `group`.
// Internal: it is not of the documented form.
absl::StatusOr<std::vector<Option>> OptionsOfTable(const std::string& json,
                                                   const std::string& group);

// Appends those of `more` whose key is not there yet.
void AppendOptions(const std::vector<Option>& more, std::vector<Option>* out);

// Null when there is none.
const Option* FindOption(const std::vector<Option>& options,
                         const std::string& key);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_OPTION_H_
