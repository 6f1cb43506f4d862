// Where a plan's steps run, as JSON.
#ifndef HONE_CAPI_PLACEMENT_H_
#define HONE_CAPI_PLACEMENT_H_

#include <nlohmann/json.hpp>

#include "kernels/exec/plan.h"

namespace hone::capi {

// {"device", "device_steps", "cpu_steps", "device_operators", "cpu_operators"},
// the last two {type: how many}.
nlohmann::ordered_json PlacementJson(const StepPlacement& placement);

}  // namespace hone::capi

#endif  // HONE_CAPI_PLACEMENT_H_
