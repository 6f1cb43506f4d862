// Models that give scores to one row of features: linear ones, support vector
// machines, trees.
#ifndef HONE_KERNELS_EXEC_OPS_ML_ROW_MODEL_H_
#define HONE_KERNELS_EXEC_OPS_ML_ROW_MODEL_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/graph/graph.h"
#include "kernels/exec/ops/ml/post_transform.h"

namespace hone {

struct RowScores {
  std::vector<double> scores;
  size_t label = 0;  // the class's number; of classifiers
  SecondScore second = SecondScore::kNone;
};

class RowModel {
 public:
  virtual ~RowModel() = default;
  // Columns that a row must have at least.
  virtual size_t features() const = 0;
  // False: the model's trees have a circle.
  virtual bool Run(const double* x, RowScores* out) const = 0;
};

// Of LinearClassifier and LinearRegressor, SVMClassifier and SVMRegressor,
// TreeEnsembleClassifier and TreeEnsembleRegressor. `classes`: of a classifier,
// 0 when it names none. Where ONNX leaves a decision open, it is ONNX
// Runtime's. InvalidArgument: attributes that contradict each other.
absl::StatusOr<std::unique_ptr<RowModel>> MakeLinearModel(const Node& node,
                                                          size_t classes);
absl::StatusOr<std::unique_ptr<RowModel>> MakeSvmModel(const Node& node,
                                                       size_t classes);
absl::StatusOr<std::unique_ptr<RowModel>> MakeTreeModel(const Node& node,
                                                        size_t classes);

// The place of the largest, the first of several.
size_t PlaceOfLargest(const std::vector<double>& values);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_ROW_MODEL_H_
