// Which steps of a model ran on a device, and what was copied for that.
#ifndef HONE_HARNESS_VERBS_PLACEMENT_H_
#define HONE_HARNESS_VERBS_PLACEMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "harness/abi/handles.h"
#include "harness/json/json.h"

namespace hone::harness {

// hone_session_placement's object.
absl::StatusOr<Json> PlacementOf(hone_session* session);

// "opencl:0: 22 of 24 steps; on the CPU: Cos 1, NonZero 1; copied ...\n", or ""
// where the CPU computes all.
std::string PlacementText(const Json& placement);

}  // namespace hone::harness

#endif  // HONE_HARNESS_VERBS_PLACEMENT_H_
