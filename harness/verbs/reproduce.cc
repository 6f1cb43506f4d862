#include "harness/verbs/reproduce.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/data/flags.h"
#include "harness/data/signature.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/store/store.h"
#include "harness/sweep/abi_worker.h"
#include "harness/sweep/trials.h"

namespace hone::harness {
namespace {

// The study's folder, of the folder itself or its file.
std::string FolderOf(const std::string& path) {
  const std::filesystem::path given = path;
  if (given.extension() != ".sqlite") return path;
  const std::string parent = given.parent_path().string();
  return parent.empty() ? "." : parent;
}

absl::Status CheckTrial(const Store& store, const std::vector<Trial>& trials,
                        int64_t id) {
  if (static_cast<size_t>(id) >= trials.size()) {
    return InputError(store.path(), "no such trial",
                      absl::StrCat("1 to ", trials.size() - 1),
                      absl::StrCat(id));
  }
  const Trial& trial = trials[static_cast<size_t>(id)];
  if (trial.state == "done" && trial.artifact.has_value()) {
    return absl::OkStatus();
  }
  return InputError(
      store.path(), absl::StrCat("trial ", id, " made no model"), "done",
      trial.error.empty() ? trial.state
                          : absl::StrCat(trial.state, ": ", trial.error));
}

}  // namespace

absl::StatusOr<Outcome> RunReproduce(Environment& environment) {
  const Arguments& arguments = environment.arguments;
  HARNESS_ASSIGN_OR_RETURN(const int64_t id,
                           arguments.Int("reproduce", 1, 1, 1000000000));
  const std::string folder = FolderOf(arguments.positional(0));
  HARNESS_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                           Store::OpenExisting(folder + "/study.sqlite"));
  HARNESS_ASSIGN_OR_RETURN(const Json definition, store->Definition());
  HARNESS_ASSIGN_OR_RETURN(const std::vector<Trial> trials, store->Trials());
  HARNESS_RETURN_IF_ERROR(CheckTrial(*store, trials, id));
  const Trial& trial = trials[static_cast<size_t>(id)];
  const std::string version = definition.value("hone_version", "");
  if (version != hone_version()) {
    return InputError(
        store->path(), "only the version that made a study gives its bytes",
        absl::StrCat("hone ", version), absl::StrCat("hone ", hone_version()));
  }
  AbiWorker::Settings settings;
  settings.context = environment.context;
  settings.progress = environment.progress;
  settings.folder = folder;
  settings.model_path = arguments.Text(
      "model", trials[0].artifact.has_value() ? trials[0].artifact->path : "");
  settings.model_sha256 = definition.value("model", "");
  settings.data_identity = definition.value("data", "");
  settings.statistics_options = definition.value("statistics", Json::object());
  settings.base_options = definition.value("options", Json::object());
  HARNESS_ASSIGN_OR_RETURN(const std::string sha256,
                           Sha256OfFile(settings.model_path));
  if (sha256 != settings.model_sha256) {
    return InputError(settings.model_path,
                      "not the study's float model (--model names it)",
                      settings.model_sha256, sha256);
  }
  HARNESS_ASSIGN_OR_RETURN(const ModelPtr model,
                           LoadModel(environment, settings.model_path));
  settings.model = model.get();
  if (arguments.Has("data")) {
    HARNESS_ASSIGN_OR_RETURN(const Signature signature,
                             SignatureOf(model.get()));
    HARNESS_ASSIGN_OR_RETURN(settings.data,
                             OpenData(arguments, "data", signature));
    HARNESS_ASSIGN_OR_RETURN(const std::string identity,
                             settings.data->Identity());
    if (identity != settings.data_identity) {
      return InputError(arguments.Text("data"), "not the study's data",
                        settings.data_identity, identity);
    }
  }
  AbiWorker worker(std::move(settings));
  HARNESS_ASSIGN_OR_RETURN(const TrialWorker::Built built,
                           worker.Build(trial.config));
  const std::string made = Sha256(built.bytes);
  if (made != trial.artifact->sha256) {
    return InputError(store->path(),
                      absl::StrCat("trial ", id, " comes out differently"),
                      trial.artifact->sha256, made);
  }
  const std::string output =
      arguments.Text("output", absl::StrCat("trial-", id, ".onnx"));
  HARNESS_RETURN_IF_ERROR(WriteFile(output, built.bytes));
  Outcome outcome;
  outcome.json = {{"store", store->path()}, {"trial", id},
                  {"label", trial.label},   {"config", ParseJson(trial.config)},
                  {"model", output},        {"size_bytes", built.bytes.size()},
                  {"sha256", made}};
  outcome.text = absl::StrCat(output, "  the same bytes as trial ", id, " (",
                              trial.label, "), sha256 ", made, "\n");
  return outcome;
}

}  // namespace hone::harness
