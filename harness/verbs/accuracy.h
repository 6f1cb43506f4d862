// `--max-drop`: quantization that leaves in float what the bounds need.
#ifndef HONE_HARNESS_VERBS_ACCURACY_H_
#define HONE_HARNESS_VERBS_ACCURACY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/cli/quantities.h"
#include "harness/data/bound_data.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

// Every bound's metric, the unnamed one's being the first of `metrics`. Usage:
// a metric that is not measured, or is bounded twice.
absl::StatusOr<std::vector<Bound>> NamedBounds(
    std::vector<Bound> bounds, const std::vector<std::string>& metrics);

struct Controlled {
  ModelPtr model;
  ResultPtr result;
};

// hone_quantize_with_accuracy_control with those metrics; `bounds` are named.
absl::StatusOr<Controlled> QuantizeWithin(
    const Environment& environment, const hone_model* model,
    const hone_dataset* calibration,
    const std::shared_ptr<const BoundData>& eval,
    const std::vector<std::string>& metrics, const std::vector<Bound>& bounds,
    const hone_options* options);

// What it decided, in text; whether the bounds are met.
void SayControl(const Json& report, Outcome* outcome);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_ACCURACY_H_
