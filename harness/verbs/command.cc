#include "harness/verbs/command.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/help.h"
#include "harness/cli/nearest.h"
#include "harness/cli/quantities.h"
#include "harness/error/error.h"
#include "harness/files/files.h"
#include "harness/report/nodes_page.h"
#include "harness/verbs/verbs.h"

namespace hone::harness {
namespace {

constexpr const char* kDeviceVerbs[] = {"run", "eval", "bench", "statistics",
                                        "inspect"};

std::atomic<hone_cancel*> signal_target{nullptr};
std::atomic<int> signals{0};

void OnSignal(int) {
  if (signals.fetch_add(1) > 0) _exit(130);
  if (hone_cancel* cancel = signal_target.load()) hone_cancel_request(cancel);
}

void OnProgress(void* user, const hone_progress* progress) {
  static_cast<Progress*>(user)->Update(progress->stage, progress->done,
                                       progress->total, progress->eta_s);
}

void OnLog(void* user, hone_log_level level, const char* message) {
  Progress* progress = static_cast<Progress*>(user);
  if (level <= HONE_LOG_WARNING) {
    progress->Warning(message);
  } else {
    progress->Note(message);
  }
}

// Prints to stdout; a reader that has gone is an error as any other.
absl::Status Print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    return IoError("stdout", "cannot write", errno);
  }
  return absl::OkStatus();
}

int Fail(const absl::Status& status, bool json) {
  if (json) Print(FailureJson(status) + "\n").IgnoreError();
  const Failure failure = FailureOf(status);
  absl::FPrintF(stderr, "%s: %s\n",
                failure.code == "cancelled" ? "interrupted" : "error",
                failure.message);
  return ExitCode(status);
}

absl::StatusOr<VerbSpec> SpecificationOf(const Verb& verb) {
  HARNESS_ASSIGN_OR_RETURN(VerbSpec spec, verb.specification());
  spec.name = verb.name;
  spec.summary = verb.summary;
  AppendOptions(EverywhereOptions(), &spec.options);
  return spec;
}

std::string OverviewText() {
  std::vector<VerbSpec> rows;
  for (const Verb& verb : Verbs()) {
    VerbSpec row;
    row.name = verb.name;
    row.summary = verb.summary;
    rows.push_back(std::move(row));
  }
  return Overview(rows);
}

absl::StatusOr<const Verb*> FindVerb(const std::string& name) {
  std::vector<std::string> names;
  for (const Verb& verb : Verbs()) {
    if (name == verb.name) return &verb;
    names.push_back(verb.name);
  }
  for (const std::string& later : LaterVerbs()) {
    if (name == later) {
      return UsageError(absl::StrCat("hone ", name, ": not in this version"));
    }
  }
  return UsageError(absl::StrCat("hone: no verb '", name, "'; the nearest is ",
                                 Nearest(name, names),
                                 " (hone --help lists all)"));
}

absl::StatusOr<std::string> HelpText(const std::string& topic) {
  if (topic.empty()) return OverviewText();
  if (topic == "options") {
    VerbSpec all;
    all.name = "options";
    all.summary = "Every option of the library, as keys of recipes too.";
    HARNESS_ASSIGN_OR_RETURN(all.options, AbiOptions(nullptr, "Options"));
    all.examples = {"hone quantize --help", "hone inspect --help"};
    return HelpOf(all);
  }
  HARNESS_ASSIGN_OR_RETURN(const Verb* verb, FindVerb(topic));
  HARNESS_ASSIGN_OR_RETURN(const VerbSpec spec, SpecificationOf(*verb));
  return HelpOf(spec);
}

absl::StatusOr<ContextPtr> MakeContext(const Arguments& arguments,
                                       Progress* progress,
                                       const hone_cancel* cancel) {
  ContextPtr context;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_context_new(Out(&context))));
  HARNESS_ASSIGN_OR_RETURN(const int64_t threads,
                           arguments.Int("threads", 0, 0, 4096));
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_context_set_threads(context.get(), static_cast<int32_t>(threads))));
  if (arguments.Has("memory_limit")) {
    const auto bytes = ParseBytes(arguments.Text("memory_limit"));
    if (!bytes.ok()) {
      return arguments.Bad("memory_limit",
                           std::string(bytes.status().message()));
    }
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_context_set_memory_limit(context.get(), *bytes)));
  }
  const std::string device = arguments.Text("device", "cpu");
  if (device != "cpu") {
    HARNESS_RETURN_IF_ERROR(
        FromHone(hone_context_set_device(context.get(), device.c_str())));
  }
  HARNESS_RETURN_IF_ERROR(FromHone(
      hone_context_set_progress(context.get(), OnProgress, progress, nullptr)));
  if (arguments.Flag("verbose")) {
    HARNESS_RETURN_IF_ERROR(FromHone(
        hone_context_set_log(context.get(), OnLog, progress, nullptr)));
  }
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_context_set_cancel(context.get(), cancel)));
  return context;
}

