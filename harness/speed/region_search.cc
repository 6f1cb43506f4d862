#include "harness/speed/region_search.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "harness/error/error.h"

namespace hone::harness {

std::vector<SpeedGroup> GroupsOf(const std::vector<std::string>& kinds,
                                 int least) {
  std::vector<SpeedGroup> groups;
  std::map<std::string, std::vector<int>> by_kind;
  const int count = static_cast<int>(kinds.size());
  for (int i = 0; i < count; ++i) by_kind[kinds[i]].push_back(i);
  if (by_kind.size() > 1) {
    for (auto& [kind, layers] : by_kind) {
      groups.push_back({absl::StrCat("kind ", kind), std::move(layers)});
    }
  }
  for (int parts = 2; count / parts >= std::max(least, 1); parts *= 2) {
    for (int p = 0; p < parts; ++p) {
      const int begin = count * p / parts, end = count * (p + 1) / parts;
      SpeedGroup group;
      group.name =
          absl::StrCat("layers ", begin + 1, " to ", end, " of ", count);
      for (int i = begin; i < end; ++i) group.layers.push_back(i);
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

absl::StatusOr<SpeedSearch> SearchRegions(const std::vector<SpeedGroup>& groups,
                                          size_t layers, int most,
                                          const MeasureSpeed& measure) {
  SpeedSearch search;
  search.best.assign(layers, false);
  if (layers == 0 || most < 1) return search;
  const auto attempt = [&](const std::string& name, const InFloat& candidate,
                           bool to_float, bool in_doubt) -> absl::Status {
    HARNESS_ASSIGN_OR_RETURN(const SpeedRatio ratio,
                             measure(candidate, search.best));
    const bool kept = ratio.faster || (in_doubt && ratio.value < 1);
    search.decisions.push_back({name, to_float, ratio.value, kept});
    if (kept) search.best = candidate;
    return absl::OkStatus();
  };
  // Which side to begin on needs no certainty.
  HARNESS_RETURN_IF_ERROR(
      attempt("all layers", InFloat(layers, true), true, true));
  const bool target = !search.best[0];
  for (const SpeedGroup& group : groups) {
    if (static_cast<int>(search.decisions.size()) >= most) break;
    InFloat candidate = search.best;
    for (const int layer : group.layers) candidate[layer] = target;
    if (candidate == search.best) continue;
    HARNESS_RETURN_IF_ERROR(attempt(group.name, candidate, target, false));
  }
  return search;
}

}  // namespace hone::harness
