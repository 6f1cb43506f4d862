#include "harness/cli/quantities.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace hone::harness {
namespace {

// Splits "12.5kB" into 12.5 and "kb".
bool NumberAndUnit(absl::string_view text, double* number, std::string* unit,
                   absl::string_view* rest) {
  size_t end = 0;
  while (end < text.size() &&
         (absl::ascii_isdigit(text[end]) || text[end] == '.')) {
    ++end;
  }
  if (end == 0 || !absl::SimpleAtod(text.substr(0, end), number)) return false;
  size_t after = end;
  while (after < text.size() && absl::ascii_isalpha(text[after])) ++after;
  *unit = absl::AsciiStrToLower(text.substr(end, after - end));
  *rest = text.substr(after);
  return true;
}

absl::Status Bad(absl::string_view expected) {
  return absl::InvalidArgumentError(expected);
}

}  // namespace

absl::StatusOr<uint64_t> ParseBytes(const std::string& text) {
  double number = 0;
  std::string unit;
  absl::string_view rest;
  const absl::Status bad = Bad("a size such as 2GB or 512MiB");
  if (!NumberAndUnit(text, &number, &unit, &rest) || !rest.empty()) return bad;
  static constexpr struct {
    const char* unit;
    double bytes;
  } kUnits[] = {{"", 1},
                {"b", 1},
                {"k", 1e3},
                {"kb", 1e3},
                {"m", 1e6},
                {"mb", 1e6},
                {"g", 1e9},
                {"gb", 1e9},
                {"t", 1e12},
                {"tb", 1e12},
                {"kib", 1024.0},
                {"mib", 1048576.0},
                {"gib", 1073741824.0},
                {"tib", 1099511627776.0}};
  for (const auto& entry : kUnits) {
    if (unit != entry.unit) continue;
    const double bytes = number * entry.bytes;
    if (!(bytes >= 1 && bytes < 9e18)) return bad;
    return static_cast<uint64_t>(bytes);
  }
  return bad;
}

absl::StatusOr<double> ParseDuration(const std::string& text) {
  const absl::Status bad = Bad("a time such as 2h, 90m, 1h30m or 30s");
  absl::string_view rest = text;
  double seconds = 0;
  do {
    double number = 0;
    std::string unit;
    if (!NumberAndUnit(rest, &number, &unit, &rest)) return bad;
    const double factor = unit == "h"                    ? 3600
                          : unit == "m" || unit == "min" ? 60
                          : unit == "s" || unit.empty()  ? 1
                          : unit == "d"                  ? 86400
                                                         : 0;
    if (factor == 0) return bad;
    seconds += number * factor;
  } while (!rest.empty());
  if (!(seconds > 0 && seconds < 1e9)) return bad;
  return seconds;
}

absl::StatusOr<std::vector<Bound>> ParseBounds(const std::string& text) {
  const absl::Status bad = Bad(
      "a drop such as 0.005 or 1%, or METRIC=DROP,METRIC=DROP, none negative");
  std::vector<Bound> bounds;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    Bound bound;
    const size_t equals = part.find('=');
    if (equals != absl::string_view::npos) {
      bound.metric = std::string(part.substr(0, equals));
      part.remove_prefix(equals + 1);
    }
    bound.relative = absl::ConsumeSuffix(&part, "%");
    if (!absl::SimpleAtod(part, &bound.drop) || !std::isfinite(bound.drop) ||
        bound.drop < 0) {
      return bad;
    }
    if (bound.relative) bound.drop /= 100;
    bounds.push_back(bound);
  }
  return bounds;
}

double AllowedDrop(const Bound& bound, double baseline) {
  return bound.relative ? bound.drop * std::fabs(baseline) : bound.drop;
}

std::string BytesText(double bytes) {
  // An axis that ends a rounding error below zero is not "-0 B".
  if (bytes < 1e3) return absl::StrFormat("%.0f B", std::max(0.0, bytes));
  if (bytes < 1e6) return absl::StrFormat("%.1f kB", bytes / 1e3);
  if (bytes < 1e9) return absl::StrFormat("%.2f MB", bytes / 1e6);
  return absl::StrFormat("%.2f GB", bytes / 1e9);
}

std::string DurationText(double seconds) {
  if (seconds < 9.95) return absl::StrFormat("%.1f s", seconds);
  const int64_t whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return absl::StrFormat("%d s", whole);
  if (whole < 3600) {
    return absl::StrFormat("%d min %02d s", whole / 60, whole % 60);
  }
  return absl::StrFormat("%d h %02d min", whole / 3600, whole % 3600 / 60);
}

}  // namespace hone::harness
