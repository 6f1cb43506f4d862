#include "harness/verbs/placement.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "harness/cli/quantities.h"
#include "harness/error/error.h"

namespace hone::harness {

absl::StatusOr<Json> PlacementOf(hone_session* session) {
  TextPtr text;
  HARNESS_RETURN_IF_ERROR(
      FromHone(hone_session_placement(session, Out(&text))));
  return ParseJson(ToString(text.get()));
}

std::string PlacementText(const Json& placement) {
  const std::string device = placement.value("device", "cpu");
  if (device == "cpu") return "";
  const int on_device = placement.value("device_steps", 0);
  const int on_cpu = placement.value("cpu_steps", 0);
  std::string out = absl::StrFormat("%s: %d of %d steps", device, on_device,
                                    on_device + on_cpu);
  std::string rest;
  const Json operators = placement.value("cpu_operators", Json::object());
  for (const auto& [name, count] : operators.items()) {
    absl::StrAppend(&rest, rest.empty() ? "" : ", ", name, " ", ToText(count));
  }
  if (!rest.empty()) absl::StrAppend(&out, "; on the CPU: ", rest);
  if (placement.contains("copies")) {
    const Json& copies = placement["copies"];
    absl::StrAppendFormat(
        &out, "; values copied to the device: %d (%s), back: %d (%s)",
        copies.value("to_device", 0),
        BytesText(copies.value("to_device_bytes", 0.0)),
        copies.value("to_host", 0),
        BytesText(copies.value("to_host_bytes", 0.0)));
  }
  return out + "\n";
}

}  // namespace hone::harness
