// ONNX's backend test format: a folder with input_K.pb and output_K.pb, or one
// with test_data_set_N folders of that kind. The messages are handed on as they
// are: whoever knows the model parses them.
#ifndef HONE_DATASETS_SOURCES_ONNX_FOLDER_H_
#define HONE_DATASETS_SOURCES_ONNX_FOLDER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "datasets/dataset/dataset.h"

namespace hone::datasets {

// True for both forms; a single folder counts by its name (test_data_set_*) or
// by an input_0.pb or output_0.pb in it.
bool IsOnnxFolder(const std::string& path);

// Sets in the order of their numbers; inputs and outputs by their numbers. A
// set without inputs is one sample without inputs.
absl::StatusOr<std::shared_ptr<const Dataset>> OpenOnnxFolder(
    const std::string& path);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_SOURCES_ONNX_FOLDER_H_
