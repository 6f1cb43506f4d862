// d.yaml: a SPEC with its preprocessing.
//
//   data: images            # any SPEC, relative to this file's folder
//   resize: 256
//   crop: [224, 224]
//   mean: [123.7, 116.3, 103.5]
#ifndef HONE_DATASETS_SPEC_YAML_H_
#define HONE_DATASETS_SPEC_YAML_H_

#include <string>

#include "absl/status/statusor.h"
#include "datasets/preprocess/preprocess.h"

namespace hone::datasets {

struct DataFile {
  std::string data;
  Preprocessing preprocessing;  // `labels` made relative to the file if it is
                                // the path of an existing file there
};

// InvalidArgument: no YAML map, a key that is unknown or has a bad value (line
// named), no `data`.
absl::StatusOr<DataFile> ReadDataFile(const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SPEC_YAML_H_
