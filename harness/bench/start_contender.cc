#include "harness/bench/start_contender.h"

#include <utility>

#include "harness/bench/command_contender.h"
#include "harness/error/error.h"

namespace hone::harness {

absl::StatusOr<std::unique_ptr<Contender>> StartContender(
    const TimedIn& runtime, const std::string& path, const hone_model* model) {
  if (runtime.command.empty()) {
    HARNESS_ASSIGN_OR_RETURN(
        std::unique_ptr<Contender> session,
        SessionContender::Make(runtime.context, model, nullptr, path,
                               runtime.samples));
    return session;
  }
  CommandContender::Settings settings;
  settings.command = runtime.command;
  settings.model = path;
  settings.inputs = runtime.inputs;
  settings.threads = hone_context_threads(runtime.context);
  settings.interrupted = runtime.interrupted;
  settings.warn = runtime.warn;
  HARNESS_ASSIGN_OR_RETURN(std::unique_ptr<Contender> started,
                           CommandContender::Start(std::move(settings)));
  return started;
}

}  // namespace hone::harness
