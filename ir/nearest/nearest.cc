#include "ir/nearest/nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"

namespace hone {
namespace {

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

absl::string_view NearestName(absl::string_view name,
                              absl::Span<const absl::string_view> candidates) {
  constexpr size_t kLongestName = 64;
  if (name.empty() || name.size() > kLongestName) return "";
  absl::string_view nearest;
  size_t least = name.size() / 3 + 2;
  for (const absl::string_view candidate : candidates) {
    // Somebody who stops early means what begins so.
    const size_t distance =
        absl::StartsWith(candidate, name) ? 0 : EditDistance(candidate, name);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace hone
