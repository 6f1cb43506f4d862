// Writes ONNX models.
//
//   HONE_RETURN_IF_ERROR(WriteModel(model, "small.onnx"));
//
// The same model gives the same bytes. Weights are streamed from where they
// lie, so writing takes memory for the graph's structure only, and a model may
// be written over the very file that its tensors view. The file appears whole
// or not at all (see atomic_file.h); with external data, the data file is
// published just before the model.
#ifndef HONE_IR_ONNX_WRITE_MODEL_H_
#define HONE_IR_ONNX_WRITE_MODEL_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/graph/graph.h"

namespace hone {

// Protobuf messages end at 2 GiB.
inline constexpr uint64_t kLargestModelFile = (uint64_t{1} << 31) - 1;

struct WriteOptions {
  enum class External {
    kAuto,    // when the file would be larger than `inline_limit`
    kNever,   // then too large a file is an error
    kAlways,  // every tensor of at least `external_min_bytes`
  };
  External external = External::kAuto;
  uint64_t inline_limit = kLargestModelFile;
  uint64_t external_min_bytes = 1024;
  // Name of the data file, beside the model; "" stands for the model's name
  // and ".data".
  std::string external_file;
};

// ResourceExhausted: disk full. PermissionDenied, NotFound (no such folder).
// InvalidArgument: too large for kNever, or external_file is no plain name.
// Errors name the file, and leave what was there before.
absl::Status WriteModel(const Model& model, const std::string& path,
                        const WriteOptions& options = {});

// Bytes of the file that WriteModel would write with all data inline. O(nodes).
uint64_t ModelByteSize(const Model& model);

// All data inline. InvalidArgument: larger than kLargestModelFile.
absl::StatusOr<std::string> WriteModelToBytes(const Model& model);

}  // namespace hone

#endif  // HONE_IR_ONNX_WRITE_MODEL_H_
