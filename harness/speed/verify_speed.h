// `--verify-speed`: measures what integers pay in the runtime that will run the
// model, and leaves in float what does not.
#ifndef HONE_HARNESS_SPEED_VERIFY_SPEED_H_
#define HONE_HARNESS_SPEED_VERIFY_SPEED_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/hone.h"
#include "harness/abi/handles.h"
#include "harness/bench/session_contender.h"
#include "harness/data/signature.h"
#include "harness/json/json.h"

namespace hone::harness {

struct QuantizedCandidate {
  ModelPtr model;
  Json nodes;  // the report's rows
};

struct SpeedSettings {
  const hone_context* context = nullptr;
  std::string command;     // "prog {model}", see bench/command_contender.h; "":
                           // Hone's own engine
  std::string model_path;  // of the float model
  const hone_model* model = nullptr;  // the same
  const Signature* signature = nullptr;
  const std::vector<BenchSample>* samples = nullptr;
  // Quantizes with these nodes left in float besides.
  std::function<absl::StatusOr<QuantizedCandidate>(
      const std::vector<std::string>&)>
      quantize;
  std::function<bool()> interrupted;
  std::function<void(const std::string&)> warn;
  // What is measured, how many measurements so far.
  std::function<void(const std::string&, int)> progress;
  int most_measurements = 40;
};

struct SpeedResult {
  std::vector<std::string> in_float;  // names of nodes
  bool faster = false;                // than the float model
  // {"engine", "ratio", "ratio_low", "ratio_high", "faster", "conclusive",
  // "in_float": [names], "decisions": [{"group", "to", "ratio", "kept"}]}
  Json json;
  std::string text;
};

// Nodes without a name of their own cannot be chosen and stay as they are.
absl::StatusOr<SpeedResult> VerifySpeed(const SpeedSettings& settings);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SPEED_VERIFY_SPEED_H_
