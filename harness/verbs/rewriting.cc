#include "harness/verbs/rewriting.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "harness/abi/handles.h"
#include "harness/cli/quantities.h"
#include "harness/data/bound_data.h"
#include "harness/data/flags.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/json/json.h"

namespace hone::harness {
namespace {

std::string CheckText(const Json& check) {
  const int64_t samples = check.value("samples", int64_t{0});
  if (samples == 0) return "";
  return absl::StrFormat(
      "outputs of both on %d samples: max |error| %.3g, %.3g of the greatest "
      "magnitude, cosine %.6f\n",
      samples, check.value("max_abs_error", 0.0),
      check.value("max_rel_error", 0.0), check.value("min_cosine", 1.0));
}

}  // namespace

std::string CountsText(const Json& nodes) {
  std::map<std::string, int64_t> counts;
  for (const Json& node : nodes) ++counts[node.value("done", "")];
  return absl::StrJoin(counts, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, count.second, " ", count.first);
  });
}

absl::StatusOr<Outcome> RunRewrite(Environment& environment, const char* verb,
                                   RewriteFn rewrite, absl::string_view taken) {
  const Arguments& arguments = environment.arguments;
  const std::string& path = arguments.positional(0);
  const std::string output = arguments.Text("output");
  const bool dry_run = arguments.Flag("dry_run");
  if (output.empty() && !dry_run) {
    return UsageError(absl::StrCat("hone ", verb, ": -o FILE is missing"));
  }
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, verb));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr save,
                           AbiOptionsOf(arguments, "save"));
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  DatasetPtr dataset;
  if (arguments.Has("data")) {
    HARNESS_ASSIGN_OR_RETURN(const Signature signature,
                             SignatureOf(model.get()));
    HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                             OpenData(arguments, "data", signature, taken));
    HARNESS_ASSIGN_OR_RETURN(dataset, AsDataset(data, ""));
  }
  if (dry_run) {
    // What would be done; running the models is left out.
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_options_set_i64(options.get(), "check", 0)));
  }
  ModelPtr rewritten;
  ResultPtr result;
  HARNESS_RETURN_IF_ERROR(
      FromHone(rewrite(environment.context, model.get(), dataset.get(),
                       options.get(), Out(&rewritten), Out(&result))));
  Outcome outcome;
  outcome.json = {{"model", path}, {"output", output}};
  const Json report = ParseJson(hone_result_json(result.get()));
  if (report.is_object()) outcome.json.update(report);
  const Json check = report.value("check", Json::object());
  const std::string why = check.value("why", "");
  HARNESS_ASSIGN_OR_RETURN(const uint64_t before, FileSize(path));
  outcome.json["size_bytes_before"] = before;
  if (dry_run) {
    outcome.json["dry_run"] = true;
    outcome.text = absl::StrCat("would be written, and checked; nothing was\n");
  } else {
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_model_save(rewritten.get(), output.c_str(), save.get())));
    HARNESS_ASSIGN_OR_RETURN(const uint64_t after, FileSize(output));
    outcome.json["size_bytes_after"] = after;
    absl::StrAppendFormat(&outcome.text, "%s: %s, %s was %s\n", output,
                          BytesText(static_cast<double>(after)), path,
                          BytesText(static_cast<double>(before)));
    outcome.text += CheckText(check);
  }
  if (!why.empty()) {
    environment.progress->Warning(absl::StrCat(
        "not checked: the model does not run here on what was invented: ", why,
        " (--check 0: do without)"));
    outcome.met = false;
  }
  return outcome;
}

}  // namespace hone::harness
