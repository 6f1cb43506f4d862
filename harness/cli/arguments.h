// What the user asked for: the command line over `--set` over the recipe.
#ifndef HONE_HARNESS_CLI_ARGUMENTS_H_
#define HONE_HARNESS_CLI_ARGUMENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/cli/option.h"
#include "harness/yaml/yaml.h"

namespace hone::harness {

class Arguments {
 public:
  // Where a value comes from; a later one wins.
  enum class Source { kRecipe, kSet, kCommandLine };

  bool Has(const std::string& key) const { return given_.count(key) > 0; }
  bool Flag(const std::string& key) const;  // false when it is not given
  std::string Text(const std::string& key,
                   const std::string& otherwise = "") const;
  std::vector<std::string> List(const std::string& key) const;
  // Errors name the option as it was given, and what it accepts.
  absl::StatusOr<int64_t> Int(const std::string& key, int64_t otherwise,
                              int64_t min, int64_t max) const;
  absl::StatusOr<double> Double(const std::string& key, double otherwise) const;

  const std::string& positional(size_t index) const;  // "" past the end
  size_t positional_count() const { return positionals_.size(); }
  // Keys that were given, sorted.
  std::vector<std::string> Keys() const;
  // "--max-drop" or "recipe.yaml:3: max_drop": for messages.
  std::string NameOf(const std::string& key) const;
  // An error about the value of `key`: usage (2), or bad input (3) when it
  // comes from a recipe.
  absl::Status Bad(const std::string& key, const std::string& expected) const;

  void AddPositional(std::string text);
  void Set(const std::string& key, std::vector<std::string> items,
           Source source, std::string place = "");
  // The entries whose keys are among `options`; any other key is an error that
  // names the nearest. Entries named in `structured` are left to the caller.
  absl::Status SetFromRecipe(const YamlMap& recipe,
                             const std::vector<Option>& options,
                             const std::vector<std::string>& structured);

 private:
  struct Given {
    std::vector<std::string> items;
    Source source = Source::kCommandLine;
    std::string place;  // of a recipe: "FILE:LINE"
  };
  std::map<std::string, Given> given_;
  std::vector<std::string> positionals_;
};

// Parses what stands after the verb. Reads `--recipe` and `--set` too.
// Usage: an unknown option (the nearest is named), a missing value, too few or
// too many positional arguments. `--help` is among the flags; with it nothing
// else is required.
absl::StatusOr<Arguments> ParseArguments(const VerbSpec& verb,
                                         const std::vector<std::string>& words);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_ARGUMENTS_H_
