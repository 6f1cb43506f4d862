#include "harness/sweep/sensitivity.h"

#include "absl/strings/match.h"
#include "harness/error/error.h"

namespace hone::harness {

std::string FullyQuantized(const std::string& config) {
  const Json given = ParseJson(config);
  Json out = Json::object();
  for (const auto& [key, value] : given.items()) {
    if (!absl::StartsWith(key, "ignored_")) out[key] = value;
  }
  return CanonicalText(out);
}

absl::StatusOr<Json> KeptSensitivity(Store& store, const std::string& config,
                                     const SensitivityOf& measure) {
  const std::string key = FullyQuantized(config);
  HARNESS_ASSIGN_OR_RETURN(const std::string kept, store.SensitivityOf(key));
  if (!kept.empty()) return ParseJson(kept);
  HARNESS_ASSIGN_OR_RETURN(Json measured, measure(key));
  HARNESS_RETURN_IF_ERROR(store.SetSensitivity(key, ToText(measured)));
  return measured;
}

}  // namespace hone::harness
