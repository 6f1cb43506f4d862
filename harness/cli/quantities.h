// Numbers with units, as they are typed.
#ifndef HONE_HARNESS_CLI_QUANTITIES_H_
#define HONE_HARNESS_CLI_QUANTITIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hone::harness {

// "2GB" (10^9), "512MiB" (2^20), "1.5G", "4096". InvalidArgument otherwise.
absl::StatusOr<uint64_t> ParseBytes(const std::string& text);

// "2h", "90m", "30s", "1h30m", "45" (seconds). In seconds, more than 0.
absl::StatusOr<double> ParseDuration(const std::string& text);

// How far a metric may be worse than the float model's.
struct Bound {
  std::string metric;     // "" is the first metric asked for
  double drop = 0;        // in the metric's own unit, or
  bool relative = false;  // as a share of the float model's value
};
// "0.005", "1%", "top1=0.005,f1=1%". Drops are finite and not negative.
absl::StatusOr<std::vector<Bound>> ParseBounds(const std::string& text);

// Largest drop that `bound` allows beside the float model's `baseline`.
double AllowedDrop(const Bound& bound, double baseline);

// "1.4 MB"; "12.3 s", "2 min 05 s", "1 h 03 min".
std::string BytesText(double bytes);
std::string DurationText(double seconds);

}  // namespace hone::harness

#endif  // HONE_HARNESS_CLI_QUANTITIES_H_
