#include "capi/context.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "algorithms/runner/sample_loop.h"
#include "capi/error.h"
#include "ir/error/error.h"
#include "kernels/exec/opencl/accelerator.h"
#include "kernels/threads/thread_pool.h"

namespace hone::capi {
namespace {

struct UserOwner {
  UserOwner() = default;
  UserOwner(const UserOwner&) = delete;
  ~UserOwner() {
    if (destroy != nullptr) destroy(user);
  }
  void* user = nullptr;
  void (*destroy)(void* user) = nullptr;
};

}  // namespace

User OwnUser(void* user, void (*destroy)(void* user)) {
  // Allocated before it owns anything: a failure leaves `user` the caller's.
  auto owner = std::make_shared<UserOwner>();
  owner->user = user;
  owner->destroy = destroy;
  return User(std::move(owner), user);
}

RunnerOptions RunnerOptionsOf(const hone_context* context) {
  RunnerOptions options;
  if (context == nullptr) return options;
  options.threads = context->threads;
  options.memory_limit = context->memory_limit;
  options.cancel = context->cancel.get();
  options.accelerator = context->accelerator;
  if (context->progress != nullptr) {
    options.progress = [context](const Progress& progress) {
      hone_progress c = {};
      c.struct_size = sizeof(c);
      c.stage = progress.stage.c_str();
      c.done = progress.done;
      c.total = progress.total;
      c.elapsed_s = progress.elapsed_s;
      c.eta_s = progress.eta_s;
      context->progress(context->progress_user.get(), &c);
    };
  }
  return options;
}

int ThreadsOf(const hone_context* context) {
  return context == nullptr || context->threads == 0 ? AvailableThreads()
                                                     : context->threads;
}

void Log(const hone_context* context, hone_log_level level,
         absl::string_view message) {
  if (context == nullptr || context->log == nullptr) return;
  context->log(context->log_user.get(), level, std::string(message).c_str());
}

}  // namespace hone::capi

using hone::capi::Guard;
using hone::capi::Misuse;

const char* hone_version(void) { return hone::capi::kVersion; }
int32_t hone_abi_version(void) { return 7; }

hone_error* hone_context_new(hone_context** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return Guard([&] {
    *out = new hone_context;
    return absl::OkStatus();
  });
}

void hone_context_free(hone_context* context) { delete context; }

hone_error* hone_context_set_threads(hone_context* context, int32_t threads) {
  HONE_REQUIRE(context);
  return Guard([&]() -> absl::Status {
    constexpr int32_t kMost = 1024;
    if (threads < 0 || threads > kMost) {
      return Misuse("number of threads", "threads",
                    absl::StrCat("0 (all) to ", kMost), absl::StrCat(threads));
    }
    context->threads = threads;
    return absl::OkStatus();
  });
}

int32_t hone_context_threads(const hone_context* context) {
  return hone::capi::GuardOr(1, [&] { return hone::capi::ThreadsOf(context); });
}

hone_error* hone_context_set_memory_limit(hone_context* context,
                                          uint64_t bytes) {
  HONE_REQUIRE(context);
  context->memory_limit = bytes;
  return nullptr;
}

hone_error* hone_context_set_progress(hone_context* context,
                                      hone_progress_fn progress, void* user,
                                      void (*destroy)(void* user)) {
  HONE_REQUIRE(context);
  return Guard([&] {
    context->progress_user = hone::capi::OwnUser(user, destroy);
    context->progress = progress;
    return absl::OkStatus();
  });
}

hone_error* hone_context_set_log(hone_context* context, hone_log_fn log,
                                 void* user, void (*destroy)(void* user)) {
  HONE_REQUIRE(context);
  return Guard([&] {
    context->log_user = hone::capi::OwnUser(user, destroy);
    context->log = log;
    return absl::OkStatus();
  });
}

hone_error* hone_context_set_device(hone_context* context, const char* device) {
  HONE_REQUIRE(context);
  HONE_REQUIRE(device);
  return Guard([&]() -> absl::Status {
    HONE_ASSIGN_OR_RETURN(hone::AcceleratorChoice choice,
                          hone::MakeAccelerator(device));
    context->accelerator = std::move(choice.accelerator);
    context->device = choice.note.empty() ? "cpu" : std::move(choice.note);
    return absl::OkStatus();
  });
}

const char* hone_context_device(const hone_context* context) {
  return context == nullptr ? "cpu" : context->device.c_str();
}

hone_error* hone_cancel_new(hone_cancel** out) {
  HONE_REQUIRE(out);
  *out = nullptr;
  return Guard([&] {
    *out = new hone_cancel{std::make_shared<std::atomic<bool>>(false)};
    return absl::OkStatus();
  });
}

void hone_cancel_request(hone_cancel* cancel) {
  if (cancel != nullptr) cancel->flag->store(true);
}

void hone_cancel_free(hone_cancel* cancel) { delete cancel; }

hone_error* hone_context_set_cancel(hone_context* context,
                                    const hone_cancel* cancel) {
  HONE_REQUIRE(context);
  context->cancel = cancel == nullptr ? nullptr : cancel->flag;
  return nullptr;
}
