// hone run MODEL --data D -o DIR
#include <cmath>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "datasets/array/array.h"
#include "harness/data/flags.h"
#include "harness/data/values.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/verbs/figures.h"
#include "harness/verbs/output_file.h"
#include "harness/verbs/placement.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

// How far outputs are off their expected values.
struct Difference {
  double max_abs = 0;
  int64_t elements = 0;
  int64_t beyond = 0;      // |x - y| > atol + rtol |y|
  int64_t mismatched = 0;  // outputs of another dtype, shape or kind
};

void CompareValues(const hone_value* found, const hone_value* expected,
                   double rtol, double atol, Difference* out) {
  if (hone_value_get_kind(found) != hone_value_get_kind(expected)) {
    ++out->mismatched;
    return;
  }
  if (hone_value_get_kind(found) == HONE_VALUE_SEQUENCE) {
    if (hone_value_count(found) != hone_value_count(expected)) {
      ++out->mismatched;
      return;
    }
    for (size_t i = 0; i < hone_value_count(found); ++i) {
      CompareValues(hone_value_item(found, i), hone_value_item(expected, i),
                    rtol, atol, out);
    }
    return;
  }
  if (hone_value_get_kind(found) == HONE_VALUE_MAP) {
    CompareValues(hone_value_map_keys(found), hone_value_map_keys(expected),
                  rtol, atol, out);
    CompareValues(hone_value_map_values(found), hone_value_map_values(expected),
                  rtol, atol, out);
    return;
  }
  if (hone_value_get_kind(found) != HONE_VALUE_TENSOR) return;
  const auto x = ArrayOf(found, ""), y = ArrayOf(expected, "");
  if (hone_value_dtype(found) != hone_value_dtype(expected) ||
      hone_value_rank(found) != hone_value_rank(expected) || !x.ok() ||
      !y.ok() || x->shape != y->shape) {
    ++out->mismatched;
    return;
  }
  out->elements += hone_value_size(found);
  if (x->dtype == "string") {
    for (size_t i = 0; i < x->strings.size(); ++i) {
      out->beyond += x->strings[i] != y->strings[i];
    }
    return;
  }
  const auto a = datasets::ToDoubles(*x), b = datasets::ToDoubles(*y);
  if (!a.ok() || !b.ok()) {
    out->beyond += x->bytes != y->bytes;
    return;
  }
  for (size_t i = 0; i < a->size(); ++i) {
    const double p = (*a)[i], q = (*b)[i];
    if (p == q || (std::isnan(p) && std::isnan(q))) continue;
    const double off = std::fabs(p - q);
    if (!(off <= atol + rtol * std::fabs(q))) ++out->beyond;
    if (!(off <= out->max_abs)) out->max_abs = off;
  }
}

absl::Status WriteProtos(const std::string& folder,
                         const std::vector<ValuePtr>& outputs) {
  HARNESS_RETURN_IF_ERROR(MakeFolder(folder));
  for (size_t k = 0; k < outputs.size(); ++k) {
    TextPtr text;
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_value_to_pb(outputs[k].get(), Out(&text))));
    HARNESS_RETURN_IF_ERROR(
        WriteFile(absl::StrCat(folder, "/output_", k, ".pb"),
                  {hone_text_data(text.get()), hone_text_size(text.get())}));
  }
  return absl::OkStatus();
}

// Where `--format pb` writes item `index`: DIR for one set's own folder, else a
// folder of the set's name or number in DIR.
std::string ProtoFolder(const std::string& folder, const BoundData& data,
                        const BoundData::Item& item, int64_t index) {
  if (data.items() == 1) return folder;
  const std::string name = std::filesystem::path(item.name).filename().string();
  if (absl::StartsWith(name, "test_data_set_")) {
    return absl::StrCat(folder, "/", name);
  }
  return absl::StrCat(folder, "/test_data_set_", index);
}

absl::StatusOr<std::vector<ValuePtr>> RunItem(hone_session* session,
                                              const BoundData::Item& item,
                                              size_t outputs) {
  std::vector<const hone_value*> inputs;
  for (const ValuePtr& value : item.inputs) inputs.push_back(value.get());
  std::vector<hone_value*> raw(outputs, nullptr);
  HARNESS_RETURN_IF_ERROR(FromHone(hone_session_run(
      session, inputs.data(), inputs.size(), raw.data(), raw.size())));
  std::vector<ValuePtr> out;
  for (hone_value* value : raw) out.emplace_back(value);
  return out;
}

}  // namespace