absl::Status WriteReport(const std::string& path, const std::string& title,
                         const Json& json) {
  if (absl::EndsWith(path, ".json")) {
    return WriteFile(path, ToText(json, 1) + "\n");
  }
  return WriteFile(path, NodesPage(title, json));
}

// Only verbs that run models as they are know devices.
absl::Status CheckDevice(const Verb& verb, const Arguments& arguments) {
  const std::string device = arguments.Text("device", "cpu");
  if (device == "cpu") return absl::OkStatus();
  std::string names;
  for (const char* known : kDeviceVerbs) {
    if (absl::string_view(verb.name) == known) return absl::OkStatus();
    absl::StrAppend(&names, names.empty() ? "" : ", ", known);
  }
  return UsageError(absl::StrCat("--device ", device, ": hone ", verb.name,
                                 " computes on the CPU (devices are for ",
                                 names, ")"));
}

absl::StatusOr<int> Execute(const Verb& verb, const Arguments& arguments) {
  HARNESS_RETURN_IF_ERROR(CheckDevice(verb, arguments));
  const auto mode = ParseProgressMode(arguments.Text("progress", "auto"));
  if (!mode.ok()) {
    return arguments.Bad("progress", std::string(mode.status().message()));
  }
  const std::string report = arguments.Text("report");
  if (!report.empty() && !absl::EndsWith(report, ".json") &&
      !absl::EndsWith(report, ".html")) {
    return arguments.Bad("report", "a name that ends in .json or .html");
  }
  Progress progress(stderr, *mode, arguments.Flag("quiet"));
  CancelPtr cancel;
  HARNESS_RETURN_IF_ERROR(FromHone(hone_cancel_new(Out(&cancel))));
  signal_target = cancel.get();
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A reader that has gone makes writing fail, which is reported.
  signal(SIGPIPE, SIG_IGN);
  absl::StatusOr<Outcome> outcome = Outcome();
  {
    HARNESS_ASSIGN_OR_RETURN(const ContextPtr context,
                             MakeContext(arguments, &progress, cancel.get()));
    Environment environment{
        arguments, context.get(), &progress, [] { return signals.load() > 0; },
        [&](int threads) -> absl::StatusOr<ContextPtr> {
          HARNESS_ASSIGN_OR_RETURN(
              ContextPtr more, MakeContext(arguments, &progress, cancel.get()));
          HARNESS_RETURN_IF_ERROR(
              FromHone(hone_context_set_threads(more.get(), threads)));
          HARNESS_RETURN_IF_ERROR(FromHone(hone_context_set_progress(
              more.get(), nullptr, nullptr, nullptr)));
          return more;
        }};
    const std::string device = hone_context_device(context.get());
    if (absl::StartsWith(device, "auto")) {
      progress.Warning(device);
    } else if (device != "cpu") {
      progress.Note(device);
    }
    outcome = verb.run(environment);
    if (outcome.ok() && arguments.Has("device")) {
      outcome->json["device"] = device;
    }
  }
  signal_target = nullptr;
  progress.Clear();
  if (!outcome.ok()) return outcome.status();
  if (!report.empty()) {
    HARNESS_RETURN_IF_ERROR(WriteReport(
        report, absl::StrCat("hone ", verb.name, " ", arguments.positional(0)),
        outcome->json));
  }
  HARNESS_RETURN_IF_ERROR(Print(
      arguments.Flag("json") ? ToText(outcome->json) + "\n" : outcome->text));
  if (!outcome->refused.empty()) {
    progress.Warning(outcome->refused);
    return kExitRefused;
  }
  return outcome->met ? kExitDone : kExitBoundNotMet;
}

absl::StatusOr<int> Run(const std::vector<std::string>& words) {
  const std::string first = words.empty() ? "--help" : words[0];
  if (first == "--version") {
    HARNESS_RETURN_IF_ERROR(Print(absl::StrCat("hone ", hone_version(), "\n")));
    return kExitDone;
  }
  if (first == "--help" || first == "-h" || first == "help") {
    HARNESS_ASSIGN_OR_RETURN(const std::string text,
                             HelpText(words.size() > 1 ? words[1] : ""));
    HARNESS_RETURN_IF_ERROR(Print(text));
    return kExitDone;
  }
  HARNESS_ASSIGN_OR_RETURN(const Verb* verb, FindVerb(first));
  HARNESS_ASSIGN_OR_RETURN(const VerbSpec spec, SpecificationOf(*verb));
  HARNESS_ASSIGN_OR_RETURN(
      const Arguments arguments,
      ParseArguments(spec, {words.begin() + 1, words.end()}));
  if (arguments.Flag("help")) {
    HARNESS_RETURN_IF_ERROR(Print(HelpOf(spec)));
    return kExitDone;
  }
  return Execute(*verb, arguments);
}

}  // namespace

int RunCommand(const std::vector<std::string>& words) {
  const absl::StatusOr<int> code = Run(words);
  if (code.ok()) return *code;
  // Errors obey --json even when the line could not be parsed.
  const bool json =
      std::find(words.begin(), words.end(), "--json") != words.end();
  return Fail(code.status(), json);
}

}  // namespace hone::harness
