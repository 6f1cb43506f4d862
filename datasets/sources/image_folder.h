// A folder of pictures. With subfolders, each is a class, numbered in sorted
// order; else `labels.csv` (or Preprocessing::labels) gives lines "file,class";
// else there are no targets. Pictures are decoded when they are asked for.
//
// Classes in a CSV that are all whole numbers are taken as they are; else the
// different names are numbered in sorted order. A first line "file,class" is a
// heading. Files that are named otherwise than pictures are left out.
#ifndef HONE_DATASETS_SOURCES_IMAGE_FOLDER_H_
#define HONE_DATASETS_SOURCES_IMAGE_FOLDER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "datasets/dataset/dataset.h"
#include "datasets/preprocess/preprocess.h"

namespace hone::datasets {

// InvalidArgument: no pictures, a CSV that cannot be read (line named).
// Unimplemented: COCO's annotations.json and masks.
absl::StatusOr<std::shared_ptr<const Dataset>> OpenImageFolder(
    const std::string& path, const Preprocessing& preprocessing);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SOURCES_IMAGE_FOLDER_H_