absl::StatusOr<VerbSpec> RunSpecification() {
  VerbSpec verb;
  verb.details =
      "Writes each output as NAME.npy ('/' written '_'), samples joined along "
      "the batch axis, or as output_K.pb; maps, such as a classifier's "
      "probabilities, as NAME.json. Where the data has expected outputs, "
      "says how far off the model's are, and exits with 1 beyond atol + rtol "
      "times the expected value.";
  verb.positionals = {{"MODEL", "an ONNX file", true}};
  constexpr char kGroup[] = "Run";
  verb.options = {
      MakeOption("data", "SPEC", "samples", kGroup),
      MakeOption("output", "DIR", "folder for the outputs", kGroup, "o"),
      MakeOption("format", "npy|pb", "[npy]", kGroup),
      MakeOption("rtol", "X", "relative tolerance [1e-3]", kGroup),
      MakeOption("atol", "X", "absolute tolerance [1e-7]", kGroup)};
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Option> table,
                           AbiOptions("session", kGroup));
  AppendOptions(table, &verb.options);
  AppendOptions(DataOptions(), &verb.options);
  verb.examples = {
      "hone run datasets/models/fashion_mobilenet.onnx -o outputs --data "
      "random:4",
      "hone run datasets/models/fashion_mobilenet.onnx -o outputs --format "
      "pb "
      "--scale 255 --data idx:/usr/share/datasets/fashion-mnist/"
      "t10k-images-idx3-ubyte.gz@0:2"};
  return verb;
}

absl::StatusOr<Outcome> RunRun(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  const std::string format = arguments.Text("format", "npy");
  if (format != "npy" && format != "pb") {
    return arguments.Bad("format", "npy or pb");
  }
  HARNESS_ASSIGN_OR_RETURN(const double rtol, arguments.Double("rtol", 1e-3));
  HARNESS_ASSIGN_OR_RETURN(const double atol, arguments.Double("atol", 1e-7));
  HARNESS_ASSIGN_OR_RETURN(const OptionsPtr options,
                           AbiOptionsOf(arguments, "session"));
  const std::string& path = arguments.positional(0);
  const std::string folder = arguments.Text("output");
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model, LoadModel(environment, path));
  HARNESS_ASSIGN_OR_RETURN(const Signature signature, SignatureOf(model.get()));
  HARNESS_ASSIGN_OR_RETURN(const std::shared_ptr<const BoundData> data,
                           OpenData(arguments, "data", signature));
  if (data->left_over() > 0) WarnAbout(*data, environment.progress);
  if (arguments.Flag("dry_run")) {
    return DryRun(environment, model.get(), data, {{"run", data->items()}});
  }
  SessionPtr session;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_session_new(
      environment.context, model.get(), options.get(), Out(&session))));
  std::vector<OutputFile> gathered(signature.outputs.begin(),
                                   signature.outputs.end());
  Difference difference;
  int64_t compared = 0;
  for (int64_t i = 0; i < data->items(); ++i) {
    HARNESS_ASSIGN_OR_RETURN(const BoundData::Item item, data->Get(i));
    HARNESS_ASSIGN_OR_RETURN(
        const std::vector<ValuePtr> outputs,
        RunItem(session.get(), item, signature.outputs.size()));
    for (size_t k = 0; k < outputs.size(); ++k) {
      if (k < item.expected.size() && item.expected[k] != nullptr) {
        ++compared;
        CompareValues(outputs[k].get(), item.expected[k].get(), rtol, atol,
                      &difference);
      }
      if (!folder.empty() && format == "npy") {
        HARNESS_RETURN_IF_ERROR(
            gathered[k].Add(outputs[k].get(), data->joins_outputs()));
      }
    }
    if (!folder.empty() && format == "pb") {
      HARNESS_RETURN_IF_ERROR(
          WriteProtos(ProtoFolder(folder, *data, item, i), outputs));
    }
    environment.progress->Update("run", static_cast<uint64_t>(i + 1),
                                 static_cast<uint64_t>(data->items()), -1);
  }
  Outcome outcome;
  outcome.json = {{"model", path}, {"samples", data->items() * data->batch()}};
  Json files = Json::array();
  for (size_t k = 0; !folder.empty() && format == "npy" && k < gathered.size();
       ++k) {
    HARNESS_RETURN_IF_ERROR(MakeFolder(folder));
    HARNESS_ASSIGN_OR_RETURN(const std::string file,
                             gathered[k].Write(folder, data->joins_outputs()));
    files.push_back(file);
    absl::StrAppend(&outcome.text, file, "\n");
  }
  if (!folder.empty()) outcome.json["output"] = folder;
  outcome.json["files"] = files;
  HARNESS_ASSIGN_OR_RETURN(outcome.json["placement"],
                           PlacementOf(session.get()));
  outcome.text += PlacementText(outcome.json["placement"]);
  if (compared > 0) {
    outcome.met = difference.beyond == 0 && difference.mismatched == 0;
    outcome.json["expected"] = {{"outputs", compared},
                                {"elements", difference.elements},
                                {"beyond_tolerance", difference.beyond},
                                {"mismatched_outputs", difference.mismatched},
                                {"max_abs_error", difference.max_abs}};
    absl::StrAppendFormat(
        &outcome.text,
        "%d outputs compared: largest error %g, %d of %d elements beyond the "
        "tolerance, %d outputs of another dtype or shape\n",
        compared, difference.max_abs, difference.beyond, difference.elements,
        difference.mismatched);
  }
  return outcome;
}

}  // namespace hone::harness
