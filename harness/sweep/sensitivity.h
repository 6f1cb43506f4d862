// What each layer costs the outputs, kept with the study.
#ifndef HONE_HARNESS_SWEEP_SENSITIVITY_H_
#define HONE_HARNESS_SWEEP_SENSITIVITY_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "harness/json/json.h"
#include "harness/store/store.h"

namespace hone::harness {

// The configuration without what it leaves in float: what sensitivities are
// known by.
std::string FullyQuantized(const std::string& config);

// hone_sensitivity's result of a configuration.
using SensitivityOf =
    std::function<absl::StatusOr<Json>(const std::string& config)>;

// What the store has of FullyQuantized(config), or `measure`s it and keeps it
// there.
absl::StatusOr<Json> KeptSensitivity(Store& store, const std::string& config,
                                     const SensitivityOf& measure);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_SENSITIVITY_H_
