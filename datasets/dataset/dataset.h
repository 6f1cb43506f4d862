// Samples by number: what calibration and evaluation read.
//
//   absl::StatusOr<std::shared_ptr<const Dataset>> data =
//       Open("idx:images.gz,labels.gz@0:300", {});
//   absl::StatusOr<Sample> sample = (*data)->Get(7);
//
// A Dataset is immutable and thread-safe; what does not fit in memory is read
// when it is asked for.
#ifndef HONE_DATASETS_DATASET_DATASET_H_
#define HONE_DATASETS_DATASET_DATASET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "datasets/array/array.h"

namespace hone::datasets {

// A value as ONNX's test data has it: a serialised TensorProto, SequenceProto
// or OptionalProto; which one, the model's input or output of that number says.
struct ValueProto {
  int index = 0;  // of the model's input or output
  std::string file;
  std::string bytes;
};

struct Sample {
  std::string name;  // for messages: a file, or "x.npz[17]"
  // By model input; the name "" is the model's only input. One sample: without
  // the batch axis, unless the array has an axis for it (see FitToRank).
  std::vector<NamedArray> inputs;
  std::vector<NamedArray> targets;  // labels, ...; empty when there are none
  // Of ONNX test folders, instead of the above.
  std::vector<ValueProto> input_protos;
  std::vector<ValueProto> expected_protos;
};

class Dataset {
 public:
  virtual ~Dataset() = default;

  virtual int64_t size() const = 0;
  // OutOfRange: no such index. InvalidArgument, NotFound: the sample cannot be
  // read; names the file, what was expected and found.
  virtual absl::StatusOr<Sample> Get(int64_t index) const = 0;
  // A hash of the sample's contents before preprocessing.
  virtual absl::StatusOr<std::string> Fingerprint(int64_t index) const = 0;
  // Everything that decides what Get makes of the contents, as one line.
  virtual std::string preprocessing() const { return ""; }
  virtual bool has_targets() const = 0;
  // True when the samples are invented: accuracy on them means nothing.
  virtual bool synthetic() const { return false; }
};

// Names data and preprocessing: 32 hexadecimal digits, equal exactly when all
// samples' contents (in order) and the preprocessing are. Reads every sample.
absl::StatusOr<std::string> Identity(const Dataset& data);

// Samples first to last - 1. InvalidArgument unless 0 <= first < last <= size.
absl::StatusOr<std::shared_ptr<const Dataset>> Slice(
    std::shared_ptr<const Dataset> data, int64_t first, int64_t last);

// `count` different samples spread over the set: one drawn from each of `count`
// equal parts, ascending. All of them when there are not more. Requires count
// >= 1. The same seed picks the same samples on every machine.
std::shared_ptr<const Dataset> Subset(std::shared_ptr<const Dataset> data,
                                      int64_t count, uint64_t seed);

// XXH3-128 as 32 hexadecimal digits.
std::string HashBytes(absl::Span<const std::byte> bytes);
std::string HashText(absl::string_view text);

// The error of an index that is not in [0, size).
absl::Status CheckIndex(int64_t index, int64_t size);

}  // namespace hone::datasets

#endif  // HONE_DATASETS_DATASET_DATASET_H_
