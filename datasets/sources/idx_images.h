// Pictures in IDX files: images (uint8 [N, H, W], or [N, H, W, 3] as RGB) and
// labels ([N], any integer), held in memory. The sample is what Preprocess
// makes of a picture, the target "label" a scalar int64.
#ifndef HONE_DATASETS_SOURCES_IDX_IMAGES_H_
#define HONE_DATASETS_SOURCES_IDX_IMAGES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "datasets/dataset/dataset.h"
#include "datasets/preprocess/preprocess.h"

namespace hone::datasets {

// `labels` may be empty: then there are no targets. InvalidArgument: files that
// are not of the above form, or of different counts.
absl::StatusOr<std::shared_ptr<const Dataset>> OpenIdxImages(
    const std::string& images, const std::string& labels,
    const Preprocessing& preprocessing);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SOURCES_IDX_IMAGES_H_
