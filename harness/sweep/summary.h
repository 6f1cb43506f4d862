// What a study shows: its trials, their Pareto front, the best of them.
#ifndef HONE_HARNESS_SWEEP_SUMMARY_H_
#define HONE_HARNESS_SWEEP_SUMMARY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/cli/quantities.h"
#include "harness/json/json.h"
#include "harness/store/store.h"

namespace hone::harness {

struct Summary {
  Json definition;
  std::vector<Trial> trials;
  std::string metric;  // the one that decides
  bool higher_is_better = true;
  // Indices into trials. The front is that of quantized trials, by the deciding
  // metric on the eval data, the file's size (in thousandths of the float
  // model's), and the latency where it was measured; ascending by size.
  std::vector<size_t> front;
  std::optional<size_t> best;
  // Where they were made: the float model's nodes (inspect's "nodes"), and by
  // trial what hone_compare found of it beside the float model.
  Json graph;
  std::map<int64_t, Json> comparisons;
  // hone_sensitivity's result for the best trial's settings, or null.
  Json sensitivity;
  // With a bound, whether a trial of the front meets all of them.
  bool met = true;
};

// The best is the front's highest value of the deciding metric (lowest, where
// lower is better); with `bounds`, the smallest file of all trials whose drops
// from the float model are within every bound, or in an accuracy search the
// one with the fewest layers in float.
absl::StatusOr<Summary> Summarize(Store& store,
                                  const std::vector<Bound>& bounds);

// The members that CLI.md documents for `sweep`. `folder` is the study's.
Json SummaryJson(const Summary& summary, const std::string& folder);

// The float model and the front as a table for a terminal.
std::string SummaryTable(const Summary& summary);

}  // namespace hone::harness

#endif  // HONE_HARNESS_SWEEP_SUMMARY_H_
