#include "harness/data/flags.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "datasets/preprocess/preprocess.h"
#include "harness/error/error.h"

namespace hone::harness {

std::vector<Option> DataOptions(absl::string_view taken) {
  constexpr char kGroup[] = "Data and preprocessing";
  std::vector<Option> options;
  Option batch;
  batch.key = "batch_size";
  batch.value_name = "N";
  batch.help =
      "samples fed at once, where the model leaves its first dimension free "
      "[1]";
  batch.group = kGroup;
  options.push_back(batch);
  for (const datasets::PreprocessingKey& key : datasets::PreprocessingKeys()) {
    if (key.name == taken) continue;
    Option option;
    option.key = key.name;
    option.value_name = "VALUE";
    option.help = key.help;
    option.group = kGroup;
    options.push_back(std::move(option));
  }
  return options;
}

absl::StatusOr<BoundData::Settings> DataSettings(const Arguments& arguments,
                                                 absl::string_view taken) {
  BoundData::Settings settings;
  HARNESS_ASSIGN_OR_RETURN(
      const int64_t seed,
      arguments.Int("seed", 0, 0, int64_t{9007199254740992}));
  settings.seed = static_cast<uint64_t>(seed);
  HARNESS_ASSIGN_OR_RETURN(settings.batch_size,
                           arguments.Int("batch_size", 0, 1, 1 << 20));
  settings.state = arguments.List("state");
  for (const datasets::PreprocessingKey& key : datasets::PreprocessingKeys()) {
    if (key.name == taken || !arguments.Has(key.name)) continue;
    const absl::Status status = datasets::SetKey(
        key.name, arguments.Text(key.name), &settings.preprocessing);
    if (!status.ok()) {
      return UsageError(
          absl::StrCat(arguments.NameOf(key.name), ": ", status.message()));
    }
  }
  return settings;
}

absl::StatusOr<std::shared_ptr<const BoundData>> OpenData(
    const Arguments& arguments, const std::string& key,
    const Signature& signature, absl::string_view taken) {
  if (!arguments.Has(key)) {
    return UsageError(absl::StrCat(FlagOf(key),
                                   " SPEC is missing (random:64 tries things "
                                   "out without data)"));
  }
  HARNESS_ASSIGN_OR_RETURN(const BoundData::Settings settings,
                           DataSettings(arguments, taken));
  return BoundData::Open(arguments.Text(key), signature, settings);
}

}  // namespace hone::harness
