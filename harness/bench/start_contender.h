// A model in the runtime that it is timed in: a program, or Hone's own engine.
#ifndef HONE_HARNESS_BENCH_START_CONTENDER_H_
#define HONE_HARNESS_BENCH_START_CONTENDER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/bench/contender.h"
#include "harness/bench/session_contender.h"

namespace hone::harness {

struct TimedIn {
  const hone_context* context = nullptr;
  const std::vector<BenchSample>* samples = nullptr;  // for Hone's engine
  std::string command;  // "": Hone's engine; see command_contender.h
  std::string inputs;   // the InputFolder's path, for a command
  std::function<bool()> interrupted;
  std::function<void(const std::string&)> warn;
};

// `path` is the model's file; `model` may be null where there is a command.
// Samples and context must outlive the contender.
absl::StatusOr<std::unique_ptr<Contender>> StartContender(
    const TimedIn& runtime, const std::string& path, const hone_model* model);

}  // namespace hone::harness

#endif  // HONE_HARNESS_BENCH_START_CONTENDER_H_
