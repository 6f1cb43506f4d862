#include "harness/verbs/verb.h"

#include <set>
#include <utility>

#include "harness/error/error.h"

namespace hone::harness {

Option MakeOption(const std::string& key, const std::string& value_name,
                  const std::string& help, const std::string& group,
                  const std::string& letter) {
  Option option;
  option.key = key;
  option.type = value_name.empty() ? OptionType::kFlag : OptionType::kText;
  option.value_name = value_name;
  option.help = help;
  option.group = group;
  option.letter = letter;
  return option;
}

std::vector<Option> EverywhereOptions() {
  constexpr char kGroup[] = "Everywhere";
  std::vector<Option> options = {
      MakeOption("json", "", "print one JSON object on stdout", kGroup),
      MakeOption("report", "FILE",
                 "write what was done to every node, or why nothing was, as "
                 ".json or .html",
                 kGroup),
      MakeOption("recipe", "FILE",
                 "YAML or JSON with these options as keys; the command line "
                 "wins",
                 kGroup),
      MakeOption("set", "KEY=VALUE", "override a key of the recipe", kGroup),
      MakeOption("threads", "N", "[what the machine allows]", kGroup),
      MakeOption("seed", "N", "of everything that is drawn [0]", kGroup),
      MakeOption("memory_limit", "SIZE",
                 "refuse work that needs more, such as 2GB", kGroup),
      MakeOption("dry_run", "",
                 "check everything and say what would be done, and how long it "
                 "would take",
                 kGroup),
      MakeOption("device", "cpu|opencl[:N]|auto",
                 "where run, eval, bench, statistics and inspect --plan "
                 "compute; hone doctor lists devices [cpu]",
                 kGroup),
      MakeOption("progress", "auto|bar|plain|json|none", "on stderr [auto]",
                 kGroup),
      MakeOption("quiet", "", "no progress and no notes", kGroup, "q"),
      MakeOption("verbose", "", "say more on stderr", kGroup, "v"),
  };
  for (Option& option : options) {
    if (option.key == "set") option.type = OptionType::kList;
  }
  return options;
}

absl::StatusOr<std::vector<Option>> AbiOptions(const char* verb,
                                               const std::string& group) {
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_options_describe(verb, Out(&text))));
  return OptionsOfTable(ToString(text.get()), group);
}

absl::StatusOr<OptionsPtr> AbiOptionsOf(const Arguments& arguments,
                                        const char* verb) {
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions(verb, ""));
  OptionsPtr options;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_options_new(Out(&options))));
  for (const Option& option : table) {
    if (!arguments.Has(option.key)) continue;
    absl::Status status;
    if (option.type == OptionType::kList) {
      // As JSON, since an item may hold a comma.
      const Json json = {{option.key, arguments.List(option.key)}};
      status =
          FromHone(hone_options_set_json(options.get(), ToText(json).c_str()));
    } else {
      status =
          FromHone(hone_options_set_text(options.get(), option.key.c_str(),
                                         arguments.Text(option.key).c_str()));
    }
    if (!status.ok()) return status;
  }
  return options;
}

absl::StatusOr<ModelPtr> LoadModel(const Environment& environment,
                                   const std::string& path) {
  ModelPtr model;
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_model_load(environment.context, path.c_str(), Out(&model))));
  return model;
}

}  // namespace hone::harness
