#include "harness/cli/quantity_options.h"

namespace hone::harness {

absl::StatusOr<double> SecondsOf(const Arguments& arguments,
                                 const std::string& key, double otherwise) {
  if (!arguments.Has(key)) return otherwise;
  const auto seconds = ParseDuration(arguments.Text(key));
  if (seconds.ok()) return *seconds;
  return arguments.Bad(key, std::string(seconds.status().message()));
}

absl::StatusOr<std::vector<Bound>> BoundsOf(const Arguments& arguments,
                                            const std::string& key) {
  if (!arguments.Has(key)) return std::vector<Bound>();
  const auto bounds = ParseBounds(arguments.Text(key));
  if (bounds.ok()) return *bounds;
  return arguments.Bad(key, std::string(bounds.status().message()));
}

}  // namespace hone::harness
