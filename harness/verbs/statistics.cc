// hone statistics MODEL --data D -o S
#include "absl/strings/str_cat.h"
#include "harness/cli/quantities.h"
#include "harness/data/flags.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {

absl::StatusOr<VerbSpec> StatisticsSpecification() {
  VerbSpec verb;
  verb.details =
      "Shards of disjoint samples (SPEC@a:b) give together, in `hone quantize "
      "--statistics S1,S2`, exactly what one run over all of them would.";
  verb.positionals = {{"MODEL", "an ONNX file in float", true}};
  constexpr char kGroup[] = "Statistics";
  verb.options = {
      MakeOption("output", "FILE", "the statistics to write", kGroup, "o"),
      MakeOption("data", "SPEC", "samples that calibrate", kGroup)};
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("statistics", kGroup));
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone statistics datasets/models/fashion_mobilenet.onnx -o a.stats "
      "--scale 255 --data idx:/usr/share/datasets/fashion-mnist/"
      "train-images-idx3-ubyte.gz@0:150",
      "hone statistics datasets/models/fashion_mobilenet.onnx -o r.stats "
      "--data random:16"};
  return verb;
}

absl::StatusOr<Outcome> RunStatistics(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  const std::string output = arguments.Text("output");
  if (output.empty() && !arguments.Flag("dry_run")) {
    return UsageError("hone statistics: -o FILE is missing");
  }
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, "statistics"));
  const std::string& path = arguments.positional(0);
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(model.get()));
  HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                           OpenData(arguments, "data", signature));
  WarnAbout(*data, environment.progress);
  if (arguments.Flag("dry_run")) {
    return DryRun(environment, model.get(), data,
                  {{"calibrate", data->items()}});
  }
  // Shards are told apart by their contents.
  HARNESS_ASSIGN_OR_RETURN(const std::string identity, data->Identity());
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset, AsDataset(data, identity));
  StatisticsPtr statistics;
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_statistics_collect(environment.context, model.get(), dataset.get(),
                              options.get(), Out(&statistics))));
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_statistics_save(statistics.get(), output.c_str())));
  HARNESS_ASSIGN_OR_RETURN(const uint64_t bytes, FileSize(output));
  Outcome outcome;
  outcome.json = {{"model", path},
                  {"output", output},
                  {"items", data->items()},
                  {"size_bytes", bytes}};
  outcome.text =
      absl::StrCat(output, ": ", BytesText(static_cast<double>(bytes)), "\n");
  return outcome;
}

}  // namespace hone::harness
