// hone_session: a compiled model.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "algorithms/runner/state.h"
#include "capi/context.h"
#include "capi/error.h"
#include "capi/model.h"
#include "capi/options.h"
#include "capi/placement.h"
#include "capi/result.h"
#include "capi/text.h"
#include "capi/value.h"
#include "ir/error/error.h"
#include "kernels/exec/plan.h"
#include "kernels/threads/mutex.h"
#include "kernels/threads/thread_pool.h"

using hone::capi::Guard;
using hone::capi::Misuse;

struct hone_session {
  hone_session(std::shared_ptr<const hone::Plan> compiled, int threads,
               hone::StateLoop links)
      : plan(std::move(compiled)), state(std::move(links)), pool(threads) {}

  std::shared_ptr<const hone::Plan> plan;
  hone::StateLoop state;
  hone::ThreadPool pool;
  std::shared_ptr<std::atomic<bool>> cancel;
  uint64_t memory_limit = 0;
  hone::Mutex mutex;
  // Workspaces that no run uses just now.
  std::vector<std::unique_ptr<hone::Workspace>> idle ABSL_GUARDED_BY(mutex);
  hone::Transfers transfers ABSL_GUARDED_BY(mutex);
};

namespace {

std::unique_ptr<hone::Workspace> Borrow(hone_session* session) {
  hone::MutexLock lock(&session->mutex);
  if (session->idle.empty()) return std::make_unique<hone::Workspace>();
  std::unique_ptr<hone::Workspace> workspace = std::move(session->idle.back());
  session->idle.pop_back();
  return workspace;
}

absl::StatusOr<std::vector<hone::Value>> InputsOf(
    const hone_session* session, const hone_value* const* inputs,
    size_t count) {
  const size_t wanted = session->plan->inputs().size();
  if (count != wanted) {
    return Misuse("number of inputs", "input_count", absl::StrCat(wanted),
                  absl::StrCat(count));
  }
  std::vector<hone::Value> values;
  for (size_t i = 0; i < count; ++i) {
    if (inputs[i] == nullptr) {
      if (session->state.links(session->plan->inputs()[i].name)) {
        values.emplace_back();
        continue;
      }
      return hone::capi::NullArgument(absl::StrCat("inputs[", i, "]"));
    }
    values.push_back(inputs[i]->value);
  }
  return values;
}

// `profile` may be null.
absl::StatusOr<std::vector<hone::Value>> RunPlan(
    hone_session* session, absl::Span<const hone::Value> inputs,
    std::vector<hone::StepTime>* profile) {
  std::unique_ptr<hone::Workspace> workspace = Borrow(session);
  hone::RunOptions run;
  run.pool = &session->pool;
  run.cancel = session->cancel.get();
  run.memory_limit = session->memory_limit;
  workspace->profile = profile;
  workspace->transfers = {};
  HONE_ASSIGN_OR_RETURN(
      std::vector<hone::Value> results,
      session->state.Run(*session->plan, *workspace, inputs, run));
  workspace->profile = nullptr;
  hone::MutexLock lock(&session->mutex);
  const hone::Transfers& copies = workspace->transfers;
  session->transfers.to_device += copies.to_device;
  session->transfers.to_device_bytes += copies.to_device_bytes;
  session->transfers.to_host += copies.to_host;
  session->transfers.to_host_bytes += copies.to_host_bytes;
  session->idle.push_back(std::move(workspace));
  return results;
}

absl::Status Run(hone_session* session, absl::Span<const hone::Value> inputs,
                 hone_value** outputs, size_t output_count) {
  HONE_ASSIGN_OR_RETURN(std::vector<hone::Value> results,
                        RunPlan(session, inputs, nullptr));
  std::vector<std::unique_ptr<hone_value>> made;
  for (hone::Value& result : results) {
    made.push_back(std::make_unique<hone_value>(std::move(result)));
  }
  for (size_t i = 0; i < output_count; ++i) outputs[i] = made[i].release();
  return absl::OkStatus();
}

}  // namespace

hone_error* hone_session_new(const hone_context* context,
                             const hone_model* model,
                             const hone_options* options, hone_session** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(model);
  return Guard([&]() -> absl::Status {
    HONE_RETURN_IF_ERROR(hone::capi::CheckVerb(options, "session"));
    hone::CompileOptions compile;
    compile.reference = hone::capi::GetBool(options, "reference");
    compile.no_fuse = hone::capi::GetList(options, "no_fuse");
    if (context != nullptr) compile.accelerator = context->accelerator;
    HONE_ASSIGN_OR_RETURN(std::shared_ptr<const hone::Plan> plan,
                          hone::Compile(model->model, compile));
    HONE_ASSIGN_OR_RETURN(const std::vector<hone::StateLink> links,
                          hone::capi::GetState(options));
    HONE_ASSIGN_OR_RETURN(hone::StateLoop state,
                          hone::StateLoop::Of(*plan, links));
    auto session = std::make_unique<hone_session>(
        std::move(plan), hone::capi::ThreadsOf(context), std::move(state));
    if (context != nullptr) {
      session->cancel = context->cancel;
      session->memory_limit = context->memory_limit;
    }
    *out = session.release();
    return absl::OkStatus();
  });
}

hone_error* hone_session_run(hone_session* session,
                             const hone_value* const* inputs,
                             size_t input_count, hone_value** outputs,
                             size_t output_count) {
  HONE_REQUIRE(session);
  if (output_count > 0) HONE_REQUIRE(outputs);
  for (size_t i = 0; i < output_count; ++i) outputs[i] = nullptr;
  if (input_count > 0) HONE_REQUIRE(inputs);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const std::vector<hone::Value> values,
                          InputsOf(session, inputs, input_count));
    const size_t made = session->plan->outputs().size();
    if (output_count != made) {
      return Misuse("number of outputs", "output_count", absl::StrCat(made),
                    absl::StrCat(output_count));
    }
    return Run(session, values, outputs, output_count);
  });
}

hone_error* hone_session_profile(hone_session* session,
                                 const hone_value* const* inputs,
                                 size_t input_count, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(session);
  if (input_count > 0) HONE_REQUIRE(inputs);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(const std::vector<hone::Value> values,
                          InputsOf(session, inputs, input_count));
    std::vector<hone::StepTime> steps;
    HONE_RETURN_IF_ERROR(RunPlan(session, values, &steps).status());
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const hone::StepTime& step : steps) {
      json.push_back({{"name", step.node},
                      {"op", step.op_type},
                      {"kernel", step.kernel},
                      {"seconds", step.seconds}});
    }
    *out = hone::capi::NewText(hone::capi::JsonText(json));
    return absl::OkStatus();
  });
}

hone_error* hone_session_placement(hone_session* session, hone_text** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  HONE_REQUIRE(session);
  return Guard([&] {
    nlohmann::ordered_json json =
        hone::capi::PlacementJson(session->plan->placement());
    hone::Transfers copies;
    {
      hone::MutexLock lock(&session->mutex);
      copies = session->transfers;
    }
    json["copies"] = {{"to_device", copies.to_device},
                      {"to_device_bytes", copies.to_device_bytes},
                      {"to_host", copies.to_host},
                      {"to_host_bytes", copies.to_host_bytes}};
    *out = hone::capi::NewText(hone::capi::JsonText(json));
    return absl::OkStatus();
  });
}

void hone_session_free(hone_session* session) { delete session; }
