// The configurations that a sweep tries.
//
//   search:                       # a grid: every combination
//     preset: [performance, mixed]
//     per_channel: [true, false]
//     ignored: [none, depthwise]  # layers left in float, see layers.h
//
// A list of such grids tries them one after the other. Of more combinations
// than `trials`, a seeded sample without repetition is tried, in grid order.
//
//   search:
//     method: accuracy   # goes on by what it measures: accuracy_search.h
//     preset: [performance, mixed]
//
// A method is `grid`, `random` (a grid of which `trials` are drawn) or
// `accuracy`, whose grid is where it starts. `search: METHOD` takes the grid
// that is tried without a search.
#ifndef HONE_HARNESS_SWEEP_SPACE_H_
#define HONE_HARNESS_SWEEP_SPACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/json/json.h"
#include "harness/sweep/layers.h"

namespace hone::harness {

struct TrialConfig {
  std::string label;  // "preset=mixed, ignored=depthwise"
  Json options;       // for hone_options_set_json
};

struct Space {
  std::vector<TrialConfig> trials;
  int64_t combinations = 0;  // of the whole grids
  // What was left out, and why: combinations equal to another one.
  std::vector<std::string> notes;
};

// The search that is used when a recipe has none.
Json DefaultSearch();

enum class SearchMethod { kGrid, kRandom, kAccuracy };

struct SearchPlan {
  SearchMethod method = SearchMethod::kGrid;
  Json grids;  // a grid or a list of grids
};

// `search` is what a recipe has under that key, `method` what the command line
// asks besides ("": nothing). Errors name the key and the nearest method.
absl::StatusOr<SearchPlan> ReadSearch(const Json& search,
                                      const std::string& method,
                                      const std::string& file);

// `search` is a grid or a list of grids; `keys` are the names that a grid may
// have beside `ignored`; `trials` 0 is all. Errors name the key, what is
// accepted and what was found. `file` is for messages.
absl::StatusOr<Space> MakeSpace(const Json& search,
                                const std::vector<std::string>& keys,
                                const std::vector<Layer>& layers,
                                int64_t trials, uint64_t seed,
                                const std::string& file);

// `count` different numbers below n, ascending; the same for the same seed on
// every machine. All of them when count >= n.
std::vector<int64_t> SampleBelow(int64_t n, int64_t count, uint64_t seed);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_SPACE_H_
