// Kernels of ai.onnx.ml that take and give tensors. ZipMap, DictVectorizer and
// CastMap, whose values are maps, have none.
#ifndef HONE_KERNELS_EXEC_OPS_ML_ML_H_
#define HONE_KERNELS_EXEC_OPS_ML_ML_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// LabelEncoder of every version: integers, floats and strings on either side.
// CategoryMapper.
absl::StatusOr<std::unique_ptr<Kernel>> MakeLabelEncoder(
    const KernelSpec& spec);
// ArrayFeatureExtractor: numbers and strings.
absl::StatusOr<std::unique_ptr<Kernel>> MakeArrayFeatureExtractor(
    const KernelSpec& spec);
// Binarizer, Scaler, Normalizer, Imputer: numbers.
absl::StatusOr<std::unique_ptr<Kernel>> MakeFeatureMap(const KernelSpec& spec);
// LinearClassifier, SVMClassifier, TreeEnsembleClassifier: numbers, to labels
// and scores.
absl::StatusOr<std::unique_ptr<Kernel>> MakeClassifier(const KernelSpec& spec);
// LinearRegressor, SVMRegressor, TreeEnsembleRegressor: numbers.
absl::StatusOr<std::unique_ptr<Kernel>> MakeRegressor(const KernelSpec& spec);
// OneHotEncoder: numbers and strings.
absl::StatusOr<std::unique_ptr<Kernel>> MakeOneHotEncoder(
    const KernelSpec& spec);
// FeatureVectorizer: numbers.
absl::StatusOr<std::unique_ptr<Kernel>> MakeFeatureVectorizer(
    const KernelSpec& spec);
// TreeEnsemble of opset 5: floating types.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTreeEnsemble(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_ML_H_
