#include "capi/placement.h"

#include <string>

namespace hone::capi {

nlohmann::ordered_json PlacementJson(const StepPlacement& placement) {
  return {{"device", placement.device.empty() ? "cpu" : placement.device},
          {"device_steps", placement.device_steps},
          {"cpu_steps", placement.cpu_steps},
          {"device_operators", placement.device_operators},
          {"cpu_operators", placement.cpu_operators}};
}

}  // namespace hone::capi
