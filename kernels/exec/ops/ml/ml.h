// Kernels of ai.onnx.ml.
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
// ZipMap: float32 [n, classes] or [classes], to a sequence of n maps (or one)
// from the class labels to each row's numbers.
absl::StatusOr<std::unique_ptr<Kernel>> MakeZipMap(const KernelSpec& spec);
// DictVectorizer: a map to [1, words], the value of each word of a list; zero
// or "" where the map has no such key. Keys that are no word are left out.
absl::StatusOr<std::unique_ptr<Kernel>> MakeDictVectorizer(
    const KernelSpec& spec);
// CastMap: a map from integers to float32 or strings, to [1, n] of its values
// in the order of the keys; or, of map_form SPARSE, to [1, max_map], each value
// at its key, keys beyond the end left out. Where there is no value, and how
// floats are written, is ONNX Runtime's: 0, "0.f", six digits behind the point.
// Text must be a number from end to end.
absl::StatusOr<std::unique_ptr<Kernel>> MakeCastMap(const KernelSpec& spec);
// TreeEnsemble of opset 5: floating types.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTreeEnsemble(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_ML_H_
