// Kernels of ai.onnx.ml that take and give tensors. ZipMap, DictVectorizer and
// CastMap, whose values are maps, have none; nor have the support vector
// machines and the older tree ensembles.
#ifndef HONE_KERNELS_EXEC_OPS_ML_ML_H_
#define HONE_KERNELS_EXEC_OPS_ML_ML_H_

#include <memory>

#include "absl/status/statusor.h"
#include "kernels/exec/kernel.h"

namespace hone {

// LabelEncoder of every version: integers, floats and strings on either side.
absl::StatusOr<std::unique_ptr<Kernel>> MakeLabelEncoder(
    const KernelSpec& spec);
// ArrayFeatureExtractor: numbers and strings.
absl::StatusOr<std::unique_ptr<Kernel>> MakeArrayFeatureExtractor(
    const KernelSpec& spec);
// Binarizer, Scaler, Normalizer, Imputer, LinearRegressor: numbers.
absl::StatusOr<std::unique_ptr<Kernel>> MakeFeatureMap(const KernelSpec& spec);
// TreeEnsemble of opset 5: floating types.
absl::StatusOr<std::unique_ptr<Kernel>> MakeTreeEnsemble(
    const KernelSpec& spec);

}  // namespace hone

#endif  // HONE_KERNELS_EXEC_OPS_ML_ML_H_
