// What happens to a model before it is quantized: a sufficient opset, and
// everything folded that would stand between integer operators.
#ifndef HONE_ALGORITHMS_QUANTIZATION_PREPARE_H_
#define HONE_ALGORITHMS_QUANTIZATION_PREPARE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "ir/report/report.h"

namespace hone {

struct PreparedModel {
  Model model;
  Report rows;  // of nodes that were folded, or could not be
  // Labels of the given model's nodes, in its order; nodes without a name have
  // taken their label as one in `model`, so that rows can be matched.
  std::vector<ReportRow> original;
  absl::flat_hash_set<std::string> given_names;
};

// Raises the opset to 14 (13 when 14 is out of reach), folds HardSwish
// patterns, and BatchNormalization and constant Mul and Add into weights.
// Unimplemented: an opset below 10 that cannot be raised.
absl::StatusOr<PreparedModel> PrepareForQuantization(const Model& model);

// One row per original node, in order: what was folded, else what `rows` (of
// the prepared model's nodes) say; rows of new nodes at the end.
Report JoinRows(const PreparedModel& prepared, const Report& rows);

// Takes back the names that PrepareForQuantization gave.
void RemoveGivenNames(const PreparedModel& prepared, Graph* graph);

}  // namespace hone

#endif  // HONE_ALGORITHMS_QUANTIZATION_PREPARE_H_
