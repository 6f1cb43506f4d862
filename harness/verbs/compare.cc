// hone compare A B --data D
#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "harness/data/flags.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

constexpr char kGroup[] = "Comparison";
constexpr size_t kShown = 20;
constexpr double kEqualDb = 200;
constexpr size_t kNamesShown = 6;

std::string Row(const Json& value) {
  const double sqnr = value.value("sqnr_db", 0.0);
  const std::string text =
      sqnr >= kEqualDb ? "equal" : absl::StrFormat("%.2f", sqnr);
  const std::string node = value.value("node", "");
  std::string place = value.value("name", "");
  // Exporters name values after their nodes; others need both names.
  if (!absl::StrContains(place, node)) absl::StrAppend(&place, " of ", node);
  return absl::StrFormat(
      "%9s %10.6f %12.5g  %-16s %s\n", text, value.value("cosine", 0.0),
      value.value("max_abs_error", 0.0), value.value("op", ""), place);
}

// A line for each reason, with the first values that it left out.
std::string LeftOutText(const Json& left_out) {
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> reasons;
  for (const Json& value : left_out) {
    const std::string why = value.value("why", "");
    std::vector<std::string>& names = values[why];
    if (names.empty()) reasons.push_back(why);
    names.push_back(value.value("name", ""));
  }
  std::string text;
  for (const std::string& why : reasons) {
    std::vector<std::string>& names = values[why];
    const size_t count = names.size();
    if (count > kNamesShown) names.resize(kNamesShown);
    absl::StrAppend(&text, "  left out: ", absl::StrJoin(names, ", "),
                    count > kNamesShown
                        ? absl::StrCat(" and ", count - kNamesShown, " more")
                        : "",
                    ": ", why, "\n");
  }
  return text;
}

std::string TextOf(const Json& result) {
  const std::string head =
      absl::StrFormat("%9s %10s %12s  %-16s %s\n", "SQNR dB", "cosine",
                      "max |error|", "operator", "value");
  std::string outputs = absl::StrCat("outputs\n", head);
  std::string layers =
      absl::StrCat("\nvalues that both have, worst first\n", head);
  size_t shown = 0, count = 0;
  for (const Json& value : result["values"]) {
    if (value.value("output", false)) {
      outputs += Row(value);
    } else if (++count <= kShown) {
      layers += Row(value);
      ++shown;
    }
  }
  if (count > shown) {
    absl::StrAppend(&layers, "          ... and ", count - shown,
                    " better ones (--json has all)\n");
  }
  std::string text = outputs;
  if (count > 0) text += layers;
  absl::StrAppend(&text, "\n", count, " values compared, ",
                  result["left_out"].size(), " left out, ",
                  result.value("samples", int64_t{0}), " samples\n",
                  LeftOutText(result["left_out"]));
  return text;
}

// `--report`'s rows: one per node of the first model that makes a value.
Json NodesOf(const Json& result) {
  Json nodes = Json::array();
  for (const Json& value : result["values"]) {
    nodes.push_back(
        {{"name", value["output"] == true ? value["name"] : value["node"]},
         {"op", value["op"]},
         {"done", "compared"},
         {"why", ""},
         {"value", value["name"]},
         {"sqnr_db", value["sqnr_db"]},
         {"cosine", value["cosine"]},
         {"max_abs_error", value["max_abs_error"]}});
  }
  for (const Json& value : result["left_out"]) {
    nodes.push_back({{"name", value["node"]},
                     {"op", value["op"]},
                     {"done", "not compared"},
                     {"why", value["why"]},
                     {"value", value["name"]}});
  }
  return nodes;
}

}  // namespace

absl::StatusOr<VerbSpec> CompareSpecification() {
  VerbSpec verb;
  verb.details =
      "Runs both models and compares every output, and every value that both "
      "have by name: SQNR = 10 log10(sum a^2 / sum (a - b)^2) over all "
      "samples, "
      "in dB, at most 200; cosine; largest absolute error. Of a quantized "
      "value "
      "its dequantized form is compared, which its readers see. Between fused "
      "operators values exist only because they are asked for; --outputs-only "
      "runs the models as they are.";
  verb.positionals = {{"A", "the float model", true},
                      {"B", "what is compared with it", true}};
  verb.options = {
      MakeOption("data", "SPEC", "samples", kGroup),
      MakeOption("min_sqnr", "DB",
                 "exit code 1 when an output or a value is below", kGroup)};
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("compare", kGroup));
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone compare datasets/models/fashion_mobilenet.onnx "
      "datasets/models/fashion_mobilenet.onnx --data random:4",
      "hone compare datasets/models/fashion_mobilenet.onnx "
      "datasets/models/fashion_mobilenet.onnx --outputs-only --min-sqnr 20 "
      "--scale 255 --data idx:/usr/share/datasets/fashion-mnist/"
      "t10k-images-idx3-ubyte.gz@0:16"};
  return verb;
}

absl::StatusOr<Outcome> RunCompare(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  std::optional<double> bound;
  if (arguments.Has("min_sqnr")) {
    HARNESS_ASSIGN_OR_RETURN(bound, arguments.Double("min_sqnr", 0));
  }
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, "compare"));
  const std::string& a = arguments.positional(0);
  const std::string& b = arguments.positional(1);
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr first, LoadModel(environment, a));
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr second, LoadModel(environment, b));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(first.get()));
  HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                           OpenData(arguments, "data", signature));
  WarnAbout(*data, environment.progress);
  if (arguments.Flag("dry_run")) {
    return DryRun(environment, first.get(), data,
                  {{"compare", 2 * data->items()}});
  }
  HARNESS_ASSIGN_OR_RETURN(const DatasetPtr dataset, AsDataset(data, ""));
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_compare(environment.context, first.get(), second.get(),
                            dataset.get(), options.get(), Out(&result))));
  const Json found = ParseJson(hone_result_json(result.get()));
  if (!found.is_object() || !found.contains("values")) {
    return MakeFailure(
        {"internal", "hone_compare gave no values", "", "", "", ""});
  }
  Outcome outcome;
  outcome.json = {{"model", a}, {"second", b}};
  outcome.json.update(found);
  outcome.text = TextOf(found);
  double worst = kEqualDb;
  for (const Json& value : found["values"]) {
    worst = std::min(worst, value.value("sqnr_db", 0.0));
  }
  outcome.json["min_sqnr_db"] = worst;
  if (bound.has_value()) {
    // What could not be compared is not within a bound.
    const bool any = !found["values"].empty();
    outcome.met = any && worst >= *bound;
    outcome.json["met"] = outcome.met;
    if (!outcome.met) {
      absl::StrAppendFormat(&outcome.text,
                            "the worst is %.2f dB, below --min-sqnr %g\n",
                            worst, *bound);
    }
  }
  if (arguments.Has("report")) outcome.json["nodes"] = NodesOf(found);
  return outcome;
}

}  // namespace hone::harness
