// Arrays by model input: a .npz file, or a folder of .npy files.
//
// The first axis of every array is the samples'; sample i is a[i], without that
// axis. `label`, `labels` and `label_*` are targets, or the one that
// Preprocessing::labels names. A single other array is the model's only input,
// whatever its name. Stored .npz members and .npy files are mapped, not read.
#ifndef HONE_DATASETS_SOURCES_ARRAYS_H_
#define HONE_DATASETS_SOURCES_ARRAYS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "datasets/dataset/dataset.h"
#include "datasets/preprocess/preprocess.h"

namespace hone::datasets {

// InvalidArgument: a broken array, no array, arrays of different lengths, no
// target of the given name, a preprocessing key that only images understand.
absl::StatusOr<std::shared_ptr<const Dataset>> OpenNpz(
    const std::string& path, const Preprocessing& preprocessing);
absl::StatusOr<std::shared_ptr<const Dataset>> OpenNpyFolder(
    const std::string& path, const Preprocessing& preprocessing);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SOURCES_ARRAYS_H_
