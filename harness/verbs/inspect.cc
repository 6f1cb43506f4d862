// hone inspect MODEL
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/quantities.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/verbs/placement.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

std::string Count(const Json& json, const char* key) {
  if (!json.contains(key) || !json[key].is_number()) return "unknown";
  const double value = json[key].get<double>();
  if (value >= 1e9) return absl::StrFormat("%.2f G", value / 1e9);
  if (value >= 1e6) return absl::StrFormat("%.2f M", value / 1e6);
  if (value >= 1e3) return absl::StrFormat("%.1f k", value / 1e3);
  return absl::StrFormat("%.0f", value);
}

std::string Describe(const std::string& path, const Json& json,
                     const Signature& signature, uint64_t bytes) {
  std::string out = absl::StrCat(path, "\n");
  for (const Port& port : signature.inputs) {
    absl::StrAppend(&out, "  input       ", port.name, "  ", ToString(port),
                    "\n");
  }
  for (const Port& port : signature.outputs) {
    absl::StrAppend(&out, "  output      ", port.name, "  ", ToString(port),
                    "\n");
  }
  const auto row = [&](const char* name, const std::string& value) {
    absl::StrAppendFormat(&out, "  %-11s %s\n", name, value);
  };
  if (json.contains("opsets")) {
    std::string opsets;
    for (const auto& [domain, version] : json["opsets"].items()) {
      absl::StrAppend(&opsets, opsets.empty() ? "" : ", ",
                      domain.empty() ? "ai.onnx" : domain, " ",
                      ToText(version));
    }
    row("opsets", opsets);
  }
  row("parameters", Count(json, "parameters"));
  row("MACs", Count(json, "macs"));
  row("file", BytesText(static_cast<double>(bytes)));
  if (json.contains("dtypes") && json["dtypes"].is_object()) {
    std::string dtypes;
    for (const auto& [name, size] : json["dtypes"].items()) {
      absl::StrAppend(
          &dtypes, dtypes.empty() ? "" : ", ", name, " ",
          size.is_number() ? BytesText(size.get<double>()) : ToText(size));
    }
    row("weights", dtypes);
  }
  if (json.contains("operators")) {
    out += "  operators\n";
    for (const auto& [name, count] : json["operators"].items()) {
      absl::StrAppendFormat(&out, "    %-24s %s\n", name, ToText(count));
    }
  }
  if (json.contains("verbs") && json["verbs"].is_array()) {
    out += "  what could be done\n";
    for (const Json& verb : json["verbs"]) {
      absl::StrAppend(&out, "    ", verb.value("done", std::string()), "  ",
                      verb.value("why", std::string()), "\n");
    }
  }
  if (json.contains("plan") && json["plan"].is_string()) {
    absl::StrAppend(&out, "\n", json["plan"].get<std::string>(), "\n",
                    PlacementText(json.value("placement", Json::object())));
  }
  return out;
}

}  // namespace

absl::StatusOr<VerbSpec> InspectSpecification() {
  VerbSpec verb;
  verb.positionals = {{"MODEL", "an ONNX file", true}};
  HARNESS_ASSIGN_OR_RETURN(verb.options, AbiOptions("inspect", "Inspection"));
  verb.examples = {
      "hone inspect datasets/models/fashion_mobilenet.onnx",
      "hone inspect datasets/models/fashion_mobilenet.onnx --plan"};
  return verb;
}

absl::StatusOr<Outcome> RunInspect(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  const std::string& path = arguments.positional(0);
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, "inspect"));
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_model_inspect(
      environment.context, model.get(), options.get(), Out(&text))));
  Outcome outcome;
  outcome.json = ParseJson(ToString(text.get()));
  HARNESS_ASSIGN_OR_RETURN(const uint64_t bytes, FileSize(path));
  outcome.json["model"] = path;
  outcome.json["file_bytes"] = bytes;
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(model.get()));
  outcome.text = Describe(path, outcome.json, signature, bytes);
  return outcome;
}

}  // namespace hone::harness
