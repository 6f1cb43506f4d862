// ParseArguments: the only file that knows CLI11.
#include <memory>
#include <utility>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "harness/cli/arguments.h"
#include "harness/cli/nearest.h"
#include "harness/error/error.h"

namespace hone::harness {
namespace {

std::string NamesFor(const Option& option) {
  std::string names = FlagOf(option.key);
  if (!option.letter.empty()) absl::StrAppend(&names, ",-", option.letter);
  if (option.type == OptionType::kFlag && option.letter.empty()) {
    absl::StrAppend(&names, ",!--no-", FlagOf(option.key).substr(2));
  }
  return names;
}

absl::Status Unknown(const VerbSpec& verb, const std::string& word) {
  std::vector<std::string> names = {"--help"};
  for (const Option& option : verb.options) {
    names.push_back(FlagOf(option.key));
    if (!option.letter.empty()) names.push_back("-" + option.letter);
  }
  const std::string name = word.substr(0, word.find('='));
  return UsageError(absl::StrCat("hone ", verb.name, ": no option ", name,
                                 "; the nearest is ", Nearest(name, names),
                                 " (hone ", verb.name, " --help lists all)"));
}

absl::Status CheckPositionals(const VerbSpec& verb,
                              const std::vector<std::string>& found) {
  const size_t count = found.size();
  size_t required = 0;
  std::vector<std::string> names;
  for (const Positional& positional : verb.positionals) {
    required += positional.required;
    names.push_back(positional.name);
  }
  if (count < required) {
    return UsageError(absl::StrCat("hone ", verb.name, ": ", names[count],
                                   " is missing: hone ", verb.name, " ",
                                   absl::StrJoin(names, " "), " [options]"));
  }
  const bool open =
      !verb.positionals.empty() && verb.positionals.back().repeated;
  if (count > verb.positionals.size() && !open) {
    return UsageError(absl::StrCat("hone ", verb.name, ": '",
                                   found[verb.positionals.size()],
                                   "' is one argument too many"));
  }
  return absl::OkStatus();
}

// `--set key=value` and `--recipe FILE`, which are options of every verb.
absl::Status ReadRecipe(const VerbSpec& verb, Arguments* arguments) {
  std::vector<std::string> names;
  for (const Option& option : verb.options) names.push_back(option.key);
  for (const std::string& assignment : arguments->List("set")) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(assignment, absl::MaxSplits('=', 1));
    const std::string key = absl::StrReplaceAll(parts.first, {{"-", "_"}});
    if (!absl::StrContains(assignment, '=')) {
      return UsageError(
          absl::StrCat("--set: expected key=value, found '", assignment, "'"));
    }
    const Option* option = FindOption(verb.options, key);
    if (option == nullptr) {
      return UsageError(absl::StrCat(
          "--set: no key '", key, "'; the nearest is ", Nearest(key, names)));
    }
    std::vector<std::string> items = {parts.second};
    if (option->type == OptionType::kList) {
      items = absl::StrSplit(parts.second, ',');
    }
    arguments->Set(key, std::move(items), Arguments::Source::kSet);
  }
  if (!arguments->Has("recipe")) return absl::OkStatus();
  HARNESS_ASSIGN_OR_RETURN(const YamlMap recipe,
                           ReadYamlMap(arguments->Text("recipe")));
  return arguments->SetFromRecipe(recipe, verb.options, {});
}

}  // namespace

absl::StatusOr<Arguments> ParseArguments(
    const VerbSpec& verb, const std::vector<std::string>& words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  bool help = false;
  app.add_flag("--help,-h", help);
  std::vector<std::pair<const Option*, CLI::Option*>> added;
  for (const Option& option : verb.options) {
    if (option.type == OptionType::kFlag) {
      CLI::Option* flag = app.add_flag(NamesFor(option));
      flag->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      added.emplace_back(&option, flag);
    } else {
      CLI::Option* value = app.add_option(NamesFor(option));
      if (option.type == OptionType::kList ||
          option.type == OptionType::kTexts) {
        // One value each time the option is given; a positional argument
        // behind it is none of its values.
        value->expected(1, 1 << 20)->allow_extra_args(false);
      } else {
        value->expected(1)->multi_option_policy(
            CLI::MultiOptionPolicy::TakeLast);
      }
      added.emplace_back(&option, value);
    }
  }
  std::vector<std::string> positionals;
  // Surplus ones are counted after unknown options, which explain them.
  app.add_option("positionals", positionals)->expected(0, 1 << 20);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    return UsageError(absl::StrCat("hone ", verb.name, ": ", error.what()));
  }
  Arguments arguments;
  if (help) {
    arguments.Set("help", {"true"}, Arguments::Source::kCommandLine);
    return arguments;
  }
  for (const std::string& word : app.remaining()) {
    if (word.size() > 1 && word[0] == '-') return Unknown(verb, word);
  }
  HARNESS_RETURN_IF_ERROR(CheckPositionals(verb, positionals));
  for (const auto& [option, parsed] : added) {
    if (parsed->count() == 0) continue;
    std::vector<std::string> items = parsed->results();
    if (option->type == OptionType::kList && option->key != "set") {
      items = absl::StrSplit(absl::StrJoin(items, ","), ',');
    }
    if (option->type != OptionType::kList &&
        option->type != OptionType::kTexts) {
      items = {items.back()};
    }
    arguments.Set(option->key, std::move(items),
                  Arguments::Source::kCommandLine);
  }
  for (std::string& positional : positionals) {
    arguments.AddPositional(std::move(positional));
  }
  HARNESS_RETURN_IF_ERROR(ReadRecipe(verb, &arguments));
  return arguments;
}

}  // namespace hone::harness
