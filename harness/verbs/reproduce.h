// hone sweep STORE --reproduce TRIAL: the same bytes once more.
#ifndef HONE_HARNESS_VERBS_REPRODUCE_H_
#define HONE_HARNESS_VERBS_REPRODUCE_H_

#include "absl/status/statusor.h"
#include "harness/verbs/verb.h"

namespace hone::harness {

// Quantizes as the trial did, by the study's definition and statistics, and
// writes the model to --output [trial-N.onnx]. Bad input: the float model or
// the statistics are gone or others, the study is another version's, the trial
// is not done; or the bytes come out differently, and nothing is written.
absl::StatusOr<Outcome> RunReproduce(Environment& environment);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_REPRODUCE_H_
