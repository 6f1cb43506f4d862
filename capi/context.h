// hone_context: how work is done.
#ifndef HONE_CAPI_CONTEXT_H_
#define HONE_CAPI_CONTEXT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "algorithms/runner/runner.h"
#include "capi/hone.h"
#include "kernels/exec/accelerator.h"

namespace hone::capi {

// A callback's `user`, destroyed once.
using User = std::shared_ptr<void>;
// With a NULL destroy nothing happens at the end.
User OwnUser(void* user, void (*destroy)(void* user));

inline constexpr char kVersion[] = "0.1.0";

}  // namespace hone::capi

struct hone_cancel {
  std::shared_ptr<std::atomic<bool>> flag;
};

struct hone_context {
  int threads = 0;  // 0: what the machine allows
  uint64_t memory_limit = 0;
  hone_progress_fn progress = nullptr;
  hone::capi::User progress_user;
  hone_log_fn log = nullptr;
  hone::capi::User log_user;
  std::shared_ptr<std::atomic<bool>> cancel;
  std::shared_ptr<hone::Accelerator> accelerator;  // null: the CPU
  std::string device = "cpu";                      // in words
};

namespace hone::capi {

// What `context` (may be NULL) asks of a runner. The context must outlive it.
RunnerOptions RunnerOptionsOf(const hone_context* context);
int ThreadsOf(const hone_context* context);

// Nothing without a context or without its log.
void Log(const hone_context* context, hone_log_level level,
         absl::string_view message);

}  // namespace hone::capi

#endif  // HONE_CAPI_CONTEXT_H_
