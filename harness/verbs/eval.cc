// hone eval MODEL --data D --metric M
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/data/flags.h"
#include "harness/data/metrics.h"
#include "harness/error/error.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {

absl::StatusOr<VerbSpec> EvalSpecification() {
  VerbSpec verb;
  verb.details =
      "Intervals hold with 95 % confidence. agreement, sqnr and cosine compare "
      "with the model of --reference and need no labels.";
  verb.positionals = {{"MODEL", "an ONNX file", true}};
  constexpr char kGroup[] = "Evaluation";
  verb.options = {
      MakeOption("data", "SPEC",
                 "samples, with labels where the metric needs "
                 "them; SPEC@a:b is a part",
                 kGroup),
      MakeOption("metric", "NAME,...",
                 "top1 top5 f1 auc mse mae spearman agreement sqnr cosine "
                 "[top1 with labels, else the last three]",
                 kGroup),
      MakeOption("reference", "MODEL", "the float model to compare with",
                 kGroup)};
  verb.options[1].type = OptionType::kList;
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("evaluate", kGroup));
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone eval datasets/models/fashion_mobilenet.onnx --scale 255 --data "
      "idx:/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz,"
      "/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz@0:500",
      "hone eval datasets/models/fashion_mobilenet.onnx --reference "
      "datasets/models/fashion_mobilenet.onnx --data random:32"};
  return verb;
}

absl::StatusOr<Outcome> RunEval(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  const std::vector<std::string> asked = arguments.List("metric");
  HARNESS_RETURN_IF_ERROR(CheckMetricNames(asked));
  const std::string& path = arguments.positional(0);
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(model.get()));
  HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                           OpenData(arguments, "data", signature));
  WarnAbout(*data, environment.progress);
  const std::vector<std::string> metrics =
      MetricsOrDefault(asked, data->has_targets());
  ModelPtr reference;
  if (arguments.Has("reference")) {
    HARNESS_ASSIGN_OR_RETURN(
        reference, LoadModel(environment, arguments.Text("reference")));
  } else if (NeedsReference(metrics)) {
    return UsageError(
        "--metric agreement, sqnr and cosine compare with the float model: "
        "give it as --reference MODEL, or data with labels and --metric top1");
  }
  Outcome outcome;
  outcome.json["model"] = path;
  if (arguments.Flag("dry_run")) {
    return DryRun(environment, model.get(), data,
                  {{"evaluate", data->items() * (reference ? 2 : 1)}});
  }
  HARNESS_ASSIGN_OR_RETURN(const EvaluateResult result,
                           EvaluateMetrics(environment.context, model.get(),
                                           reference.get(), data, metrics));
  outcome.json["samples"] = result.samples;
  outcome.json["metrics"] = FiguresJson(result.figures);
  outcome.json["wall_s"] = result.wall_s;
  outcome.json["inference_s"] = result.inference_s;
  const double rate =
      static_cast<double>(result.samples) / std::max(result.wall_s, 1e-9);
  outcome.json["samples_per_s"] = rate;
  for (const Figure& figure : result.figures) {
    absl::StrAppend(&outcome.text, FigureText(figure), "\n");
  }
  absl::StrAppendFormat(&outcome.text, "%d samples, %.0f samples/s\n",
                        result.samples, rate);
  return outcome;
}

}  // namespace hone::harness
